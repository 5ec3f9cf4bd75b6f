using System.Text.Json.Nodes;
using Tidekeeper.Model.Crds;
using Tidekeeper.Model.Kubernetes;

namespace Tidekeeper.Engines.TiDB.Objects;

/// <summary>Where pods run.</summary>
internal static class Placement
{
    public static void AddTo(JsonObject podSpec, Component component)
    {
        podSpec.Set("affinity", component.Affinity);
        podSpec.Set("tolerations", component.Tolerations);
        podSpec.Set("schedulerName", component.SchedulerName);
        podSpec.Set("priorityClassName", component.PriorityClassName);
        if (component.NodeSelector.Count > 0)
            podSpec["nodeSelector"] = Document.Map(component.NodeSelector);
        podSpec["topologySpreadConstraints"] = Spread(component);
    }

    /// <summary>
    /// The user's constraints are hard, as v1 made them. Without any, pods are spread softly over zones and nodes: a
    /// cluster on one node still starts, and one on many does not lose two members to one of them.
    /// </summary>
    private static JsonArray Spread(Component component)
    {
        var list = new JsonArray();
        if (component.Spread is not { Count: > 0 } wanted)
        {
            list.Add(Soft(component, Labels.Zone));
            list.Add(Soft(component, Labels.Hostname));
            return list;
        }

        foreach (var constraint in wanted)
            list.Add(Hard(component, constraint));
        return list;
    }

    private static JsonObject Soft(Component component, string key) => new()
    {
        ["maxSkew"] = 1,
        ["topologyKey"] = key,
        ["whenUnsatisfiable"] = "ScheduleAnyway",
        ["labelSelector"] = new JsonObject { ["matchLabels"] = Document.Map(component.Selector) }
    };

    private static JsonObject Hard(Component component, TopologySpread constraint)
    {
        var labels = Document.Map(component.Selector);
        foreach (var (key, value) in constraint.MatchLabels ?? [])
            labels[key] = value;
        var item = new JsonObject
        {
            ["maxSkew"] = constraint.MaxSkew ?? 1,
            ["topologyKey"] = constraint.TopologyKey,
            ["whenUnsatisfiable"] = "DoNotSchedule",
            ["labelSelector"] = new JsonObject { ["matchLabels"] = labels }
        };
        item.Set("minDomains", constraint.MinDomains);
        item.Set("nodeAffinityPolicy", constraint.NodeAffinityPolicy);
        return item;
    }
}
