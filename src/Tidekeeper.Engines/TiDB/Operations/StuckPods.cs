using Tidekeeper.Engines.TiDB.Objects;
using Tidekeeper.Engines.TiDB.Steps;
using Tidekeeper.Model.Crds;
using Tidekeeper.Model.Kubernetes;

namespace Tidekeeper.Engines.TiDB.Operations;

/// <summary>
/// Pods that cannot begin anew: those whose claim is gone, and, once the database has let go of their member, those
/// that stand on the data of the one that is gone and those that wait out a back-off whose reason is over.
/// </summary>
internal static class StuckPods
{
    private static readonly string[] WithData = [Component.Pd, Component.Tikv, Component.Tiflash];

    public static Step Decide(Draft draft)
    {
        foreach (var member in WithData.SelectMany(component => draft.Members(component)))
        {
            if (LacksClaim(draft, member) is { } why)
                return new Step.Do([Delete(member.Pod!, why)]);
        }

        if (PdFacts.Of(draft.Seen) is not { HasQuorum: true })
            return new Step.Done();
        foreach (var member in WithData.SelectMany(component => draft.Members(component)))
        {
            if (IsStuck(draft, member) && Acts(draft, member) is { Count: > 0 } acts)
                return new Step.Do(acts);
        }

        return new Step.Done();
    }

    /// <summary>
    /// A scheduler that has not heard of a claim's deletion yet binds the pod that comes next: then the claim waits for
    /// the pod, and the pod for a claim that stays. Without a node, a pod outlives its claim, and before Kubernetes
    /// 1.27 nobody makes another claim for a pod that exists. It has not run, so nothing is lost with it.
    /// </summary>
    private static string? LacksClaim(Draft draft, Member member)
    {
        if (member.Pod is not { Phase: "Pending", Deleting: null } pod)
            return null;
        if (pod.Node.Length > 0)
        {
            return LeftoverClaims.Of(draft, member.Component, member.Ordinal)
                .FirstOrDefault(claim => pod.Created >= claim.Deleting) is { } going
                ? $"claim {going.Name} was being deleted before it was made, so it cannot start"
                : null;
        }

        return pod.UnscheduledReason.Length > 0 && LastServed.DataClaim(draft, member) is null
            && draft.Seen.Now - pod.Created > Patience.ForKubernetes
                ? "its claim is gone, and another one is only made for a new pod"
                : null;
    }

    private static bool IsStuck(Draft draft, Member member) =>
        member is { Pod: { Ready: false, Deleting: null }, IsKnownToDatabase: false }
        && draft.Set(member.Component.Name) is { Current: { } set } change
        && member.Ordinal < Math.Min(set.Replicas, change.WantedReplicas);

    private static List<Act> Acts(Draft draft, Member member)
    {
        var acts = new List<Act>();
        var marked = LeftoverClaims.Of(draft, member.Component, member.Ordinal)
            .Where(claim => claim.DeferDeleting.Length > 0).ToList();
        foreach (var claim in marked.Where(one => one.Deleting is null))
        {
            acts.Add(new Act.Delete(
                "v1", "PersistentVolumeClaim", claim.Namespace, claim.Name, claim.Uid, claim.ResourceVersion,
                "its member is gone and its ordinal is used again")
            {
                IsLeftover = true
            });
        }

        if (marked.Count > 0)
            acts.Add(Delete(member.Pod!, "it stands on the data of a member that is gone"));
        else if (IsBackingOff(draft, member))
            acts.Add(Delete(member.Pod!, "PD has given up the store that was in its way"));
        return acts;
    }

    private static bool IsBackingOff(Draft draft, Member member) =>
        member.Pod!.WaitingReason == "CrashLoopBackOff"
        && Failures.Of(draft, member) is FailureStore { StoreDeleted: true } record
        && member.Pod.Created < record.Since;

    // As it was seen: with its claim gone it may start before the request arrives, and then it is well.
    private static Act.Delete Delete(ObservedPod pod, string why) =>
        new("v1", "Pod", pod.Namespace, pod.Name, pod.Uid, pod.ResourceVersion, why)
        {
            Undertaking = Replacement.Undertaking(pod.Name)
        };
}
