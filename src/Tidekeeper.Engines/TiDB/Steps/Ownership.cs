using Tidekeeper.Engines.TiDB.Objects;
using Tidekeeper.Model.Kubernetes;

namespace Tidekeeper.Engines.TiDB.Steps;

/// <summary>Objects that bear a name we need and belong to somebody else are left alone, and named.</summary>
internal static class Ownership
{
    public static Step Decide(Draft draft)
    {
        var seen = draft.Seen;
        var foreign = Everything(seen).Where(one => IsForeign(seen, one) && IsNeeded(draft, one)).ToList();
        if (foreign.Count == 0)
            return new Step.Done();
        var names = string.Join(", ", foreign.Select(one => $"{one.Kind}/{one.Name}"));
        return new Step.Hold(
            $"{names} belongs to somebody else; rename the cluster, or remove what is in its way", Patience.ForPeople)
        {
            Reason = TidbReasons.NameTaken,
            NeedsPerson = true
        };
    }

    /// <summary>
    /// Whose controller is another object, or nobody while it does not bear our labels either. An object of ours that
    /// lost its controller, as after an orphaning delete, is taken back.
    /// </summary>
    public static bool IsForeign(TidbSeen seen, Observed one)
    {
        if (one.OwnerUid.Length > 0)
            return one.OwnerUid != seen.Cluster.Metadata.Uid;
        return one.Labels.GetValueOrDefault(Labels.ManagedBy) != Labels.ManagedByValue
            || one.Labels.GetValueOrDefault(Labels.Instance) != seen.Cluster.Metadata.Instance;
    }

    private static IEnumerable<Observed> Everything(TidbSeen seen) =>
        seen.Objects.Concat(seen.StatefulSets).Concat(seen.Deployments);

    private static bool IsNeeded(Draft draft, Observed one)
    {
        var cluster = draft.Seen.Cluster;
        var name = cluster.Metadata.Name;
        return one.Kind switch
        {
            "StatefulSet" => draft.Sets.Any(set => set.Component.SetName == one.Name),
            "Deployment" or "Role" or "RoleBinding" or "ServiceAccount" =>
                cluster.Spec.Pd is not null && one.Name == $"{name}-{Component.Discovery}",
            "Service" => Services.Inside(cluster).Concat(Services.ForSql(cluster))
                    .Any(service => NameOf(service) == one.Name)
                || one.Name == $"{name}-{Component.Discovery}",
            "PodDisruptionBudget" => DisruptionBudgets.Of(cluster).Any(budget => NameOf(budget) == one.Name),
            "ConfigMap" => one.Name == PdLedger.NameFor(name),
            _ => false
        };
    }

    private static string NameOf(System.Text.Json.Nodes.JsonObject document) => (string)document["metadata"]!["name"]!;
}
