using System.Text.Json;

namespace Tidekeeper.Model.Kubernetes;

/// <summary>The states of a pod's containers, drawn together to what a person would look at first.</summary>
internal sealed class PodContainers
{
    public int Restarts { get; private set; }
    public string WaitingReason { get; private set; } = "";
    public string WaitingMessage { get; private set; } = "";
    public string TerminationReason { get; private set; } = "";
    public int? ExitCode { get; private set; }

    public static PodContainers Read(JsonElement status)
    {
        var read = new PodContainers();
        foreach (var container in status.Items("initContainerStatuses")) read.Add(container, isInit: true);
        foreach (var container in status.Items("containerStatuses")) read.Add(container, isInit: false);
        return read;
    }

    private void Add(JsonElement container, bool isInit)
    {
        Restarts = Math.Max(Restarts, container.Number("restartCount"));
        var state = container.At("state");
        if (state.At("waiting") is { ValueKind: JsonValueKind.Object } waiting && TellsMore(waiting.Text("reason")))
        {
            WaitingReason = waiting.Text("reason");
            WaitingMessage = waiting.Text("message");
        }

        // An init container that ended well is no news.
        var ended = container.At("lastState", "terminated") is { ValueKind: JsonValueKind.Object } last
            ? last
            : state.At("terminated");
        if (ExitCode is not null || ended.ValueKind != JsonValueKind.Object) return;
        if (isInit && ended.Number("exitCode") == 0) return;
        TerminationReason = ended.Text("reason");
        ExitCode = ended.Number("exitCode");
    }

    // The first reason counts, except that a real trouble beats the ordinary waits of a pod that is being made.
    private bool TellsMore(string reason) =>
        WaitingReason.Length == 0 || (IsOrdinary(WaitingReason) && !IsOrdinary(reason));

    private static bool IsOrdinary(string reason) => reason is "" or "ContainerCreating" or "PodInitializing";
}
