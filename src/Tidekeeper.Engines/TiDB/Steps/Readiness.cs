using Tidekeeper.Engines.TiDB.Objects;
using Tidekeeper.Engines.TiDB.Operations;

namespace Tidekeeper.Engines.TiDB.Steps;

/// <summary>
/// Whether the cluster serves as the spec wants it, with v1's reason and a sentence that names who does not.
/// </summary>
internal sealed record Readiness(bool IsReady, string Reason, string Message)
{
    /// <summary>The cluster is ready when Kubernetes and the database agree that it is.</summary>
    public static Readiness Of(Draft draft)
    {
        var seen = draft.Seen;
        if (Suspension.Tell(draft) is { } suspended)
            return new Readiness(false, TidbReasons.Suspended, suspended);
        if (draft.Set(Component.Pd) is not null && PdFacts.LostMajority(seen) is { } lost)
            return new Readiness(false, TidbReasons.PDUnhealthy, lost);
        foreach (var set in draft.Sets)
        {
            if (NotUpToDate(draft, set) is { } why)
            {
                // What is not there yet waits for somebody, and a pod in trouble is why: it is the news.
                var trouble = set.Current is null ? FirstTrouble(draft) : null;
                return new Readiness(false, TidbReasons.StatefulSetNotUpToDate, trouble ?? why);
            }
        }

        (string Component, string Reason, Func<Draft, string?> Check)[] checks =
        [
            (Component.Pd, TidbReasons.PDUnhealthy, Pd),
            (Component.Tikv, TidbReasons.TiKVStoreNotUp, d => Stores(d, Component.Tikv, "TiKV")),
            (Component.Tidb, TidbReasons.TiDBUnhealthy, Tidb),
            (Component.Tiflash, TidbReasons.TiFlashStoreNotUp, d => Stores(d, Component.Tiflash, "TiFlash"))
        ];
        foreach (var (component, reason, check) in checks)
        {
            if (draft.Set(component) is null)
                continue;
            if ((PodsNotReady(draft, component) ?? check(draft)) is { } why)
                return new Readiness(false, reason, why);
        }

        return new Readiness(true, TidbReasons.Ready, "PD, TiKV and TiDB serve as the spec wants them");
    }

    /// <summary>
    /// Whether SQL is served at all: a PD that decides, a majority of the stores, and one TiDB. Null when unknown.
    /// </summary>
    public static (bool? Holds, string Why) Availability(Draft draft)
    {
        var seen = draft.Seen;
        if (draft.Set(Component.Tidb) is null)
            return (false, "spec.tidb is missing, so nobody serves SQL");
        if (PdFacts.LostMajority(seen) is { } lost)
            return (false, lost);
        if (PdFacts.Of(seen) is not { } pd)
            return (seen.Status()?.ClusterID is { Length: > 0 } ? null : false, PdFacts.WhyNoQuorum(seen)!);
        if (!pd.HasQuorum)
            return (false, PdFacts.WhyNoQuorum(seen) ?? "PD has no majority");
        var serving = PdFacts.StoresServing(seen, Component.Tikv);
        var stores = pd.Stores.Count(s => s.State is not "Tombstone" && PdFacts.IsOf(seen, s, Component.Tikv));
        if (serving == 0 || serving <= stores / 2)
            return (false, $"{serving} of {stores} TiKV stores serve, which is no majority");
        var servers = seen.TidbHealth.Count(entry => entry.Value.Is(out var health) && health.Healthy);
        return servers > 0 ? (true, "SQL is served") : (false, "no TiDB serves");
    }

    /// <summary>Pods that run on an older spec than the present one, in the order in which they start.</summary>
    public static IEnumerable<string> OutdatedPods(Draft draft) =>
        from member in draft.AllMembers
        where member.IsOutdated
        select member.PodName;

    internal static IEnumerable<Model.Kubernetes.ObservedPod> PodsOf(Draft draft, string component)
    {
        var set = TidbNames.Set(draft.Seen.Cluster, component);
        return draft.Seen.Pods.Where(pod => pod.Component == component && Ordinal.Of(pod.Name, set) is not null)
            .OrderBy(pod => pod.Ordinal);
    }

    private static string? FirstTrouble(Draft draft) =>
        draft.Sets.SelectMany(set => PodsOf(draft, set.Component.Name))
            .Select(pod => Pods.Of(draft.Seen, pod)).FirstOrDefault(trouble => trouble is not null);

    private static string? NotUpToDate(Draft draft, SetChange change)
    {
        var name = change.Component.SetName;
        if (change.Current is not { } set)
            return $"StatefulSet {name} does not exist yet";
        if (set.Replicas != change.WantedReplicas)
        {
            return $"StatefulSet {name} has {set.Replicas} replicas, {change.WantedReplicas} are wanted"
                + (change.GrowsInSteps ? $"; at most {SetChange.MostStarting} pods start at a time" : "");
        }

        if (MissingPods.Count(draft, change) is { } count)
            return count;
        var members = draft.Members(change.Component.Name);
        var outdated = members.Count(member => member.IsOutdated);
        return outdated > 0
            ? $"{members.Count - outdated} of {members.Count} pods of {Titles.Of(change.Component.Name)} have the "
                + "present spec"
            : null;
    }

    private static string? PodsNotReady(Draft draft, string component)
    {
        var wanted = draft.Set(component)!.WantedReplicas;
        var pods = PodsOf(draft, component).ToList();
        var waiting = pods.Where(pod => !pod.Ready).ToList();
        foreach (var pod in waiting)
        {
            if (Pods.Of(draft.Seen, pod) is { } trouble)
                return trouble;
        }

        if (waiting.Count > 0)
            return waiting is [var only]
                ? $"pod {only.Name} is not ready"
                : $"pods {string.Join(", ", waiting.Select(pod => pod.Name))} are not ready";
        return pods.Count == wanted ? null : $"{pods.Count} of {wanted} pods of {component} exist";
    }

    private static string? Pd(Draft draft)
    {
        if (PdFacts.WhyNoQuorum(draft.Seen) is { } why)
            return why;
        var pd = PdFacts.Of(draft.Seen)!;
        var ill = pd.Members.Where(member => !member.Healthy).Select(member => member.Name).ToList();
        if (ill.Count > 0)
            return $"PD member {string.Join(", ", ill)} is not healthy";
        foreach (var pod in PodsOf(draft, Component.Pd))
        {
            var name = TidbNames.Member(draft.Seen.Cluster, pod.Name);
            if (pd.Members.All(member => member.Name != name))
                return $"{pod.Name} is no member of PD yet";
        }

        return null;
    }

    private static string? Stores(Draft draft, string component, string title)
    {
        if (PdFacts.Of(draft.Seen) is not { } pd)
            return PdFacts.WhyNoQuorum(draft.Seen);
        foreach (var pod in PodsOf(draft, component))
        {
            var store = pd.Stores.FirstOrDefault(store => store.PodName == pod.Name && store.State != "Tombstone");
            if (store is null)
                return $"{pod.Name} has no {title} store at PD yet";
            if (store.PhysicallyDestroyed)
                return $"PD makes anew the replicas that were on store {store.Id} ({pod.Name}): {store.Regions} left";
            if (store.State != "Up")
                return $"{title} store {store.Id} ({pod.Name}) is {store.State}";
        }

        return null;
    }

    private static string? Tidb(Draft draft)
    {
        foreach (var pod in PodsOf(draft, Component.Tidb))
        {
            if (!draft.Seen.TidbHealth.TryGetValue(pod.Name, out var known) || !known.Is(out var health))
                return $"{pod.Name} does not tell its health yet";
            if (!health.Healthy)
                return $"{pod.Name} is not healthy: {health.Problem}";
        }

        return null;
    }
}
