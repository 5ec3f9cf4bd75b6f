using System.Text.Json.Nodes;
using Tidekeeper.Playground.Api;
using Tidekeeper.Playground.Controllers;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Nodes.Scheduling;

/// <summary>
/// Binds pods to nodes. A pod whose claims wait for it first gets a node written on its claims, and is bound when they
/// are. A pod that fits nowhere is looked at again when something has moved. A pod of which the playground can run no
/// image fits nowhere: it says so at once, and takes neither a place nor a disk.
/// </summary>
public sealed class Scheduler : IActor
{
    public const string DefaultName = "default-scheduler";

    private readonly Cluster _cluster;
    private readonly ProgramCatalog _programs;
    private readonly NodeTable _table;
    private readonly SortedDictionary<Key, JsonObject> _pending = [];
    private readonly SortedSet<Key> _stuck = [];
    private readonly SchedulingNotes _notes;
    private readonly Feed[] _feeds;
    private (long Moves, long Claims, long Volumes, long Classes) _seen;

    public Scheduler(Cluster cluster, ProgramCatalog programs)
    {
        _cluster = cluster;
        _programs = programs;
        _table = new NodeTable(cluster);
        _notes = new SchedulingNotes(cluster);
        _feeds =
        [
            cluster.Nodes, cluster.Pods, cluster.Claims, cluster.Volumes,
            cluster.Feed(Resources.StorageClasses), cluster.Feed(Resources.Namespaces),
        ];
        cluster.Pods.Listen(NotePod);
    }

    public string Name => DefaultName;

    public bool SeesOnlyApi => true;

    public bool Notices()
    {
        foreach (var feed in _feeds)
            feed.Refresh();
        return _pending.Count > 0 && (Seen() != _seen || _pending.Keys.Any(pod => !_stuck.Contains(pod)));
    }

    public DateTimeOffset? Act(DateTimeOffset now)
    {
        Notices();
        var seen = Seen();
        if (seen != _seen)
            _stuck.Clear();
        _seen = seen;

        var waiting = _pending.Where(p => !_stuck.Contains(p.Key)).Select(p => p.Value)
            .OrderByDescending(p => p.Number("spec", "priority") ?? 0)
            .ThenBy(p => p.Text("metadata", "creationTimestamp"), StringComparer.Ordinal)
            .ThenBy(p => p.Key()).ToList();
        var nodes = waiting.Count == 0 ? [] : _table.Nodes.ToList();
        foreach (var pod in waiting)
        {
            try
            {
                Place(pod, nodes, now);
            }
            catch (ApiFault)
            {
                // Somebody changed or deleted the pod or a claim meanwhile: the change itself brings it back here.
                _table.Forget(pod.Key());
            }
        }

        return null;
    }

    private (long Moves, long Claims, long Volumes, long Classes) Seen()
    {
        var api = _cluster.Scheduler;
        return (_table.Moves, api.Revision(Resources.Claims), api.Revision(Resources.Volumes),
            api.Revision(Resources.StorageClasses));
    }

    private void Place(JsonObject pod, List<NodeState> nodes, DateTimeOffset now)
    {
        _stuck.Add(pod.Key());
        _table.Forget(pod.Key());
        var volumes = new VolumeFit(_cluster, pod);
        if (volumes.Obstacle is { } obstacle)
        {
            _notes.Unschedulable(pod, Refusal.Sentence(nodes.Count, obstacle), now);
            return;
        }

        var affinity = new PodAffinity(pod, nodes, ns => _cluster.Feed(Resources.Namespaces).Get("", ns));
        var spread = SpreadConstraint.Required(pod, nodes).ToList();
        var program = Runnable.Check(pod, _programs);
        var fitting = new List<NodeState>();
        var refusals = new List<IReadOnlyList<Refusal>>();
        foreach (var node in nodes)
        {
            var refused = Check(pod, node, volumes, spread, affinity);
            if (refused.Count == 0 && program is not null)
                refused = [program];
            if (refused.Count == 0)
                fitting.Add(node);
            else
                refusals.Add(refused);
        }

        if (fitting.Count == 0)
        {
            _notes.Unschedulable(pod, Refusal.Sentence(nodes.Count, refusals), now);
            return;
        }

        var chosen = NodeScores.Best(pod, fitting, nodes, affinity);
        _table.Assume(pod, chosen.Name);
        if (volumes.Waiting.Count > 0)
            Claim(volumes.Waiting, chosen.Name);
        else
            _notes.Bind(pod, chosen.Name);
    }

    private static IReadOnlyList<Refusal> Check(JsonObject pod, NodeState node, VolumeFit volumes,
        List<SpreadConstraint> spread, PodAffinity affinity)
    {
        var refused = NodeFit.Check(pod, node);
        if (refused.Count > 0)
            return refused;
        if (volumes.Check(node) is { } volume)
            return [volume];
        foreach (var constraint in spread)
        {
            if (constraint.Check(node) is { } skew)
                return [skew];
        }

        return affinity.Check(node) is { } company ? [company] : [];
    }

    /// <summary>Tells the provisioner where the volumes have to be.</summary>
    private void Claim(List<JsonObject> claims, string node)
    {
        foreach (var claim in claims)
        {
            if (claim.Annotation(VolumeFit.SelectedNode) == node)
                continue;
            var changed = claim.Copy();
            StorageClasses.Settle(_cluster, changed);
            changed.Ensure("metadata", "annotations")[VolumeFit.SelectedNode] = node;
            _cluster.Scheduler.Update(Resources.Claims, changed);
        }
    }

    private void NotePod(JsonObject? before, JsonObject? after)
    {
        var key = (after ?? before)!.Key();
        if (after is null || !IsMine(after))
        {
            _pending.Remove(key);
            _stuck.Remove(key);
            return;
        }

        _pending[key] = after;
        if (before is null || !JsonNode.DeepEquals(before["spec"], after["spec"]) || before.Uid() != after.Uid())
            _stuck.Remove(key);
    }

    private static bool IsMine(JsonObject pod) =>
        string.IsNullOrEmpty(pod.Text("spec", "nodeName")) && pod.IsActive()
        && (pod.Text("spec", "schedulerName") ?? DefaultName) == DefaultName
        && !pod.ObjectsAt("spec", "schedulingGates").Any();
}
