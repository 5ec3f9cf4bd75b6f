using System.Text.Json.Nodes;
using Tidekeeper.Model.Crds;

namespace Tidekeeper.Engines.TiDB.Objects;

/// <summary>
/// One pod of a component may be evicted at a time. Where one eviction is an outage anyway (a single pod, or PD with
/// fewer than three members) there is no budget: one that forbids it would hold up every node drain for ever.
/// </summary>
internal static class DisruptionBudgets
{
    public static IEnumerable<JsonObject> Of(TidbCluster cluster) =>
        from component in Component.Declared(cluster)
        where component.Replicas >= (component.Name == Component.Pd ? 3 : 2)
        select Budget(component);

    private static JsonObject Budget(Component component)
    {
        var budget = Document.Of(component, "policy/v1", "PodDisruptionBudget", component.SetName);
        budget["spec"] = new JsonObject
        {
            ["maxUnavailable"] = 1,
            ["selector"] = new JsonObject { ["matchLabels"] = Document.Map(component.Selector) }
        };
        return budget;
    }
}
