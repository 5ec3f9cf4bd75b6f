using Tidekeeper.Engines.TiDB.Objects;
using Tidekeeper.Engines.TiDB.Steps;

namespace Tidekeeper.Engines.TiDB.Operations;

/// <summary>
/// Stores that PD counts on and that no pod will ever work for again: a process registered one at the very moment at
/// which its pod was scaled in. Nobody waits for it to come back, so it would keep every other store from its turn.
/// </summary>
internal static class Orphans
{
    public static Step Decide(Draft draft)
    {
        if (PdFacts.Of(draft.Seen) is not { HasQuorum: true } pd)
            return new Step.Done();
        foreach (var component in (string[])[Component.Tikv, Component.Tiflash])
        {
            if (draft.Set(component) is not { Current: { } set } change || set.ObservedGeneration < set.Generation)
                continue;
            var places = Math.Max(set.Replicas, Math.Max(change.WantedReplicas, change.Component.Replicas));
            var orphan = pd.Stores.FirstOrDefault(store => store.State is "Disconnected" or "Down"
                && !store.PhysicallyDestroyed && PdFacts.IsOf(draft.Seen, store, component)
                && Ordinal.Of(store.PodName, change.Component.SetName) >= places
                && draft.Seen.Pods.All(pod => pod.Name != store.PodName));
            if (orphan is not null)
                return LetGo(draft, pd, orphan);
        }

        return new Step.Done();
    }

    private static Step LetGo(Draft draft, PdSeen pd, StoreSeen orphan)
    {
        var up = pd.Stores.Count(store => store is { State: "Up", IsTiflash: false });
        if (orphan is { Regions: > 0, IsTiflash: false } && up < pd.MaxReplicas)
        {
            return new Step.Hold(
                $"store {orphan.Id} ({orphan.PodName}) has {orphan.Regions} regions and no pod any more, and {up} "
                + $"stores are Up, where PD keeps {pd.MaxReplicas} replicas (max-replicas): bring a store back, or "
                + "raise spec.tikv.replicas so that it gets a pod again", Patience.ForPeople)
            {
                NeedsPerson = true
            };
        }

        var call = new AdminCall(
            "DELETE", $"{TidbNames.PdUrl(draft.Seen.Cluster)}/pd/api/v1/store/{orphan.Id}", null,
            $"PD to bury store {orphan.Id} ({orphan.PodName})");
        return new Step.Do(new Act.Ask(call, "it registered while its pod was scaled in, and no pod works for it")
        {
            MovesLoad = true
        });
    }
}
