using System.Text.Json.Nodes;
using Tidekeeper.Playground.Controllers;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Nodes.Scheduling;

/// <summary>
/// One topology spread constraint of a pod, with the matching pods counted per domain. Domains are those of nodes that
/// the pod could use at all, unless the constraint says to ignore affinity; taints count only when it says so.
/// </summary>
internal sealed class SpreadConstraint
{
    private static readonly Refusal Skewed = Refusal.ForNow("node(s) didn't match pod topology spread constraints");
    private static readonly Refusal NoDomain =
        Refusal.Final("node(s) didn't match pod topology spread constraints (missing required label)");

    private readonly string _key;
    private readonly long _maxSkew;
    private readonly long _minDomains;
    private readonly bool _matchesItself;
    private readonly SortedDictionary<string, int> _counts = new(StringComparer.Ordinal);

    public SpreadConstraint(JsonObject pod, JsonObject constraint, IEnumerable<NodeState> nodes)
    {
        _key = constraint.Text("topologyKey") ?? "";
        _maxSkew = constraint.Number("maxSkew") ?? 1;
        _minDomains = constraint.Number("minDomains") ?? 1;
        var selector = SelectorOf(pod, constraint);
        _matchesItself = selector.Selects(pod);
        foreach (var node in nodes)
        {
            if (node.Label(_key) is not { } domain || !Counts(pod, constraint, node.Node!))
                continue;
            var matching = node.Pods.Count(p => p.Namespace() == pod.Namespace() && !p.IsTerminating()
                && p.Key() != pod.Key() && selector.Selects(p));
            _counts[domain] = _counts.GetValueOrDefault(domain) + matching;
        }
    }

    public static IEnumerable<SpreadConstraint> Required(JsonObject pod, IReadOnlyList<NodeState> nodes) =>
        Those(pod, nodes, "DoNotSchedule");

    public static IEnumerable<SpreadConstraint> Wished(JsonObject pod, IReadOnlyList<NodeState> nodes) =>
        Those(pod, nodes, "ScheduleAnyway");

    public Refusal? Check(NodeState node)
    {
        if (node.Label(_key) is not { } domain)
            return NoDomain;
        var least = _counts.Count == 0 || _counts.Count < _minDomains ? 0 : _counts.Values.Min();
        return CountAt(domain) + (_matchesItself ? 1 : 0) - least > _maxSkew ? Skewed : null;
    }

    /// <summary>How many matching pods share the node's domain: fewer is better.</summary>
    public int Crowd(NodeState node) => node.Label(_key) is { } domain ? CountAt(domain) : int.MaxValue / 4;

    private int CountAt(string domain) => _counts.GetValueOrDefault(domain);

    private static IEnumerable<SpreadConstraint> Those(JsonObject pod, IReadOnlyList<NodeState> nodes, string action) =>
        pod.ObjectsAt("spec", "topologySpreadConstraints")
            .Where(c => (c.Text("whenUnsatisfiable") ?? "DoNotSchedule") == action)
            .Select(c => new SpreadConstraint(pod, c, nodes));

    private static bool Counts(JsonObject pod, JsonObject constraint, JsonObject node) =>
        (constraint.Text("nodeAffinityPolicy") == "Ignore" || NodeAffinity.Accepts(pod, node))
        && (constraint.Text("nodeTaintsPolicy") != "Honor" || !Taints.Repels(node, pod));

    /// <summary>matchLabelKeys narrow the selector to the pod's own values, for example to one revision.</summary>
    private static JsonObject SelectorOf(JsonObject pod, JsonObject constraint)
    {
        var selector = constraint.ObjectAt("labelSelector")?.Copy() ?? [];
        foreach (var key in constraint.TextsAt("matchLabelKeys"))
        {
            if (pod.Label(key) is { } value)
                selector.Ensure("matchLabels")[key] = value;
        }

        return selector;
    }
}
