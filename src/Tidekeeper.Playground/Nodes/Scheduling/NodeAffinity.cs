using System.Text.Json.Nodes;
using Tidekeeper.Playground.Controllers;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Nodes.Scheduling;

/// <summary>Node selectors: of pods, and of volumes that are not everywhere.</summary>
internal static class NodeAffinity
{
    public static bool Accepts(JsonObject pod, JsonObject node)
    {
        foreach (var (label, value) in pod.Pairs("spec", "nodeSelector"))
        {
            if (node.Label(label) != value)
                return false;
        }

        var required = pod.ObjectAt("spec", "affinity", "nodeAffinity",
            "requiredDuringSchedulingIgnoredDuringExecution");
        return required is null || MatchesAny(required, node);
    }

    /// <summary>Sum of the weights of the preferences that the node meets.</summary>
    public static long Preference(JsonObject pod, JsonObject node) =>
        pod.ObjectsAt("spec", "affinity", "nodeAffinity", "preferredDuringSchedulingIgnoredDuringExecution")
            .Where(p => p.ObjectAt("preference") is { } term && Matches(term, node))
            .Sum(p => p.Number("weight") ?? 0);

    public static bool AcceptsVolume(JsonObject volume, JsonObject node) =>
        volume.ObjectAt("spec", "nodeAffinity", "required") is not { } required || MatchesAny(required, node);

    private static bool MatchesAny(JsonObject selector, JsonObject node) =>
        selector.ObjectsAt("nodeSelectorTerms").Any(t => Matches(t, node));

    /// <summary>An empty term matches nothing.</summary>
    private static bool Matches(JsonObject term, JsonObject node)
    {
        var labels = term.ObjectsAt("matchExpressions").ToList();
        var fields = term.ObjectsAt("matchFields").ToList();
        return labels.Count + fields.Count > 0
            && labels.All(e => Selector.Holds(e, node.Label(e.Text("key") ?? "")))
            && fields.All(e => e.Text("key") == "metadata.name" && Selector.Holds(e, node.Name()));
    }
}
