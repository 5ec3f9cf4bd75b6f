using System.Text.Json.Nodes;
using Tidekeeper.Playground.Controllers;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Nodes.Scheduling;

/// <summary>Pod affinity and anti-affinity of one pod, in both directions, over all pods that are placed.</summary>
internal sealed class PodAffinity
{
    private const string Required = "requiredDuringSchedulingIgnoredDuringExecution";
    private const string Preferred = "preferredDuringSchedulingIgnoredDuringExecution";

    private static readonly Refusal Lonely = Refusal.Final("node(s) didn't match pod affinity rules");
    private static readonly Refusal Crowded = Refusal.ForNow("node(s) didn't match pod anti-affinity rules");
    private static readonly Refusal Unwelcome =
        Refusal.ForNow("node(s) didn't satisfy existing pods anti-affinity rules");

    private readonly JsonObject _pod;
    private readonly IReadOnlyList<NodeState> _nodes;
    private readonly Func<string, JsonObject?> _namespace;
    private readonly List<(string Key, string Value)> _shunned;

    public PodAffinity(JsonObject pod, IReadOnlyList<NodeState> nodes, Func<string, JsonObject?> namespaceObject)
    {
        _pod = pod;
        _nodes = nodes;
        _namespace = namespaceObject;
        _shunned = [.. nodes.SelectMany(node => node.Pods.Select(p => (node, p))).SelectMany(ShunnedBy)];
    }

    public Refusal? Check(NodeState node)
    {
        foreach (var term in _pod.ObjectsAt("spec", "affinity", "podAffinity", Required))
        {
            if (!Shares(term, node) && !IsFirstOfItsKind(term, node))
                return Lonely;
        }

        foreach (var term in _pod.ObjectsAt("spec", "affinity", "podAntiAffinity", Required))
        {
            if (Shares(term, node))
                return Crowded;
        }

        return _shunned.Any(s => node.Label(s.Key) == s.Value) ? Unwelcome : null;
    }

    /// <summary>Weights of preferred terms that hold here, anti-affinity negative.</summary>
    public long Preference(NodeState node)
    {
        long total = 0;
        foreach (var wish in _pod.ObjectsAt("spec", "affinity", "podAffinity", Preferred))
        {
            if (wish.ObjectAt("podAffinityTerm") is { } term && Shares(term, node))
                total += wish.Number("weight") ?? 0;
        }

        foreach (var wish in _pod.ObjectsAt("spec", "affinity", "podAntiAffinity", Preferred))
        {
            if (wish.ObjectAt("podAffinityTerm") is { } term)
                total -= (wish.Number("weight") ?? 0) * Companions(term, node);
        }

        return total;
    }

    private IEnumerable<(string, string)> ShunnedBy((NodeState Node, JsonObject Pod) placed)
    {
        foreach (var term in placed.Pod.ObjectsAt("spec", "affinity", "podAntiAffinity", Required))
        {
            var key = term.Text("topologyKey") ?? "";
            if (placed.Node.Label(key) is { } value && Matches(term, placed.Pod, _pod))
                yield return (key, value);
        }
    }

    private bool Shares(JsonObject term, NodeState node) => Companions(term, node) > 0;

    private int Companions(JsonObject term, NodeState node)
    {
        var key = term.Text("topologyKey") ?? "";
        return node.Label(key) is { } value
            ? _nodes.Where(n => n.Label(key) == value).Sum(n => n.Pods.Count(p => Matches(term, _pod, p)))
            : 0;
    }

    /// <summary>The first pod of a group that wants to be together may go anywhere that has the topology key.</summary>
    private bool IsFirstOfItsKind(JsonObject term, NodeState node) =>
        node.Label(term.Text("topologyKey") ?? "") is not null
        && Matches(term, _pod, _pod)
        && !_nodes.Any(n => n.Pods.Any(p => Matches(term, _pod, p)));

    private bool Matches(JsonObject term, JsonObject whose, JsonObject candidate)
    {
        if (!term.At("labelSelector").Selects(candidate))
            return false;
        var ns = candidate.Namespace() ?? "";
        var named = term.TextsAt("namespaces").ToList();
        var selector = term.ObjectAt("namespaceSelector");
        if (named.Count == 0 && selector is null)
            return ns == whose.Namespace();
        return named.Contains(ns, StringComparer.Ordinal)
            || (selector is not null && _namespace(ns) is { } home && selector.Selects(home));
    }
}
