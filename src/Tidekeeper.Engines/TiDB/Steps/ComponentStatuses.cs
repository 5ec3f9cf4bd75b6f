using Tidekeeper.Engines.TiDB.Objects;
using Tidekeeper.Engines.TiDB.Operations;
using Tidekeeper.Model.Crds;
using Tidekeeper.Model.Kubernetes;

namespace Tidekeeper.Engines.TiDB.Steps;

/// <summary>The status of each component, in v1's fields.</summary>
internal static class ComponentStatuses
{
    /// <summary>A component's status as it was written last; null when there is none.</summary>
    public static ComponentStatus? Stored(TidbCluster cluster, string component) => component switch
    {
        Component.Pd => cluster.Status?.Pd,
        Component.Tikv => cluster.Status?.Tikv,
        Component.Tiflash => cluster.Status?.Tiflash,
        Component.Tidb => cluster.Status?.Tidb,
        _ => null
    };

    public static PdComponentStatus? Pd(Draft draft, Plan plan)
    {
        var seen = draft.Seen;
        if (draft.Set(Component.Pd) is not { } change)
            return null;
        var before = seen.Status()?.Pd;
        var status = Fill(new PdComponentStatus(), draft, plan, change);
        if (PdFacts.Of(seen) is not { } pd)
        {
            return status with
            {
                Synced = false,
                Members = before?.Members,
                PeerMembers = before?.PeerMembers,
                FailureMembers = before?.FailureMembers,
                Leader = before?.Leader,
                LeaderWish = before?.LeaderWish
            };
        }

        var members = new SortedDictionary<string, PdMemberStatus>(StringComparer.Ordinal);
        var peers = new SortedDictionary<string, PdMemberStatus>(StringComparer.Ordinal);
        foreach (var member in pd.Members.Where(member => member.Name.Length > 0))
        {
            var own = Ordinal.Of(member.Name.Split('.')[0], change.Component.SetName) is not null;
            var old = (own ? before?.Members : before?.PeerMembers)?.GetValueOrDefault(member.Name);
            var place = draft.Members(Component.Pd).FirstOrDefault(one => one.Voter == member);
            var served = LastServed.Of(old, member.Id).Now(draft, place);
            (own ? members : peers)[member.Name] = new PdMemberStatus
            {
                Name = member.Name,
                Id = member.Id,
                ClientURL = member.ClientUrls.Count > 0 ? member.ClientUrls[0] : null,
                Health = member.Healthy,
                Node = served.Node,
                ClaimUID = served.ClaimUid,
                LastTransitionTime = old?.Health == member.Healthy ? old.LastTransitionTime : seen.Now
            };
        }

        return status with
        {
            Synced = true,
            Members = members,
            PeerMembers = peers.Count > 0 ? peers : null,
            Leader = members.GetValueOrDefault(pd.Leader) ?? peers.GetValueOrDefault(pd.Leader),
            FailureMembers = Failures.OfPd(draft),
            UnjoinedMembers = Unjoined(draft, pd, before),
            LeaderWish = PdLeaderWish.Fulfilled(draft, pd)
        };
    }

    public static TikvComponentStatus? Tikv(Draft draft, Plan plan)
    {
        if (draft.Set(Component.Tikv) is not { } change)
            return null;
        var before = draft.Seen.Status()?.Tikv;
        var status = Fill(new TikvComponentStatus(), draft, plan, change) with { FailoverUID = before?.FailoverUID };
        if (PdFacts.Of(draft.Seen) is not { } pd)
        {
            return status with
            {
                Synced = false,
                Bootstrapped = before?.Bootstrapped,
                Stores = before?.Stores,
                PeerStores = before?.PeerStores,
                TombstoneStores = before?.TombstoneStores,
                FailureStores = before?.FailureStores,
                EvictLeader = before?.EvictLeader,
                LeavingStores = before?.LeavingStores
            };
        }

        bool Own(StoreSeen store) => PdFacts.IsOf(draft.Seen, store, Component.Tikv);
        return status with
        {
            Synced = true,
            Bootstrapped = pd.Bootstrapped,
            Stores = Stores(draft, pd, before?.Stores, store => Own(store) && store.State != "Tombstone"),
            TombstoneStores =
                Stores(draft, pd, before?.TombstoneStores, store => Own(store) && store.State == "Tombstone"),
            PeerStores = Stores(draft, pd, before?.PeerStores, store => !Own(store) && !store.IsTiflash),
            EvictLeader = Evictions.Records(draft, pd, plan),
            FailureStores = Failures.OfStores(draft, Component.Tikv, before?.FailureStores),
            LeavingStores = Departures.Records(draft, pd, plan, Component.Tikv)
        };
    }

    public static TiflashComponentStatus? Tiflash(Draft draft, Plan plan)
    {
        if (draft.Set(Component.Tiflash) is not { } change)
            return null;
        var before = draft.Seen.Status()?.Tiflash;
        var status = Fill(new TiflashComponentStatus(), draft, plan, change) with { FailoverUID = before?.FailoverUID };
        if (PdFacts.Of(draft.Seen) is not { } pd)
        {
            return status with
            {
                Synced = false,
                Stores = before?.Stores,
                TombstoneStores = before?.TombstoneStores,
                FailureStores = before?.FailureStores,
                LeavingStores = before?.LeavingStores
            };
        }

        bool Own(StoreSeen store) => PdFacts.IsOf(draft.Seen, store, Component.Tiflash);
        return status with
        {
            Synced = true,
            Stores = Stores(draft, pd, before?.Stores, store => Own(store) && store.State != "Tombstone"),
            TombstoneStores =
                Stores(draft, pd, before?.TombstoneStores, store => Own(store) && store.State == "Tombstone"),
            FailureStores = Failures.OfStores(draft, Component.Tiflash, before?.FailureStores),
            LeavingStores = Departures.Records(draft, pd, plan, Component.Tiflash)
        };
    }

    public static TidbComponentStatus? Tidb(Draft draft, Plan plan)
    {
        if (draft.Set(Component.Tidb) is not { } change)
            return null;
        var before = draft.Seen.Status()?.Tidb;
        var members = new SortedDictionary<string, TidbMemberStatus>(StringComparer.Ordinal);
        foreach (var member in draft.Members(Component.Tidb))
        {
            // One whose pod is about to be made anew keeps its place, so that it is known since when it is away.
            var old = before?.Members?.GetValueOrDefault(member.PodName);
            if (member.Pod is null && (old is null || member.Ordinal >= change.WantedReplicas))
                continue;
            var healthy = draft.Seen.TidbHealth.TryGetValue(member.PodName, out var known)
                && known.Is(out var health) && health.Healthy;
            members[member.PodName] = new TidbMemberStatus
            {
                Name = member.PodName,
                Health = healthy,
                Node = member.Pod?.Node is { Length: > 0 } node ? node : null,
                LastTransitionTime = old?.Health == healthy ? old.LastTransitionTime : draft.Seen.Now
            };
        }

        return Fill(new TidbComponentStatus(), draft, plan, change) with
        {
            Members = members.Count > 0 ? members : null,
            FailureMembers = Failures.OfTidb(draft),
            PasswordInitialized = before?.PasswordInitialized
        };
    }

    private static T Fill<T>(T status, Draft draft, Plan plan, SetChange change)
        where T : ComponentStatus => status with
        {
            OnlineConfig = OnlineConfig.Records(draft, plan, change.Component.Name),
            Phase = Phase(draft, change),
            Image = change.Current?.Image,
            StatefulSet = change.Current is { } set ? Counters(set, change.Component) : null,
            Volumes = VolumeStatuses.Of(draft.Seen, change.Component)
        };

    private static string Phase(Draft draft, SetChange change)
    {
        if (Suspension.Wants(change.Component))
            return "Suspend";
        if (change.Current is not { } set)
            return "Normal";
        if (set.Replicas != change.WantedReplicas)
            return "Scale";
        return draft.Members(change.Component.Name).Any(member => member.IsOutdated) ? "Upgrade" : "Normal";
    }

    private static StatefulSetStatus Counters(ObservedStatefulSet set, Component component) => new()
    {
        Replicas = set.StatusReplicas,
        ReadyReplicas = set.ReadyReplicas,
        CurrentReplicas = set.CurrentReplicas,
        UpdatedReplicas = set.UpdatedReplicas,
        CurrentRevision = set.CurrentRevision,
        UpdateRevision = set.UpdateRevision,
        ObservedGeneration = set.ObservedGeneration,
        Selector = string.Join(',', component.Selector.Select(label => $"{label.Key}={label.Value}"))
    };

    private static SortedDictionary<string, UnjoinedMember>? Unjoined(Draft draft, PdSeen pd, PdComponentStatus? before)
    {
        var unjoined = new SortedDictionary<string, UnjoinedMember>(StringComparer.Ordinal);
        foreach (var pod in draft.Seen.Pods.Where(pod => pod.Component == Component.Pd))
        {
            var name = TidbNames.Member(draft.Seen.Cluster, pod.Name);
            if (pd.Members.All(member => member.Name != name))
            {
                unjoined[pod.Name] = before?.UnjoinedMembers?.GetValueOrDefault(pod.Name)
                    ?? new UnjoinedMember { PodName = pod.Name, CreatedAt = draft.Seen.Now };
            }
        }

        return unjoined.Count > 0 ? unjoined : null;
    }

    private static SortedDictionary<string, StoreStatus>? Stores(
        Draft draft, PdSeen pd, SortedDictionary<string, StoreStatus>? before, Func<StoreSeen, bool> which)
    {
        var stores = new SortedDictionary<string, StoreStatus>(StringComparer.Ordinal);
        foreach (var store in pd.Stores.Where(which))
        {
            var old = before?.GetValueOrDefault(store.Id);
            var served = LastServed.Of(old).Now(
                draft, draft.AllMembers.FirstOrDefault(one => one.Store?.Id == store.Id));
            stores[store.Id] = new StoreStatus
            {
                Id = store.Id,
                PodName = store.PodName,
                Ip = store.Address.Split(':')[0],
                State = store.State,
                Node = served.Node,
                ClaimUID = served.ClaimUid,
                LastTransitionTime = old?.State == store.State ? old.LastTransitionTime : draft.Seen.Now
            };
        }

        return stores.Count > 0 ? stores : null;
    }
}
