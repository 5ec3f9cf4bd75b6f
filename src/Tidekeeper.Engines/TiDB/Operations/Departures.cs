using Tidekeeper.Engines.TiDB.Objects;
using Tidekeeper.Engines.TiDB.Steps;
using Tidekeeper.Model.Admin.TiDB;
using Tidekeeper.Model.Crds;

namespace Tidekeeper.Engines.TiDB.Operations;

/// <summary>
/// A store leaves: PD moves its regions away (Offline) and buries it (Tombstone). Before that it is checked that what
/// stays can hold everything; until then it can be called back.
/// </summary>
internal static class Departures
{
    // PD stops balancing onto stores that are fuller than this (low-space-ratio).
    private const double FullAt = 0.8;

    private static readonly TimeSpan ToRegister = TimeSpan.FromSeconds(150);

    /// <summary>What comes before the pod may go; null when PD has nothing of it any more.</summary>
    public static Step? Decide(Draft draft, SetChange change, Member leaver)
    {
        if (PdFacts.Of(draft.Seen) is not { } pd)
            return ScaleIn.Wait(draft, $"{leaver.PodName} is to leave: {PdFacts.WhyNoQuorum(draft.Seen)}");
        if (leaver.Store is not { } store)
            return MayStillRegister(draft, pd, leaver);
        if (store.State == "Offline")
            return ScaleIn.Wait(draft, Leaving(draft, leaver, store));
        // What the gate waits for passes; only where nothing is amiss is it the number of replicas that is.
        if (Disruption.WhyNot(draft, leaver) is { } why)
            return ScaleIn.NotYet(draft, leaver, why);
        if (Refusal(draft, pd, change, leaver, store) is { } refusal)
        {
            return new Step.Hold(refusal, Patience.ForKubernetes)
            {
                Reason = TidbReasons.ScaleInRefused,
                NeedsPerson = true
            };
        }

        var call = new AdminCall(
            "DELETE", $"{TidbNames.PdUrl(draft.Seen.Cluster)}/pd/api/v1/store/{store.Id}", null,
            $"PD to empty store {store.Id} ({leaver.PodName})");
        var ask = new Act.Ask(call, ScaleIn.Why(change))
        {
            MovesLoad = true,
            Undertaking = ScaleIn.Undertaking(change)
        };
        return new Step.Do([.. LeftoverClaims.Mark(draft, leaver), ask]);
    }

    /// <summary>
    /// A store that the operator sent away and that is wanted again is called back. One that somebody else sent away is
    /// left to them.
    /// </summary>
    public static Step Recall(Draft draft)
    {
        if (PdFacts.Of(draft.Seen) is null)
            return new Step.Done();
        var acts = new List<Act>();
        foreach (var component in (string[])[Component.Tikv, Component.Tiflash])
        {
            foreach (var member in draft.Members(component))
            {
                if (member.Store is { State: "Offline" } store && Record(draft, store) is not null
                    && draft.Set(component) is { } change && member.Ordinal < change.WantedReplicas)
                {
                    var url = $"{TidbNames.PdUrl(draft.Seen.Cluster)}/pd/api/v1/store/{store.Id}/state?state=Up";
                    acts.Add(new Act.Ask(
                        new AdminCall("POST", url, null, $"PD to keep store {store.Id} ({member.PodName})"),
                        ScaleIn.Why(change)));
                }
            }
        }

        return acts.Count > 0 ? new Step.Do(acts) : new Step.Done();
    }

    /// <summary>The stores that the operator has sent away, by id, to be remembered in the status.</summary>
    public static SortedDictionary<string, LeavingStore>? Records(Draft draft, PdSeen pd, Plan plan, string component)
    {
        var records = new SortedDictionary<string, LeavingStore>(StringComparer.Ordinal);
        foreach (var member in draft.Members(component))
        {
            if (member.Store is not { } store)
                continue;
            var record = Record(draft, store);
            var begins = plan.Acts.Any(act => act is Act.Ask { Call: { Method: "DELETE" } call }
                && call.Url.EndsWith($"/pd/api/v1/store/{store.Id}", StringComparison.Ordinal));
            var isLeaver = ScaleIn.Leaver(draft, component)?.PodName == member.PodName;
            if (begins || (store.State == "Offline" && (record is not null || isLeaver)))
            {
                records[store.Id] = record ?? new LeavingStore
                {
                    PodName = member.PodName,
                    Since = draft.Seen.Now,
                    RegionsBefore = store.Regions
                };
            }
        }

        return records.Count > 0 ? records : null;
    }

    private static LeavingStore? Record(Draft draft, StoreSeen store)
    {
        var status = draft.Seen.Status();
        return status?.Tikv?.LeavingStores?.GetValueOrDefault(store.Id)
            ?? status?.Tiflash?.LeavingStores?.GetValueOrDefault(store.Id);
    }

    private static string Leaving(Draft draft, Member leaver, StoreSeen store)
    {
        var before = Math.Max(Record(draft, store)?.RegionsBefore ?? 0, store.Regions);
        var text = $"{leaver.PodName} leaves: store {store.Id} still has {store.Regions} of {before} regions";
        return store.IsTiflash
            ? text + "; PD keeps replicas that tables ask for: see ALTER TABLE … SET TIFLASH REPLICA"
            : text;
    }

    /// <summary>A process that runs without a store may be about to register one.</summary>
    private static Step? MayStillRegister(Draft draft, PdSeen pd, Member leaver)
    {
        if (pd.Stores.Any(store => store.PodName == leaver.PodName && Record(draft, store) is not null))
            return null;
        var age = draft.Seen.Now - (leaver.Pod?.Created ?? DateTimeOffset.MinValue);
        return pd.Bootstrapped && leaver.Pod is { Ready: true } && age < ToRegister
            ? ScaleIn.Wait(draft, $"{leaver.PodName} is to leave and may still be registering its store")
            : null;
    }

    private static string? Refusal(Draft draft, PdSeen pd, SetChange change, Member leaver, StoreSeen store)
    {
        if (store.IsTiflash)
            return null;
        var field = $"spec.{change.Component.Name}.replicas";
        var staying = pd.Stores
            .Where(one => one is { State: "Up", IsTiflash: false } && one.Id != store.Id).ToList();
        if (staying.Count < pd.MaxReplicas)
        {
            return $"{field}: {change.WantedReplicas} wanted, but {Stores(staying.Count)} would be Up "
                + $"without {leaver.PodName}, and PD keeps {pd.MaxReplicas} replicas of every region (max-replicas); "
                + $"write at least {Math.Max(pd.MaxReplicas, change.Current!.Replicas)}, or lower "
                + "replication.max-replicas first";
        }

        var room = staying.Sum(one => Room(one));
        return store.UsedBytes > room && staying.All(one => one.AvailableBytes > 0)
            ? $"{field}: {change.WantedReplicas} wanted, but {leaver.PodName} holds {PdSize.Print(store.UsedBytes)} "
                + $"and the {staying.Count} others have room for {PdSize.Print(room)} until they are {FullAt:P0} full; "
                + $"write {change.Current!.Replicas}, or enlarge the volumes first"
            : null;
    }

    private static long Room(StoreSeen store) =>
        Math.Max(0, (long)(FullAt * (store.UsedBytes + store.AvailableBytes)) - store.UsedBytes);

    private static string Stores(int count) => count == 1 ? "1 store" : $"{count} stores";
}
