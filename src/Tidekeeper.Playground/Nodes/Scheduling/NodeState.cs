using System.Text.Json.Nodes;
using Tidekeeper.Playground.Controllers;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Nodes.Scheduling;

/// <summary>A node as the scheduler sees it: the object, the pods on it and what they have asked for.</summary>
internal sealed class NodeState(string name)
{
    private readonly SortedDictionary<Key, JsonObject> _pods = [];
    private readonly SortedDictionary<string, long> _requested = new(StringComparer.Ordinal);

    public string Name => name;

    /// <summary>Null when pods name a node that does not exist.</summary>
    public JsonObject? Node { get; set; }

    public IReadOnlyCollection<JsonObject> Pods => _pods.Values;

    public string? Label(string label) => Node?.Label(label);

    public long Allocatable(string resource) =>
        PodRequests.Milli(Node.Text("status", "allocatable", resource));

    public long Requested(string resource) => _requested.GetValueOrDefault(resource);

    public void Add(JsonObject pod)
    {
        _pods[pod.Key()] = pod;
        Count(pod, 1);
    }

    public void Remove(JsonObject pod)
    {
        if (_pods.Remove(pod.Key(), out var counted))
            Count(counted, -1);
    }

    private void Count(JsonObject pod, long sign)
    {
        foreach (var (resource, amount) in PodRequests.Of(pod))
            _requested[resource] = _requested.GetValueOrDefault(resource) + sign * amount;
    }
}
