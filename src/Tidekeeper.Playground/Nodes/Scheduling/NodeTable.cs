using System.Text.Json.Nodes;
using Tidekeeper.Playground.Controllers;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Nodes.Scheduling;

/// <summary>
/// All nodes with their pods, kept up to date from the feeds. A pod for which a node is chosen but not yet written
/// (its volumes are being made) counts as being there.
/// </summary>
internal sealed class NodeTable
{
    private readonly SortedDictionary<string, NodeState> _nodes = new(StringComparer.Ordinal);
    private readonly SortedDictionary<Key, (string Node, JsonObject Pod)> _assumed = [];

    public NodeTable(Cluster cluster)
    {
        cluster.Nodes.Listen(NoteNode);
        cluster.Pods.Listen(NotePod);
    }

    /// <summary>Grows when something changed that can make an unschedulable pod schedulable.</summary>
    public long Moves { get; private set; }

    /// <summary>Nodes that exist, in order of their names.</summary>
    public IEnumerable<NodeState> Nodes => _nodes.Values.Where(n => n.Node is not null);

    public void Assume(JsonObject pod, string node)
    {
        Forget(pod.Key());
        _assumed[pod.Key()] = (node, pod);
        State(node).Add(pod);
    }

    public void Forget(Key pod)
    {
        if (_assumed.Remove(pod, out var assumed))
            State(assumed.Node).Remove(assumed.Pod);
    }

    private void NoteNode(JsonObject? before, JsonObject? after)
    {
        var state = State((after ?? before)!.Name());
        state.Node = after;
        if (before is null || after is null || !SameForScheduling(before, after))
            Moves++;
    }

    private void NotePod(JsonObject? before, JsonObject? after)
    {
        if (before is not null && Place(before) is { } old)
            State(old).Remove(before);
        if (after is null || Place(after) is not null)
            Forget((after ?? before)!.Key());
        if (after is not null && Place(after) is { } place)
            State(place).Add(after);
        if (before is null || after is null || Place(before) != Place(after)
            || before.IsTerminating() != after.IsTerminating()
            || !JsonNode.DeepEquals(before.At("metadata", "labels"), after.At("metadata", "labels")))
            Moves++;
    }

    /// <summary>A finished pod takes nothing from its node any more.</summary>
    private static string? Place(JsonObject pod) =>
        pod.Text("spec", "nodeName") is { Length: > 0 } node && !pod.IsFinished() ? node : null;

    /// <summary>Heartbeats change nothing that matters here.</summary>
    private static bool SameForScheduling(JsonObject a, JsonObject b) =>
        JsonNode.DeepEquals(a["spec"], b["spec"])
        && JsonNode.DeepEquals(a.At("metadata", "labels"), b.At("metadata", "labels"))
        && JsonNode.DeepEquals(a.At("status", "allocatable"), b.At("status", "allocatable"));

    private NodeState State(string name)
    {
        if (!_nodes.TryGetValue(name, out var state))
            _nodes[name] = state = new NodeState(name);
        return state;
    }
}
