using System.Text.Json.Nodes;
using Tidekeeper.Playground.Controllers;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Nodes;

/// <summary>
/// One container of a pod over all its restarts: what it does now, how it ended before, when it may start again.
/// </summary>
internal sealed class ContainerRun(JsonObject spec, bool isInit)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan ForgivenAfter = TimeSpan.FromMinutes(10);
    private TimeSpan _pause = FirstPause;

    public JsonObject Spec => spec;
    public string Name { get; } = spec.Text("name") ?? "";
    public bool IsInit => isInit;
    public bool IsSidecar { get; } = isInit && spec.Text("restartPolicy") == "Always";

    /// <summary>Null while nothing runs.</summary>
    public IRunningProgram? Program { get; private set; }

    /// <summary>Whether its program or one of its probes may have to act before its time.</summary>
    public bool HasNews => Program is not null && (Program.HasNews || Startup is { HasNews: true }
        || Readiness is { HasNews: true } || Liveness is { HasNews: true });

    public Probe? Startup { get; private set; }
    public Probe? Readiness { get; private set; }
    public Probe? Liveness { get; private set; }
    public long Restarts { get; set; }
    public DateTimeOffset StartedAt { get; private set; }

    /// <summary>
    /// Reason and message while it waits; the reason is PodInitializing or ContainerCreating at first.
    /// </summary>
    public (string Reason, string? Message) Waiting { get; set; } = ("ContainerCreating", null);

    /// <summary>The <c>terminated</c> part of the state, when it has ended.</summary>
    public JsonObject? Ended { get; private set; }

    /// <summary>How it ended before the last restart.</summary>
    public JsonObject? EndedBefore { get; set; }

    /// <summary>When it may be started again after it has ended.</summary>
    public DateTimeOffset RestartAt { get; private set; }

    public string Id { get; private set; } = "";
    public bool IsRunning => Program is not null;
    public bool Succeeded => Ended is not null && Ended.Number("exitCode") == 0;
    public bool IsBackingOff => Ended is not null && Waiting.Reason == "CrashLoopBackOff";
    public bool HasStarted => IsRunning && (Startup is null || Startup.Passes == true);
    public bool IsReady => HasStarted && (Readiness is null || Readiness.Passes == true);

    /// <summary>All that a status tells of it: while the face is the same, so is the status.</summary>
    public ContainerFace Face => new(
        Id, IsRunning, HasStarted, IsReady, StartedAt, Restarts, Waiting.Reason, Waiting.Message, Ended, EndedBefore);

    public void Started(IRunningProgram program, string id, DateTimeOffset now, Func<JsonObject, Probe> probe)
    {
        if (Ended is not null)
        {
            EndedBefore = Ended;
            Restarts++;
        }

        (Program, Id, StartedAt, Ended) = (program, id, now, null);
        Startup = spec.ObjectAt("startupProbe") is { } startup ? probe(startup) : null;
        Readiness = spec.ObjectAt("readinessProbe") is { } readiness ? probe(readiness) : null;
        Liveness = spec.ObjectAt("livenessProbe") is { } liveness ? probe(liveness) : null;
    }

    public void Exited(int code, DateTimeOffset now)
    {
        Program = null;
        Ended = new JsonObject
        {
            ["exitCode"] = (long)code,
            ["reason"] = code == 0 ? "Completed" : "Error",
            ["startedAt"] = StartedAt.Stamp(),
            ["finishedAt"] = now.Stamp(),
            ["containerID"] = Id,
        };
        if (now - StartedAt > ForgivenAfter)
            _pause = FirstPause;

        // The first restart is at once; from the second on the pause doubles.
        RestartAt = Restarts == 0 && EndedBefore is null ? now : now + _pause;
        if (Restarts > 0 || EndedBefore is not null)
            _pause = _pause * 2 < LongestPause ? _pause * 2 : LongestPause;
    }

    /// <summary>How it has ended was last told by the API: the playground itself was restarted.</summary>
    public void Recall(JsonObject status)
    {
        Restarts = status.Number("restartCount") ?? 0;
        EndedBefore = (status.ObjectAt("state", "terminated") ?? status.ObjectAt("lastState", "terminated"))?.Copy();
        if (status.ObjectAt("state", "running") is { } running)
        {
            EndedBefore = new JsonObject
            {
                ["exitCode"] = 255L,
                ["reason"] = "Unknown",
                ["startedAt"] = running.Text("startedAt"),
                ["finishedAt"] = running.Text("startedAt"),
                ["containerID"] = status.Text("containerID"),
            };
            Restarts++;
        }

        if (isInit && status.ObjectAt("state", "terminated") is { } done && done.Number("exitCode") == 0)
            (Ended, EndedBefore, Id) = (done.Copy(), null, status.Text("containerID") ?? "");
    }
}

/// <summary>What of a container can change in a status; how it ended is compared as the same object.</summary>
internal readonly record struct ContainerFace(string Id, bool IsRunning, bool HasStarted, bool IsReady,
    DateTimeOffset StartedAt, long Restarts, string WaitingReason, string? WaitingMessage, JsonObject? Ended,
    JsonObject? EndedBefore);
