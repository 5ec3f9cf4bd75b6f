using System.Text.Json.Nodes;
using Tidekeeper.Engines.TiDB.Objects;
using Tidekeeper.Model.Kubernetes;

namespace Tidekeeper.Engines.TiDB.Steps;

/// <summary>
/// Tells PD where each store is, in the words of PD's location-labels, so that it puts the replicas of a region into
/// different failure domains.
/// </summary>
internal static class StoreLabels
{
    public static Step Decide(Draft draft)
    {
        var seen = draft.Seen;
        if (PdFacts.Of(seen) is not { } pd || !seen.Nodes.Is(out var nodes))
            return new Step.Done();
        var wanted = pd.LocationLabels.Concat(seen.Cluster.Spec.Tikv?.StoreLabels ?? [])
            .Distinct(StringComparer.Ordinal).ToList();
        var acts = new List<Act>();
        foreach (var store in pd.Stores.Where(store => store.State == "Up" && IsOurs(seen, store)))
        {
            var pod = seen.Pods.FirstOrDefault(pod => pod.Name == store.PodName);
            if (nodes.FirstOrDefault(node => node.Name == pod?.Node) is { } node
                && Missing(store, node, wanted) is { Count: > 0 } labels)
            {
                var call = new AdminCall(
                    "POST", $"{TidbNames.PdUrl(seen.Cluster)}/pd/api/v1/store/{store.Id}/label", labels,
                    $"PD to label store {store.Id}");
                acts.Add(new Act.Ask(call, $"{store.PodName} runs on node {node.Name}"));
            }
        }

        return acts.Count > 0 ? new Step.Do(acts) : new Step.Done();
    }

    private static bool IsOurs(TidbSeen seen, StoreSeen store) =>
        PdFacts.IsOf(seen, store, Component.Tikv) || PdFacts.IsOf(seen, store, Component.Tiflash);

    private static JsonObject Missing(StoreSeen store, ObservedNode node, List<string> wanted)
    {
        var labels = new JsonObject();
        foreach (var name in wanted)
        {
            if (node.Labels.GetValueOrDefault(NodeLabel(name)) is { Length: > 0 } value
                && store.Labels.GetValueOrDefault(name) != value)
            {
                labels[name] = value;
            }
        }

        return labels;
    }

    /// <summary>The short names that PD's documentation uses stand for the well-known labels of nodes.</summary>
    private static string NodeLabel(string name) => name switch
    {
        "host" => Labels.Hostname,
        "zone" => Labels.Zone,
        "region" => Labels.Region,
        _ => name
    };
}
