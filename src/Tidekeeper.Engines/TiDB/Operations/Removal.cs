using Tidekeeper.Engines.TiDB.Objects;
using Tidekeeper.Engines.TiDB.Steps;
using Tidekeeper.Model.Kubernetes;

namespace Tidekeeper.Engines.TiDB.Operations;

/// <summary>
/// A component that the spec does not have any more. TiDB holds no data; TiFlash holds copies that PD must let go of
/// first. Nobody can mean to remove PD or TiKV, which are the database.
/// </summary>
internal static class Removal
{
    public static Step Decide(Draft draft, string component)
    {
        var name = TidbNames.Set(draft.Seen.Cluster, component);
        var set = draft.Seen.StatefulSets.FirstOrDefault(one => one.Name == name);
        if (set is null || Ownership.IsForeign(draft.Seen, set))
            return component is Component.Tidb or Component.Tiflash ? Rest(draft, component) : new Step.Done();
        if (component is not (Component.Tidb or Component.Tiflash))
        {
            return new Step.Hold(
                $"spec.{component} is gone, but StatefulSet {name} exists; without {Titles.Of(component)} there is no "
                + $"database: put spec.{component} back, or delete the whole cluster", Patience.ForPeople)
            {
                Reason = TidbReasons.RemovalRefused,
                NeedsPerson = true
            };
        }

        if (set.Deleting is not null)
            return new Step.Hold($"StatefulSet {name} is being deleted", Patience.ForKubernetes);
        if (component == Component.Tiflash && Emptied(draft) is { } first)
            return first;
        return new Step.Do(
        [
            .. Claims(draft, set).SelectMany(claim => LeftoverClaims.Mark(draft, claim, name)),
            new Act.Delete("apps/v1", "StatefulSet", set.Namespace, name, set.Uid, null, $"spec.{component} is gone")
            {
                Undertaking = $"remove-{component}"
            }
        ]);
    }

    /// <summary>One store after another is sent away and buried; null when none is left.</summary>
    private static Step? Emptied(Draft draft)
    {
        if (PdFacts.Of(draft.Seen) is not { HasQuorum: true } pd)
        {
            return new Step.Hold(
                $"TiFlash is to leave: {PdFacts.WhyNoQuorum(draft.Seen)}", Patience.ForDatabase(draft.Seen));
        }

        var store = pd.Stores.Where(one => one.State != "Tombstone" && !one.PhysicallyDestroyed)
            .OrderByDescending(one => one.State == "Offline")
            .FirstOrDefault(one => PdFacts.IsOf(draft.Seen, one, Component.Tiflash));
        if (store is null)
            return null;
        if (store.State == "Offline")
        {
            return new Step.Hold(
                $"{store.PodName} leaves: store {store.Id} still has {store.Regions} regions; PD keeps replicas that "
                + "tables ask for: see ALTER TABLE … SET TIFLASH REPLICA 0", Patience.ForDatabase(draft.Seen))
            {
                Reason = TidbReasons.ScalingIn
            };
        }

        var call = new AdminCall(
            "DELETE", $"{TidbNames.PdUrl(draft.Seen.Cluster)}/pd/api/v1/store/{store.Id}", null,
            $"PD to empty store {store.Id} ({store.PodName})");
        return new Step.Do(new Act.Ask(call, "spec.tiflash is gone")
        {
            MovesLoad = true,
            Undertaking = "remove-tiflash"
        });
    }

    /// <summary>What surrounded the pods goes when they have gone.</summary>
    private static Step Rest(Draft draft, string component)
    {
        if (draft.Seen.Pods.Any(pod => pod.Component == component))
            return new Step.Done();
        var acts = draft.Seen.Objects
            .Where(one => one.Component == component && one.OwnerUid == draft.Seen.Cluster.Metadata.Uid)
            .Where(one => one.Kind is "Service" or "ConfigMap" or "PodDisruptionBudget" && one.Deleting is null)
            .Select(one => new Act.Delete(
                one.ApiVersion, one.Kind, one.Namespace, one.Name, one.Uid, null, $"spec.{component} is gone"))
            .ToList<Act>();
        return acts.Count > 0 ? new Step.Do(acts) : new Step.Done();
    }

    private static IEnumerable<ObservedClaim> Claims(Draft draft, ObservedStatefulSet set) =>
        set.Component == Component.Tiflash
            ? draft.Seen.Claims.Where(claim => claim.Component == Component.Tiflash)
            : [];
}
