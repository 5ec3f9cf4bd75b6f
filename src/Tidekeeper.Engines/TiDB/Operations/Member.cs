using Tidekeeper.Engines.TiDB.Adoption;
using Tidekeeper.Engines.TiDB.Objects;
using Tidekeeper.Engines.TiDB.Steps;
using Tidekeeper.Model.Crds;
using Tidekeeper.Model.Kubernetes;

namespace Tidekeeper.Engines.TiDB.Operations;

/// <summary>Whether a member does its part, judged from Kubernetes and the database together.</summary>
internal enum MemberState
{
    /// <summary>The database does not say.</summary>
    Unknown,

    /// <summary>Both sides agree that it serves.</summary>
    Serving,

    /// <summary>One side says that it serves, the other that it does not: it counts as unsettled.</summary>
    Doubtful,

    /// <summary>It does not serve, so nothing that is done to it can interrupt anybody.</summary>
    Down
}

/// <summary>
/// One place in a component: an ordinal of its StatefulSet, with the pod there and what the database knows of it.
/// </summary>
internal sealed record Member
{
    public required Component Component { get; init; }
    public required int Ordinal { get; init; }
    public required string PodName { get; init; }
    public required MemberState State { get; init; }

    /// <summary>Null while Kubernetes has made none.</summary>
    public ObservedPod? Pod { get; init; }

    /// <summary>Of PD: its entry in the member list.</summary>
    public PdMemberSeen? Voter { get; init; }

    /// <summary>Of TiKV and TiFlash: the store at its address that PD has not given up.</summary>
    public StoreSeen? Store { get; init; }

    /// <summary>Whether its pod was made from another wish than the present one.</summary>
    public bool IsOutdated { get; init; }

    /// <summary>
    /// Whether its pod runs with an earlier configuration, which is no reason to restart it: it takes the present one
    /// when it restarts for another.
    /// </summary>
    public bool HasEarlierConfig { get; init; }

    /// <summary>Whether somebody asked to have this very pod restarted.</summary>
    public bool IsWished => Pod is { Deleting: null, RestartWish.Length: > 0 };

    /// <summary>Whether its pod is to be made anew, for whatever reason.</summary>
    public bool IsDue => IsOutdated || IsWished;

    public bool IsServing => State == MemberState.Serving;

    /// <summary>Whether the database counts on it: then its absence is felt.</summary>
    public bool IsKnownToDatabase => Voter is not null || Store is not null;

    /// <summary>All places of a component in the order of their ordinals.</summary>
    public static IReadOnlyList<Member> Of(TidbSeen seen, SetChange change)
    {
        var component = change.Component;
        var pods = seen.Pods.Where(pod => pod.Component == component.Name)
            .Select(pod => (Pod: pod, Ordinal: TiDB.Ordinal.Of(pod.Name, component.SetName)))
            .Where(one => one.Ordinal is not null).ToList();
        var highest = pods.Count == 0 ? -1 : pods.Max(one => one.Ordinal!.Value);
        var places = Math.Max(change.Current?.Replicas ?? 0, highest + 1);
        var wish = new Wish(
            component, AdoptionMark.Of(seen.Cluster).Stage,
            ComponentStatuses.Stored(seen.Cluster, component.Name)?.OnlineConfig);
        return
        [
            .. Enumerable.Range(0, places).Select(ordinal =>
                At(seen, component, ordinal, pods.FirstOrDefault(one => one.Ordinal == ordinal).Pod, wish))
        ];
    }

    /// <summary>What pods of a component shall be made from.</summary>
    private sealed record Wish(
        Component Component, AdoptionStage Adoption, SortedDictionary<string, OnlineConfigStatus>? Records)
    {
        public bool IsNotOf(ObservedPod pod) =>
            !IsYetToBeCompared(pod) && IsOutdated(pod);

        public bool IsAheadOf(ObservedPod pod) =>
            !IsYetToBeCompared(pod) && HasEarlierConfig(pod);

        /// <summary>What v1 made says nothing of the wish that it was made from: that is found out first.</summary>
        private bool IsYetToBeCompared(ObservedPod pod) =>
            pod.Intent.Length == 0 && Adoption != AdoptionStage.None;

        private bool IsOutdated(ObservedPod pod) =>
            Intent.IsOutdated(Component, pod.Intent) || (Component.ConfigRestarts && Lacks(pod));

        private bool HasEarlierConfig(ObservedPod pod) =>
            !Component.ConfigRestarts && (Intent.HasOtherConfig(Component, pod.Intent) || Lacks(pod));

        private bool Lacks(ObservedPod pod) =>
            OnlinePart.Of(Component).Lacks(pod, Records?.GetValueOrDefault(pod.Name));
    }

    private static Member At(TidbSeen seen, Component component, int ordinal, ObservedPod? pod, Wish wish)
    {
        var name = TidbNames.Pod(seen.Cluster, component.Name, ordinal);
        var pd = PdFacts.Of(seen);
        var voter = component.Name == Component.Pd
            ? pd?.Members.FirstOrDefault(one => one.Name == TidbNames.Member(seen.Cluster, name))
            : null;
        var store = component.Name is Component.Tikv or Component.Tiflash
            ? pd?.Stores.LastOrDefault(one =>
                one.PodName == name && one.IsKept)
            : null;
        return new Member
        {
            Component = component,
            Ordinal = ordinal,
            PodName = name,
            Pod = pod,
            Voter = voter,
            Store = store,
            IsOutdated = pod is not null && wish.IsNotOf(pod),
            HasEarlierConfig = pod is not null && wish.IsAheadOf(pod),
            State = Judge(pod, DatabaseSays(seen, component, name, pd, pod, voter, store))
        };
    }

    /// <summary>Whether the database says that it serves; null when it says nothing.</summary>
    private static bool? DatabaseSays(
        TidbSeen seen, Component component, string name, PdSeen? pd, ObservedPod? pod, PdMemberSeen? voter,
        StoreSeen? store)
    {
        if (component.Name == Component.Tidb)
        {
            if (!seen.TidbHealth.TryGetValue(name, out var answer))
                return null;
            return answer.Is(out var health) ? health.Healthy : null;
        }

        if (pd is null)
            return null;
        return component.Name == Component.Pd
            ? voter is { Healthy: true }
            : store is { State: "Up" or "Offline" } && HasReported(seen, store, pod);
    }

    /// <summary>
    /// PD calls a store Up for a while after its process has ended, so what was heard before the pod started says
    /// nothing about it. The two times come from two clocks: after a while PD's word alone is taken.
    /// </summary>
    private static bool HasReported(TidbSeen seen, StoreSeen store, ObservedPod? pod) =>
        pod?.Started is not { } started || store.LastHeartbeat is not { } heard || heard >= started
        || seen.Now - started > Patience.ForHeartbeat;

    private static MemberState Judge(ObservedPod? pod, bool? database)
    {
        var runs = pod is { Deleting: null } && pod.Phase == "Running" && pod.WaitingReason.Length == 0;
        if (pod is { Ready: true })
        {
            return database switch
            {
                true => pod.Deleting is null ? MemberState.Serving : MemberState.Doubtful,
                false => MemberState.Doubtful,
                null => MemberState.Unknown
            };
        }

        return (runs, database) switch
        {
            (_, false) => MemberState.Down,
            (_, true) => MemberState.Doubtful,
            (true, null) => MemberState.Unknown,
            (false, null) => MemberState.Down
        };
    }
}
