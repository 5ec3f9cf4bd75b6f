using Tidekeeper.Engines.TiDB.Objects;
using Tidekeeper.Engines.TiDB.Steps;
using Tidekeeper.Model.Crds;

namespace Tidekeeper.Engines.TiDB;

/// <summary>
/// What a cluster's status says, as numbers to alert on. What is the same for most clusters (nothing fails, nobody
/// waits) has no series, so that thousands of clusters stay cheap.
/// </summary>
public static class TidbReadings
{
    private static readonly Metric Condition = new(
        "tidekeeper_cluster_condition", MetricType.Gauge,
        "A condition of the cluster: 1 true, 0 false, -1 unknown; some exist only while they hold.", "condition");

    private static readonly Metric Wanted = new(
        "tidekeeper_cluster_replicas_wanted", MetricType.Gauge,
        "Pods that the component shall have: the declared ones and those that stand in for others.", "component");

    private static readonly Metric Current = new(
        "tidekeeper_cluster_replicas", MetricType.Gauge, "Pods that the component has.", "component");

    private static readonly Metric Ready = new(
        "tidekeeper_cluster_replicas_ready", MetricType.Gauge, "Pods of the component that are ready.", "component");

    private static readonly Metric Outdated = new(
        "tidekeeper_cluster_pods_outdated", MetricType.Gauge,
        "Pods that run on an earlier spec and are to be restarted; no series for none.", "component");

    private static readonly Metric Waiting = new(
        "tidekeeper_cluster_waiting_since_seconds", MetricType.Gauge,
        "Since when the cluster waits for something, in seconds since 1970; no series while it does not.", "reason");

    private static readonly Metric NeedsPerson = new(
        "tidekeeper_cluster_needs_person", MetricType.Gauge,
        "1 while the cluster waits for a person to do something; no series while it does not.", "reason");

    private static readonly Metric Undertaking = new(
        "tidekeeper_cluster_undertakings", MetricType.Gauge,
        "Changes that may interrupt somebody, by how far they are; no series for none.", "state");

    private static readonly Metric Failure = new(
        "tidekeeper_cluster_failures", MetricType.Gauge,
        "Members that are lost or may be, by where the failure stands; no series for none.", "component", "phase");

    private static readonly Metric Stores = new(
        "tidekeeper_cluster_stores", MetricType.Gauge, "Stores by the state that PD calls them; no series for none.",
        "component", "state");

    private static readonly Metric Evictions = new(
        "tidekeeper_cluster_evictions", MetricType.Gauge,
        "TiKV stores whose leaders are kept away or come back; no series for none.", "purpose");

    private static readonly Metric LeadersLeft = new(
        "tidekeeper_cluster_eviction_leaders_left", MetricType.Gauge,
        "Leaders that have not left yet, over all evictions of the cluster; no series while there is none.");

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Metric> All { get; } =
    [
        Condition, Wanted, Current, Ready, Outdated, Waiting, NeedsPerson, Undertaking, Failure, Stores, Evictions,
        LeadersLeft
    ];

    /// <summary>The numbers of a cluster, as of one look at it.</summary>
    public static IReadOnlyList<Reading> Of(TidbSeen seen, Plan plan, TidbClusterStatus status)
    {
        List<Reading> readings =
        [
            .. (status.Conditions ?? []).Select(one => new Reading(Condition, ValueOf(one), one.Type))
        ];
        if (Creation.Refusal(seen) is null)
            readings.AddRange(Draft.Of(seen).Sets.SelectMany(set => Pods(Draft.Of(seen), set)));
        if (status.Waiting?.Since is { } since && plan.FirstWait is { Hold: var wait })
            readings.Add(new(Waiting, since.ToUnixTimeSeconds(), wait.Reason));
        readings.AddRange(plan.Holds.Where(hold => hold.Hold.NeedsPerson).Select(hold => hold.Hold.Reason)
            .Distinct(StringComparer.Ordinal).Select(reason => new Reading(NeedsPerson, 1, reason)));
        readings.AddRange(Counted(status.Plan, one => (Undertaking, one.State ?? "", "")));
        readings.AddRange(Failures(status));
        readings.AddRange(Counted(status.Tikv?.Stores?.Values, one => (Stores, Component.Tikv, StateOf(one))));
        readings.AddRange(Counted(status.Tiflash?.Stores?.Values, one => (Stores, Component.Tiflash, StateOf(one))));
        readings.AddRange(Leaders(status.Tikv?.EvictLeader));
        return readings;
    }

    private static IEnumerable<Reading> Pods(Draft draft, SetChange set)
    {
        var component = set.Component.Name;
        yield return new(Wanted, Operations.Suspension.Wants(set.Component) ? 0 : set.WantedReplicas, component);
        yield return new(Current, set.Current?.StatusReplicas ?? 0, component);
        yield return new(Ready, set.Current?.ReadyReplicas ?? 0, component);
        if (draft.Members(component).Count(member => member.IsOutdated) is > 0 and var outdated)
            yield return new(Outdated, outdated, component);
    }

    private static IEnumerable<Reading> Failures(TidbClusterStatus status) =>
        Counted(status.Pd?.FailureMembers?.Values, one => (Failure, Component.Pd, one.Phase ?? ""))
            .Concat(Counted(status.Tikv?.FailureStores?.Values, one => (Failure, Component.Tikv, one.Phase ?? "")))
            .Concat(Counted(
                status.Tiflash?.FailureStores?.Values, one => (Failure, Component.Tiflash, one.Phase ?? "")))
            .Concat(Counted(status.Tidb?.FailureMembers?.Values, one => (Failure, Component.Tidb, one.Phase ?? "")));

    private static IEnumerable<Reading> Leaders(SortedDictionary<string, EvictLeaderStatus>? evictions)
    {
        if (evictions is not { Count: > 0 })
            return [];
        var left = evictions.Values.Where(one => one.EndTime is null).Sum(one => one.LeadersLeft);
        return Counted(evictions.Values, one => (Evictions, PurposeOf(one), "")).Append(new(LeadersLeft, left));
    }

    /// <summary>A person may write anything into the annotation behind it, or another program into PD.</summary>
    private static string PurposeOf(EvictLeaderStatus one) =>
        one.Value is "restart" or "drain" or "unknown" ? one.Value : "annotation";

    /// <summary>PD's own words, of which a later PD may know more.</summary>
    private static string StateOf(StoreStatus store) =>
        store.State is "Up" or "Disconnected" or "Down" or "Offline" or "Tombstone" ? store.State : "Other";

    private static IEnumerable<Reading> Counted<T>(
        IEnumerable<T>? all, Func<T, (Metric Metric, string First, string Second)> by) =>
        (all ?? []).GroupBy(by)
            .Select(group => new Reading(group.Key.Metric, group.Count(), group.Key.First, group.Key.Second));

    private static double ValueOf(ClusterCondition condition) => condition.Status switch
    {
        "True" => 1,
        "False" => 0,
        _ => -1
    };
}
