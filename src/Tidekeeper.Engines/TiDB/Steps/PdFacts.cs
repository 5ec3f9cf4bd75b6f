using Tidekeeper.Engines.TiDB.Objects;

namespace Tidekeeper.Engines.TiDB.Steps;

/// <summary>What PD says, as the steps need it.</summary>
internal static class PdFacts
{
    /// <summary>PD's account; null when it is unknown, or comes from another cluster than ours.</summary>
    public static PdSeen? Of(TidbSeen seen) => seen.Pd.Is(out var pd) && !IsStranger(seen, pd) ? pd : null;

    /// <summary>Whether the PD that answers is not the one that this cluster began with.</summary>
    public static bool IsStranger(TidbSeen seen, PdSeen pd) =>
        seen.Cluster.Status?.ClusterID is { Length: > 0 } known && known != pd.ClusterId;

    /// <summary>Null when PD can decide.</summary>
    public static string? WhyNoQuorum(TidbSeen seen)
    {
        if (seen.Cluster.Spec.Pd is null)
            return "spec.pd is missing: a cluster without PD of its own is not supported yet";
        if (Of(seen) is not { } pd)
            return seen.Pd.Is(out _) ? Stranger(seen) : Silence(seen);
        if (pd.Leader.Length == 0)
            return "PD has no leader";

        // The members that are still to join count too: PD grows to its size before anything depends on it.
        var size = Math.Max(pd.Members.Count, seen.Cluster.Spec.Pd.Replicas);
        var quorum = (size / 2) + 1;
        return pd.HealthyMembers >= quorum
            ? null
            : $"PD has {pd.HealthyMembers} of {size} members healthy and needs {quorum} for a majority";
    }

    /// <summary>
    /// A PD that is known to exist and of which too few members run, by what Kubernetes says of their pods: PD itself
    /// says nothing then. Null when there is a majority, or when it is not known who is a member.
    /// </summary>
    public static string? LostMajority(TidbSeen seen)
    {
        if (Of(seen) is not null || seen.Status()?.Pd?.Members is not { Count: > 0 } members)
            return null;
        var run = members.Keys.Count(member =>
            seen.Pods.Any(pod => TidbNames.Member(seen.Cluster, pod.Name) == member && pod is { Ready: true }));
        return run > members.Count / 2
            ? null
            : $"PD has lost its majority: {run} of {members.Count} members run; see tide recover pd "
                + seen.Cluster.Metadata.Name;
    }

    public static string Stranger(TidbSeen seen) =>
        $"PD at {TidbNames.PdUrl(seen.Cluster)} is not the one that this cluster began with "
        + $"(cluster id {seen.Cluster.Status?.ClusterID})";

    public static int StoresUp(TidbSeen seen, string component) =>
        Of(seen)?.Stores.Count(store => store.State == "Up" && IsOf(seen, store, component)) ?? 0;

    /// <summary>
    /// Those that are Up and whose pod runs: PD calls a store Up for a while after its last word.
    /// </summary>
    public static int StoresServing(TidbSeen seen, string component) =>
        Of(seen)?.Stores.Count(store => store.State == "Up" && IsOf(seen, store, component)
            && seen.Pods.Any(pod => pod.Name == store.PodName && pod.Ready)) ?? 0;

    public static bool IsOf(TidbSeen seen, StoreSeen store, string component) =>
        Ordinal.Of(store.PodName, TidbNames.Set(seen.Cluster, component)) is not null;

    /// <summary>
    /// The technical reason is told only when a pod claims to be ready, as before that it is the ordinary case and
    /// changes from moment to moment.
    /// </summary>
    private static string Silence(TidbSeen seen)
    {
        if (LostMajority(seen) is { } lost)
            return lost;
        var ready = seen.Pods.Any(pod => pod.Component == Component.Pd && pod.Ready);
        return ready ? $"PD does not answer: {seen.Pd.WhyUnknown}" : "PD does not answer yet";
    }
}
