using System.Text.Json.Nodes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Api.Tables;

/// <summary>Pods: the status column tells what keeps the pod from running, container by container.</summary>
internal static class PodColumns
{
    public static readonly IReadOnlyList<TableColumn> All =
    [
        TableColumn.NameColumn,
        new("Ready", (pod, _) => Summary.Of(pod).ReadyText),
        new("Status", (pod, _) => Summary.Of(pod).Reason),
        new("Restarts", (pod, now) => Summary.Of(pod).RestartsText(now)),
        TableColumn.Age,
        TableColumn.Wide("IP", pod => pod.ObjectsAt("status", "podIPs").FirstOrDefault().Text("ip")
            ?? pod.Text("status", "podIP") ?? Cells.None),
        TableColumn.Wide("Node", pod => pod.Text("spec", "nodeName") ?? Cells.None),
        TableColumn.Wide("Nominated Node", pod => pod.Text("status", "nominatedNodeName") ?? Cells.None),
        TableColumn.Wide("Readiness Gates", Gates),
    ];

    private static string Gates(JsonObject pod)
    {
        var gates = pod.ObjectsAt("spec", "readinessGates").Select(g => g.Text("conditionType")).ToList();
        var open = gates.Count(gate => Condition(pod, gate));
        return gates.Count == 0 ? Cells.None : $"{open}/{gates.Count}";
    }

    private static bool Condition(JsonObject pod, string? type) => pod.ObjectsAt("status", "conditions")
        .Any(c => c.Text("type") == type && c.Text("status") == "True");

    private sealed class Summary
    {
        private readonly JsonObject _pod;
        private readonly List<string> _sidecars;
        private readonly int _total;
        private int _ready;
        private long _restarts;
        private long _sidecarRestarts;
        private DateTimeOffset? _lastRestart;

        public string Reason { get; private set; }
        public string ReadyText => $"{_ready}/{_total}";

        private Summary(JsonObject pod)
        {
            _pod = pod;
            _sidecars = [.. pod.ObjectsAt("spec", "initContainers")
                .Where(c => c.Text("restartPolicy") == "Always").Select(c => c.Text("name") ?? "")];
            _total = pod.ObjectsAt("spec", "containers").Count() + _sidecars.Count;
            Reason = pod.Text("status", "reason") is { Length: > 0 } reason ? reason : pod.Text("status", "phase")
                ?? "";
            if (pod.ObjectsAt("status", "conditions").Any(c =>
                c.Text("type") == "PodScheduled" && c.Text("reason") == "SchedulingGated"))
                Reason = "SchedulingGated";
        }

        public static Summary Of(JsonObject pod)
        {
            var summary = new Summary(pod);
            if (!summary.Initializing() || Condition(pod, "Initialized"))
                summary.ReadContainers();
            if (pod.IsBeingDeleted() && pod.Text("status", "reason") == "NodeLost")
                summary.Reason = "Unknown";
            else if (pod.IsBeingDeleted() && pod.Text("status", "phase") is not ("Succeeded" or "Failed"))
                summary.Reason = "Terminating";
            return summary;
        }

        public string RestartsText(DateTimeOffset now) => _restarts > 0 && _lastRestart is { } at
            ? $"{_restarts} ({Ages.Show(now - at)} ago)" : $"{_restarts}";

        private bool Initializing()
        {
            var total = _pod.ObjectsAt("spec", "initContainers").Count();
            foreach (var (container, i) in _pod.ObjectsAt("status", "initContainerStatuses").Select((c, i) => (c, i)))
            {
                var isSidecar = _sidecars.Contains(container.Text("name") ?? "");
                CountRestarts(container);
                if (isSidecar)
                    _sidecarRestarts += container.Number("restartCount") ?? 0;
                var ended = container.ObjectAt("state", "terminated");
                if (ended.Number("exitCode") == 0)
                    continue;
                if (isSidecar && container.Flag("started") == true)
                {
                    if (container.Flag("ready") == true)
                        _ready++;
                    continue;
                }

                var waiting = container.Text("state", "waiting", "reason") ?? "";
                Reason = ended is not null ? "Init:" + Ending(ended)
                    : waiting.Length > 0 && waiting != "PodInitializing" ? "Init:" + waiting
                    : $"Init:{i}/{total}";
                return true;
            }

            return false;
        }

        private void ReadContainers()
        {
            _restarts = _sidecarRestarts;
            var isRunning = false;
            foreach (var container in _pod.ObjectsAt("status", "containerStatuses").Reverse())
            {
                CountRestarts(container);
                if (container.Text("state", "waiting", "reason") is { Length: > 0 } waiting)
                    Reason = waiting;
                else if (container.ObjectAt("state", "terminated") is { } ended)
                    Reason = Ending(ended);
                else if (container.Flag("ready") == true && container.ObjectAt("state", "running") is not null)
                {
                    isRunning = true;
                    _ready++;
                }
            }

            if (Reason == "Completed" && isRunning)
                Reason = Condition(_pod, "Ready") ? "Running" : "NotReady";
        }

        private void CountRestarts(JsonObject container)
        {
            _restarts += container.Number("restartCount") ?? 0;
            var ended = JsonText.ReadMoment(container.Text("lastState", "terminated", "finishedAt"));
            if (ended > (_lastRestart ?? DateTimeOffset.MinValue))
                _lastRestart = ended;
        }

        private static string Ending(JsonObject ended) =>
            ended.Text("reason") is { Length: > 0 } reason ? reason
                : ended.Number("signal") is > 0 and var signal ? $"Signal:{signal}"
                : $"ExitCode:{ended.Number("exitCode") ?? 0}";
    }
}
