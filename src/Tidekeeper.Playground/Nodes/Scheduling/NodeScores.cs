using System.Text.Json.Nodes;
using Tidekeeper.Playground.Controllers;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Nodes.Scheduling;

/// <summary>
/// Chooses among the nodes that fit. Weights follow the real scheduler: reluctant taints 3; node affinity, pod
/// affinity and spreading 2; free resources 1. A workload's pods spread over zones and hosts even when nobody asks.
/// </summary>
internal static class NodeScores
{
    private const string Zone = "topology.kubernetes.io/zone";
    private const string Host = "kubernetes.io/hostname";

    public static NodeState Best(JsonObject pod, IReadOnlyList<NodeState> fitting, IReadOnlyList<NodeState> all,
        PodAffinity affinity)
    {
        if (fitting.Count == 1)
            return fitting[0];
        var totals = new double[fitting.Count];
        Add(totals, 3, fitting, n => -Taints.Reluctance(n.Node!, pod));
        Add(totals, 2, fitting, n => NodeAffinity.Preference(pod, n.Node!));
        Add(totals, 2, fitting, n => affinity.Preference(n));
        foreach (var wish in Wishes(pod, all))
            Add(totals, 2, fitting, n => -wish.Crowd(n));
        Add(totals, 1, fitting, n => FreeShare(n, "cpu") + FreeShare(n, "memory"));
        Add(totals, 0.5, fitting, n => -n.Pods.Count);

        var best = 0;
        for (var i = 1; i < totals.Length; i++)
        {
            if (totals[i] > totals[best] + 1e-9)
                best = i;
        }

        return fitting[best];
    }

    private static IReadOnlyList<SpreadConstraint> Wishes(JsonObject pod, IReadOnlyList<NodeState> all)
    {
        var wishes = SpreadConstraint.Wished(pod, all).ToList();
        if (pod.At("spec", "topologySpreadConstraints") is not null || pod.Owner() is null)
            return wishes;
        foreach (var key in (ReadOnlySpan<string>)[Zone, Host])
        {
            wishes.Add(new SpreadConstraint(pod, new JsonObject
            {
                ["topologyKey"] = key,
                ["labelSelector"] = new JsonObject { ["matchLabels"] = SharedLabels(pod) },
            }, all));
        }

        return wishes;
    }

    /// <summary>Labels that all pods of a workload have, whatever their revision or ordinal.</summary>
    private static JsonObject SharedLabels(JsonObject pod)
    {
        var labels = pod.ObjectAt("metadata", "labels")?.Copy() ?? [];
        labels.Remove("pod-template-hash");
        labels.Remove("controller-revision-hash");
        labels.Remove("statefulset.kubernetes.io/pod-name");
        labels.Remove("apps.kubernetes.io/pod-index");
        return labels;
    }

    /// <summary>Stretches a score over 0 to 100 before weighing it, so that no unit drowns another.</summary>
    private static void Add(
        double[] totals, double weight, IReadOnlyList<NodeState> nodes, Func<NodeState, double> score)
    {
        var scores = nodes.Select(score).ToArray();
        double low = scores.Min(), high = scores.Max();
        if (high - low < 1e-12)
            return;
        for (var i = 0; i < scores.Length; i++)
            totals[i] += weight * 100 * (scores[i] - low) / (high - low);
    }

    private static double FreeShare(NodeState node, string resource) =>
        node.Allocatable(resource) is > 0 and var all ? 1 - (double)node.Requested(resource) / all : 0;
}
