using Tidekeeper.Engines.TiDB.Steps;

namespace Tidekeeper.Engines.TiDB.Operations;

/// <summary>
/// What becomes of claims. With the cluster they go only where it owns them, which Kubernetes carries out although
/// neither the operator nor PD may be alive; after scaling in they go once PD has let go of who used them.
/// </summary>
internal static class Retention
{
    public static Step Decide(Draft draft)
    {
        var acts = new List<Act>();
        var owned = DiesWithCluster(draft.Seen);
        foreach (var claim in draft.Seen.Claims.Where(one => one.Deleting is null))
        {
            var isOwned = claim.OwnerUid == draft.Seen.Cluster.Metadata.Uid;
            if (isOwned == owned || (claim.OwnerUid.Length > 0 && !isOwned))
                continue;
            acts.Add(new Act.Apply(LeftoverClaims.Document(draft, claim, claim.DeferDeleting), owned
                ? "spec.retention.whenDeleted is Delete"
                : "spec.retention.whenDeleted is Retain")
            {
                SeenUid = claim.Uid
            });
        }

        acts.AddRange(ScaledIn(draft));
        return acts.Count > 0 ? new Step.Do(acts) : new Step.Done();
    }

    public static bool DiesWithCluster(TidbSeen seen) => seen.Cluster.Spec.Retention?.WhenDeleted == "Delete";

    private static IEnumerable<Act> ScaledIn(Draft draft)
    {
        var spec = draft.Seen.Cluster.Spec;
        if ((spec.Retention?.WhenScaled ?? (spec.EnablePVReclaim == true ? "Delete" : "Retain")) != "Delete")
            yield break;
        foreach (var change in draft.Sets.Where(one => one.Current is not null))
        {
            foreach (var claim in draft.Seen.Claims.Where(one => one is { Deleting: null, DeferDeleting.Length: > 0 }))
            {
                var at = claim.Name.IndexOf($"-{change.Component.SetName}-", StringComparison.Ordinal);
                var ordinal = at < 0 ? null : Ordinal.Of(claim.Name[(at + 1)..], change.Component.SetName);
                if (ordinal is null || ordinal < Math.Max(change.Current!.Replicas, change.WantedReplicas))
                    continue;
                if (!LeftoverClaims.IsInUse(draft, change, claim))
                {
                    yield return new Act.Delete(
                        "v1", "PersistentVolumeClaim", claim.Namespace, claim.Name, claim.Uid, claim.ResourceVersion,
                        "its member has left, and claims are not kept after scaling in")
                    {
                        IsLeftover = true
                    };
                }
            }
        }
    }
}
