using System.Text.Json.Nodes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Controllers;

/// <summary>
/// Removes pods that no kubelet will ever remove: those on a node whose object is gone, after a quarantine, and
/// terminating ones on a node of which a person has said that it is out of service.
/// </summary>
public sealed class PodCollector : Controller
{
    private const string OutOfService = "node.kubernetes.io/out-of-service";
    private static readonly TimeSpan Quarantine = TimeSpan.FromSeconds(40);
    private readonly Feed _pods;
    private readonly Feed _nodes;
    private readonly SortedDictionary<string, DateTimeOffset> _missingSince = new(StringComparer.Ordinal);

    public PodCollector(Cluster cluster) : base(cluster, "pod-garbage-collector")
    {
        _pods = Follow(Resources.Pods);
        _nodes = Follow(Resources.Nodes, (node, wake) =>
        {
            foreach (var pod in Cluster.PodsByNode[node.Name()])
                wake(pod.Key());
        });
    }

    protected override void Sync(Key key, DateTimeOffset now)
    {
        if (_pods.Get(key) is not { } pod || pod.Text("spec", "nodeName") is not { Length: > 0 } name)
            return;
        if (_nodes.Get("", name) is { } node)
        {
            _missingSince.Remove(name);
            if (pod.IsTerminating() && node.Condition("Ready")?.Text("status") != "True"
                && node.ObjectsAt("spec", "taints").Any(t => t.Text("key") == OutOfService))
                Remove(pod, "DeletionByPodGC", "PodGC: node is out-of-service", now);
            return;
        }

        if (!_missingSince.TryGetValue(name, out var since))
            _missingSince[name] = since = now;
        if (now - since < Quarantine)
            WakeAt(key, since + Quarantine);
        else
            Remove(pod, "DeletionByPodGC", "PodGC: node no longer exists", now);
    }

    private void Remove(JsonObject pod, string reason, string message, DateTimeOffset now)
    {
        if (!pod.IsFinished())
        {
            var failed = pod.Copy();
            var status = failed.Ensure("status");
            var others = status.ObjectsAt("conditions").Where(c => c.Text("type") != "DisruptionTarget");
            status["phase"] = "Failed";
            status["conditions"] = new JsonArray([.. others.Select(c => (JsonNode)c.Copy()), new JsonObject
            {
                ["type"] = "DisruptionTarget",
                ["status"] = "True",
                ["reason"] = reason,
                ["message"] = message,
                ["lastTransitionTime"] = now.Stamp(),
            }]);
            Api.UpdateStatus(Resources.Pods, failed);
        }

        Api.Delete(Resources.Pods, pod.Namespace(), pod.Name(), pod.Uid(), graceSeconds: 0);
    }
}
