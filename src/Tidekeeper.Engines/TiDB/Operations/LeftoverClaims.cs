using System.Globalization;
using System.Text.Json.Nodes;
using Tidekeeper.Engines.TiDB.Objects;
using Tidekeeper.Engines.TiDB.Steps;
using Tidekeeper.Model.Crds;
using Tidekeeper.Model.Kubernetes;

namespace Tidekeeper.Engines.TiDB.Operations;

/// <summary>
/// Claims whose pod is scaled in. They are kept and marked as in v1, before the database lets go of the member, so that
/// nobody ever begins with the data of one that is gone. A marked claim is deleted when its ordinal is used again; the
/// mark goes when the member stays after all. Whoever removes the mark keeps the data.
/// </summary>
internal static class LeftoverClaims
{
    /// <summary>Marks the claims of a member that is about to be let go of.</summary>
    public static IEnumerable<Act> Mark(Draft draft, Member leaver) =>
        leaver.Component.Name is Component.Pd or Component.Tikv or Component.Tiflash
            ? Of(draft, leaver.Component, leaver.Ordinal).SelectMany(claim => Mark(draft, claim, leaver.PodName))
            : [];

    /// <summary>One claim, unless it is marked already.</summary>
    public static IEnumerable<Act> Mark(Draft draft, ObservedClaim claim, string who)
    {
        var now = draft.Seen.Now.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        return claim.DeferDeleting.Length == 0
            ? [Write(draft, claim, now, $"{who} leaves, and its data will be of no use")]
            : [];
    }

    /// <summary>Takes the mark back where the member stays after all.</summary>
    public static Step Unmark(Draft draft)
    {
        if (PdFacts.Of(draft.Seen) is null)
            return new Step.Done();
        var acts = new List<Act>();
        foreach (var member in draft.AllMembers)
        {
            // Only one that serves: of the others it is not certain yet that they stay.
            if (member is { IsServing: true, IsKnownToDatabase: true, Store: null or { State: "Up" } }
                && ScaleIn.Leaver(draft, member.Component.Name)?.PodName != member.PodName)
            {
                acts.AddRange(
                    from claim in Of(draft, member.Component, member.Ordinal)
                    where claim.DeferDeleting.Length > 0
                    select Write(draft, claim, "", $"{member.PodName} stays"));
            }
        }

        return acts.Count > 0 ? new Step.Do(acts) : new Step.Done();
    }

    private static Act.Apply Write(Draft draft, ObservedClaim claim, string mark, string why) =>
        new(Document(draft, claim, mark), why) { SeenUid = claim.Uid };

    /// <summary>Everything that is ours to say of a claim: what is left out of it is taken back.</summary>
    public static JsonObject Document(Draft draft, ObservedClaim claim, string deferDeleting)
    {
        var metadata = new JsonObject { ["name"] = claim.Name, ["namespace"] = claim.Namespace };
        if (deferDeleting.Length > 0)
            metadata["annotations"] = new JsonObject { [Labels.DeferDeleting] = deferDeleting };
        if (Retention.DiesWithCluster(draft.Seen))
        {
            metadata["ownerReferences"] = new JsonArray(new JsonObject
            {
                ["apiVersion"] = "pingcap.com/v1alpha1",
                ["kind"] = "TidbCluster",
                ["name"] = draft.Seen.Cluster.Metadata.Name,
                ["uid"] = draft.Seen.Cluster.Metadata.Uid,
                ["controller"] = true
            });
        }

        return new JsonObject { ["apiVersion"] = "v1", ["kind"] = "PersistentVolumeClaim", ["metadata"] = metadata };
    }

    /// <summary>
    /// How many ordinals have claims that are not left over: so many members there were. One that is marked and whose
    /// store still leaves is among them.
    /// </summary>
    public static int Places(TidbSeen seen, Component component)
    {
        if (component.Name is not (Component.Pd or Component.Tikv or Component.Tiflash))
            return 0;
        var places = 0;
        var leaving = (seen.Status()?.Tikv?.LeavingStores?.Values ?? Enumerable.Empty<LeavingStore>())
            .Concat(seen.Status()?.Tiflash?.LeavingStores?.Values ?? Enumerable.Empty<LeavingStore>())
            .Select(one => one.PodName).ToList();
        foreach (var claim in seen.Claims.Where(one => one.Deleting is null))
        {
            var at = claim.Name.IndexOf($"-{component.SetName}-", StringComparison.Ordinal);
            if (at <= 0 || Ordinal.Of(claim.Name[(at + 1)..], component.SetName) is not { } ordinal)
                continue;
            if (claim.DeferDeleting.Length == 0 || leaving.Contains(claim.Name[(at + 1)..]))
                places = Math.Max(places, ordinal + 1);
        }

        return places;
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
    public static bool IsInUse(Draft draft, SetChange change, ObservedClaim claim)
    {
        if (PdFacts.Of(draft.Seen) is not { } pd)
            return true;
        var pod = claim.Name[claim.Name.IndexOf(change.Component.SetName, StringComparison.Ordinal)..];
        return draft.Seen.Pods.Any(one => one.Name == pod)
            || pd.Members.Any(one => one.Name == TidbNames.Member(draft.Seen.Cluster, pod))
            || pd.Stores.Any(one => one.PodName == pod && one.IsKept);
    }
}
