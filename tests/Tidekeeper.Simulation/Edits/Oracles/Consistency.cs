using Tidekeeper.Playground.Store;
using Tidekeeper.Simulation.Edits.Mappings;

namespace Tidekeeper.Simulation.Edits.Oracles;

/// <summary>Every property of the spec and everything that shows it, and the status beside the world.</summary>
internal static class Consistency
{
    /// <summary>What does not agree; null when all does.</summary>
    public static string? Broken(View view)
    {
        foreach (var mapping in PropertyTable.Shown)
        {
            foreach (var component in mapping.Components.Where(one => Applies(view, mapping, one)))
            {
                foreach (var claim in mapping.Say(view, component))
                {
                    if (Agreement.Difference(claim.Asked, claim.Found) is { } difference)
                        return $"{mapping.Paths[^1]} → {claim.Place}: {difference}";
                }
            }
        }

        return null;
    }

    /// <summary>Ready says that the world is as wanted; it must say so where it is, and only there.</summary>
    public static string? TwoViews(View view)
    {
        var says = view.Condition("Ready").Text("status") == "True";
        var lacks = view.Running.Any() ? Lacks(view) : "everything, as it is suspended";
        if (says && lacks is not null)
            return $"condition Ready is True, and the cluster lacks {lacks}";
        if (view.Condition("UpToDate").Text("status") == "True" && !IsUpToDate(view))
            return "condition UpToDate is True, and pods were made from another template";
        return says || lacks is not null || view.Condition("Accepted").Text("status") == "False"
            || Broken(view) is not null || !IsUpToDate(view) ? null
            : "everything serves as wanted, and condition Ready is not True: "
                + view.Condition("Ready").Text("message");
    }

    private static bool IsUpToDate(View view) => view.Running.All(component => view.Pods(component).All(pod =>
        pod.Text("metadata", "annotations", "tidekeeper.io/intent")
            == view.Template(component).Text("metadata", "annotations", "tidekeeper.io/intent")));

    private static bool Applies(View view, Mapping mapping, string component) =>
        mapping.Paths[0].Contains("suspendAction", StringComparison.Ordinal)
            || (view.Workload(component) is not null && (component == "discovery" || view.Running.Contains(component)));

    private static string? Lacks(View view)
    {
        foreach (var component in View.Replicated.Where(one => view.Spec[one] is not null))
        {
            if (view.IsSuspended(component))
                return $"{component}, which is suspended";
            var wanted = view.Spec.Number(component, "replicas");
            var ready = view.Pods(component).Count(Checkers.Match.IsReady);
            if (ready != wanted)
                return $"pods of {component}: {ready} are ready and {wanted} wanted";
        }

        var database = view.World.Databases.WithMember(SimulatedCluster.Namespace, $"{view.Name}-pd-0") is [var one, ..]
            ? one : null;
        if (database is null || !database.Pd.HasQuorum)
            return "a PD with a majority";
        if (database.Pd.State.Members.Count != view.Spec.Number("pd", "replicas"))
            return $"members of PD: {database.Pd.State.Members.Count}";
        var stores = database.Stores.Nodes.Count(node => node.Running);
        if (view.Spec["tikv"] is not null && stores != view.Spec.Number("tikv", "replicas"))
            return $"stores: {stores} run";
        return view.Spec["tidb"] is not null && database.Servers.Count != view.Spec.Number("tidb", "replicas")
            ? $"servers: {database.Servers.Count} run" : null;
    }
}
