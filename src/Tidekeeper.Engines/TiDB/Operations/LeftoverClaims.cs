using System.Globalization;
using System.Text.Json.Nodes;
using Tidekeeper.Engines.TiDB.Objects;
using Tidekeeper.Engines.TiDB.Steps;
using Tidekeeper.Model.Kubernetes;

namespace Tidekeeper.Engines.TiDB.Operations;

/// <summary>
/// Claims whose pod was scaled in. They are kept and marked as in v1; a marked one is deleted when its ordinal is used
/// again, as a member cannot begin with the data of one that is gone. Whoever removes the mark keeps the data.
/// </summary>
internal static class LeftoverClaims
{
    /// <summary>Marks the claims of a member that the database has let go of.</summary>
    public static IEnumerable<Act> Mark(Draft draft, Member leaver)
    {
        if (leaver.Component.Name is not (Component.Pd or Component.Tikv or Component.Tiflash))
            yield break;
        foreach (var claim in Of(draft, leaver.Component, leaver.Ordinal).Where(one => one.DeferDeleting.Length == 0))
        {
            yield return new Act.Apply(new JsonObject
            {
                ["apiVersion"] = "v1",
                ["kind"] = "PersistentVolumeClaim",
                ["metadata"] = new JsonObject
                {
                    ["name"] = claim.Name,
                    ["namespace"] = claim.Namespace,
                    ["annotations"] = new JsonObject
                    {
                        [Labels.DeferDeleting] =
                            draft.Seen.Now.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)
                    }
                }
            }, $"its data belongs to {leaver.PodName}, which has left")
            {
                SeenUid = claim.Uid
            };
        }
    }

    /// <summary>
    /// What keeps a StatefulSet from growing into ordinals whose claims are left over; null when nothing does.
    /// </summary>
    public static Step? BeforeGrowth(Draft draft, SetChange change)
    {
        if (change.Current is not { } set || change.WantedReplicas <= set.Replicas)
            return null;
        var claims = Enumerable.Range(set.Replicas, change.WantedReplicas - set.Replicas)
            .SelectMany(ordinal => Of(draft, change.Component, ordinal))
            .Where(claim => claim.DeferDeleting.Length > 0 || claim.Deleting is not null).ToList();
        if (claims.Count == 0)
            return null;
        if (claims.FirstOrDefault(claim => IsInUse(draft, change, claim)) is { } used)
        {
            return new Step.Hold(
                $"claim {used.Name} is marked as left over, but PD still knows who used it", Patience.ForKubernetes);
        }

        var acts = claims.Where(claim => claim.Deleting is null).Select(claim => new Act.Delete(
            "v1", "PersistentVolumeClaim", claim.Namespace, claim.Name, claim.Uid, claim.ResourceVersion,
            "its member is gone and its ordinal is used again")
        {
            IsLeftover = true
        });
        return new Step.Hold(
            $"claim {claims[0].Name} of a member that is gone makes room for a new one", Patience.ForKubernetes,
            [.. acts]);
    }

    public static IEnumerable<ObservedClaim> Of(Draft draft, Component component, int ordinal)
    {
        var suffix = $"-{component.SetName}-{ordinal}";
        return draft.Seen.Claims.Where(claim => claim.Name.EndsWith(suffix, StringComparison.Ordinal)
            && (claim.Component.Length == 0 || claim.Component == component.Name));
    }

    /// <summary>Unless PD says that the member is gone, the data may still be the only copy.</summary>
    private static bool IsInUse(Draft draft, SetChange change, ObservedClaim claim)
    {
        if (PdFacts.Of(draft.Seen) is not { } pd)
            return true;
        var pod = claim.Name[claim.Name.IndexOf(change.Component.SetName, StringComparison.Ordinal)..];
        return draft.Seen.Pods.Any(one => one.Name == pod)
            || pd.Members.Any(one => one.Name == TidbNames.Member(draft.Seen.Cluster, pod))
            || pd.Stores.Any(one => one.PodName == pod && one is { PhysicallyDestroyed: false }
                && one.State != "Tombstone");
    }
}
