using Tidekeeper.Engines.TiDB.Steps;

namespace Tidekeeper.Engines.TiDB.Operations;

/// <summary>
/// Stores of one failure domain may stop together when PD keeps at most one replica of each region there: then no
/// region loses more than one.
/// </summary>
internal static class FailureDomains
{
    /// <summary>The coarsest label of PD's location-labels; null when there is none.</summary>
    public static string? Label(PdSeen pd) => pd.LocationLabels.Count > 0 ? pd.LocationLabels[0] : null;

    /// <summary>The domain that a store is in; null when it has no such label.</summary>
    public static string? Of(PdSeen pd, StoreSeen store) =>
        Label(pd) is { } label && store.Labels.TryGetValue(label, out var value) ? value : null;

    /// <summary>Null when the targets may stop together.</summary>
    public static string? WhyNotTogether(Draft draft, PdSeen pd, IReadOnlyList<Member> targets)
    {
        if (Label(pd) is not { } label)
            return "PD has no location-labels, so stores restart one by one";
        var first = targets[0].Store is { } store ? Of(pd, store) : null;
        if (first is null || targets.Any(target => target.Store is null || Of(pd, target.Store) != first))
            return $"the stores are not all in one {label}";
        var unlabelled = pd.Stores.FirstOrDefault(one => IsReplica(one) && Of(pd, one) is null);
        if (unlabelled is not null)
            return $"store {unlabelled.Id} ({unlabelled.PodName}) has no label {label}";
        var others = pd.Stores.Where(one => IsReplica(one) && Of(pd, one) != first)
            .Select(one => Of(pd, one)).Distinct(StringComparer.Ordinal).Count();
        if (others < pd.MaxReplicas - 1)
            return $"{others + 1} values of {label} are too few for {pd.MaxReplicas} replicas in different ones";
        if (!pd.CrowdedRegions.Is(out var crowded))
            return $"it is not known how PD has spread the replicas: {pd.CrowdedRegions.WhyUnknown}";
        return crowded == 0
            ? null
            : $"{crowded} regions have two replicas in one {label}";
    }

    private static bool IsReplica(StoreSeen store) => store is { State: "Up", IsTiflash: false };

    /// <summary>How many stores of TiKV the user lets restart at a time.</summary>
    public static int MostTogether(Draft draft) => draft.Seen.Cluster.Spec.Tikv?.UpdatePolicy switch
    {
        { Type: "FailureDomain" } policy => policy.MaxParallel ?? int.MaxValue,
        _ => 1
    };
}
