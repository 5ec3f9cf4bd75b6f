using Tidekeeper.Engines.TiDB.Steps;
using Tidekeeper.Model.Crds;
using Tidekeeper.Model.Kubernetes;

namespace Tidekeeper.Engines.TiDB.Adoption;

/// <summary>
/// Clusters that v1 made. Group and kind are the same, so whoever installs this operator beside v1 has both look at the
/// same objects: nothing of such a cluster is touched, and nothing in its status changed but one condition, until
/// <c>tide adopt</c> says so.
/// </summary>
internal static class Foreigners
{
    private static readonly string[] Kinds =
        ["StatefulSet", "Service", "Deployment", "ServiceAccount", "Role", "RoleBinding"];

    /// <summary>The cluster's objects that v1 made, or has written since we did; StatefulSets first.</summary>
    public static IReadOnlyList<Observed> Of(TidbSeen seen) =>
    [
        .. seen.Objects.Concat(seen.StatefulSets).Concat(seen.Deployments)
            .Where(one => Kinds.Contains(one.Kind, StringComparer.Ordinal) && IsV1s(seen, one))
            .OrderBy(one => one.Kind != "StatefulSet").ThenBy(one => one.Kind, StringComparer.Ordinal)
            .ThenBy(one => one.Name, StringComparer.Ordinal)
    ];

    /// <summary>A StatefulSet of the cluster without our mark was made by v1, whatever else it says.</summary>
    private static bool IsV1s(TidbSeen seen, Observed one) =>
        one.OwnerUid == seen.Cluster.Metadata.Uid
        && (one.WrittenByV1.Length > 0 || (one.Kind == "StatefulSet" && one.RenderedHash.Length == 0));

    /// <summary>
    /// What is said of a cluster that is taken over while v1 still writes to it; null when it does not.
    /// </summary>
    public static Step.Hold? Intruder(TidbSeen seen, AdoptionMark mark)
    {
        var later = Of(seen).Where(one => string.CompareOrdinal(one.WrittenByV1, mark.Since) > 0).ToList();
        return mark.Since.Length == 0 || later.Count == 0 ? null : TwoOperators(seen, later);
    }

    /// <summary>What is said of a cluster that nobody wants taken over yet; null for every other.</summary>
    public static Step.Hold? Untouched(TidbSeen seen)
    {
        var made = Of(seen);
        if (made.Count == 0)
            return null;
        var name = seen.Cluster.Metadata.Name;
        var touched = made.Where(one => one.RenderedHash.Length > 0).ToList();
        return touched.Count > 0
            ? TwoOperators(seen, touched)
            : new Step.Hold(
                $"{Were(made)} made by tidb-operator v1; nothing is touched until somebody says so: tide adopt "
                + $"{name} --dry-run tells what would be", Patience.ForPeople)
            {
                Reason = TidbReasons.NotAdopted,
                NeedsPerson = true
            };
    }

    private static string Were(IReadOnlyList<Observed> objects) =>
        $"{Names(objects)} {(objects.Count == 1 ? "was" : "were")}";

    private static Step.Hold TwoOperators(TidbSeen seen, IReadOnlyList<Observed> written) => new(
        $"{Were(written)} written by tidb-operator v1 as well, so two operators act on this cluster; nothing is "
        + $"touched: end the other one, then tide adopt {seen.Cluster.Metadata.Name} --dry-run", Patience.ForPeople)
    {
        Reason = TidbReasons.AnotherOperator,
        NeedsPerson = true
    };

    /// <summary>v1 keeps its status, which has its failure records, and gets one condition more.</summary>
    public static TidbClusterStatus Status(TidbSeen seen, Step.Hold hold)
    {
        var before = seen.Cluster.Status ?? new TidbClusterStatus();
        var told = TidbConditions.Since(seen, new ClusterCondition
        {
            Type = TidbConditions.Adopted,
            Status = "False",
            Reason = hold.Reason,
            Message = hold.Why
        });
        return before with
        {
            Conditions =
            [
                .. (before.Conditions ?? []).Where(one => one.Type != TidbConditions.Adopted).Append(told)
            ]
        };
    }

    private static string Names(IReadOnlyList<Observed> objects)
    {
        var first = string.Join(", ", objects.Take(3).Select(one => $"{one.Kind}/{one.Name}"));
        return objects.Count > 3 ? $"{first} and {objects.Count - 3} more" : first;
    }
}
