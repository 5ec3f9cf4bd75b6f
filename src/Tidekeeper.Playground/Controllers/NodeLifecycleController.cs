using System.Text.Json.Nodes;
using Tidekeeper.Playground.Nodes.Scheduling;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Controllers;

/// <summary>
/// Notices nodes that have gone silent: marks them, keeps new pods away, and after each pod's own patience deletes the
/// pods on them. Such a pod stays, terminating, until its node is back or the pod is deleted by force.
/// </summary>
public sealed class NodeLifecycleController : Controller
{
    private const string Unreachable = "node.kubernetes.io/unreachable";
    private const string NotReady = "node.kubernetes.io/not-ready";
    private const string UnschedulableTaint = "node.kubernetes.io/unschedulable";
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(40);
    private readonly Feed _nodes;
    private readonly Feed _leases;
    private readonly EventRecorder _events;

    public NodeLifecycleController(Cluster cluster) : base(cluster, "node-controller")
    {
        _nodes = Follow(Resources.Nodes);
        _leases = cluster.Feed(Resources.Leases);
        Follow(Resources.Pods, WakeSickNode);
        _events = new EventRecorder(Api, Name, cluster.World.Time.GetUtcNow);
    }

    protected override void Sync(Key key, DateTimeOffset now)
    {
        if (_nodes.Get(key) is not { } node)
            return;
        _leases.Refresh();
        var renewed = _leases.Get("kube-node-lease", node.Name()).Moment("spec", "renewTime")
            ?? node.Moment("metadata", "creationTimestamp") ?? now;
        var isSilent = now - renewed >= Silence;
        if (isSilent)
            MarkUnknown(node, now);
        else
            WakeAt(key, renewed + Silence);
        var tainted = Retaint(_nodes.Get(key) ?? node, isSilent, now);
        Evict(tainted, now);
    }

    private void MarkUnknown(JsonObject node, DateTimeOffset now)
    {
        if (node.Condition("Ready")?.Text("status") == "Unknown")
            return;
        var changed = node.Copy();
        foreach (var condition in changed.ObjectsAt("status", "conditions"))
        {
            condition["status"] = "Unknown";
            condition["reason"] = "NodeStatusUnknown";
            condition["message"] = "Kubelet stopped posting node status.";
            condition["lastTransitionTime"] = now.Stamp();
        }

        Api.UpdateStatus(Resources.Nodes, changed);
        _nodes.Refresh();
        _events.Normal("v1", "Node", node, "NodeNotReady", $"Node {node.Name()} status is now: NodeNotReady");
        foreach (var pod in Cluster.PodsByNode[node.Name()].Where(p => p.IsReady()).ToList())
            MarkUnready(pod, now);
    }

    /// <summary>Nobody can vouch for a pod on a silent node: services send nothing there any more.</summary>
    private void MarkUnready(JsonObject pod, DateTimeOffset now)
    {
        var changed = pod.Copy();
        var ready = changed.Condition("Ready")!;
        ready["status"] = "False";
        ready["reason"] = "NodeNotReady";
        ready["lastTransitionTime"] = now.Stamp();
        Api.UpdateStatus(Resources.Pods, changed);
    }

    private JsonObject Retaint(JsonObject node, bool isSilent, DateTimeOffset now)
    {
        var before = node.ObjectsAt("spec", "taints").ToList();
        var taints = before.Where(t => t.Text("key") is not (Unreachable or NotReady or UnschedulableTaint))
            .Select(t => t.Copy()).ToList();
        if (node.IsTrue("spec", "unschedulable"))
            taints.Add(Kept(before, UnschedulableTaint, "NoSchedule", now));
        if (!isSilent && node.Condition("Ready")?.Text("status") != "True")
            taints.Add(Kept(before, NotReady, "NoSchedule", now));
        if (isSilent)
        {
            taints.Add(Kept(before, Unreachable, "NoSchedule", now));
            taints.Add(Kept(before, Unreachable, "NoExecute", now));
        }

        if (taints.Count == before.Count && taints.Zip(before).All(p => JsonNode.DeepEquals(p.First, p.Second)))
            return node;
        var changed = node.Copy();
        if (taints.Count == 0)
            changed.Ensure("spec").Remove("taints");
        else
            changed.Ensure("spec")["taints"] = new JsonArray([.. taints]);
        return Api.Update(Resources.Nodes, changed);
    }

    private static JsonObject Kept(List<JsonObject> before, string key, string effect, DateTimeOffset now) =>
        before.Find(t => t.Text("key") == key && t.Text("effect") == effect)?.Copy()
        ?? new JsonObject { ["key"] = key, ["effect"] = effect, ["timeAdded"] = now.Stamp() };

    private void Evict(JsonObject node, DateTimeOffset now)
    {
        var taints = node.ObjectsAt("spec", "taints").Where(t => t.Text("effect") == "NoExecute").ToList();
        if (taints.Count == 0)
            return;
        foreach (var pod in Cluster.PodsByNode[node.Name()].Where(p => !p.IsTerminating()).ToList())
        {
            if (LeavesAt(pod, taints, now) is not { } at)
                continue;
            if (at > now)
            {
                WakeAt(node.Key(), at);
                continue;
            }

            _events.Pod(pod, "Normal", "TaintManagerEviction", $"Marking for deletion Pod {pod.Key()}");
            Api.Delete(Resources.Pods, pod.Namespace(), pod.Name(), pod.Uid());
        }
    }

    /// <summary>Null when the pod tolerates the taints for ever.</summary>
    private static DateTimeOffset? LeavesAt(JsonObject pod, List<JsonObject> taints, DateTimeOffset now)
    {
        DateTimeOffset? earliest = null;
        foreach (var taint in taints)
        {
            var tolerations = pod.ObjectsAt("spec", "tolerations").Where(t => Taints.Tolerates(t, taint)).ToList();
            if (tolerations.Count == 0)
                return now;
            var patience = tolerations.Select(t => t.Number("tolerationSeconds")).Min();
            if (tolerations.Exists(t => t.Number("tolerationSeconds") is null) || patience is null)
                continue;
            var at = (taint.Moment("timeAdded") ?? now).AddSeconds(patience.Value);
            if (earliest is null || at < earliest)
                earliest = at;
        }

        return earliest;
    }

    private void WakeSickNode(JsonObject pod, Action<Key> wake)
    {
        if (pod.Text("spec", "nodeName") is { Length: > 0 } name && _nodes.Get("", name) is { } node
            && node.ObjectsAt("spec", "taints").Any(t => t.Text("effect") == "NoExecute"))
            wake(new Key("", name));
    }
}
