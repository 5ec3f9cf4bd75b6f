namespace Tidekeeper.Engines.TiDB.Steps;

/// <summary>
/// Pods that Kubernetes does not make: a quota, a LimitRange, Pod Security or a webhook of somebody else refuses them.
/// Of a Deployment its status quotes who does; of a StatefulSet only Events do, which the operator may not read.
/// </summary>
internal static class MissingPods
{
    // Long enough for Kubernetes to make what nobody refuses.
    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Says how many pods of a StatefulSet there are; null when it has all of them. Its own status is not believed
    /// alone: before 1.21 it stays as it was while pods are refused.
    /// </summary>
    public static string? Count(Draft draft, SetChange change)
    {
        var set = change.Current!;
        var made = Math.Min(set.StatusReplicas, Readiness.PodsOf(draft, change.Component.Name).Count());
        return made < set.Replicas || set.StatusReplicas > set.Replicas || set.ObservedGeneration < set.Generation
            ? $"Kubernetes has made {made} of {set.Replicas} pods of StatefulSet {change.Component.SetName}"
            : null;
    }

    /// <summary>What is in the way of pods; null when nothing is, or they are merely on their way.</summary>
    public static string? Of(Draft draft)
    {
        if (draft.Seen.Deployments.FirstOrDefault(one => one.Failure.Length > 0) is { } refused)
            return $"Kubernetes cannot make the pod of Deployment {refused.Name}: {Words(refused.Failure)}";
        return (from set in draft.Sets
                where set.Current is not null
                let count = Count(draft, set)
                where count is not null && HasLasted(draft, count)
                select $"{count}, and something is in its way (a quota, a LimitRange, Pod Security, a webhook): "
                    + $"kubectl describe statefulset {set.Component.SetName} says what").FirstOrDefault();
    }

    /// <summary>Without the name of the pod, which is another one at each trial.</summary>
    private static string Words(string failure)
    {
        const string before = "is forbidden: ";
        var at = failure.IndexOf(before, StringComparison.Ordinal);
        return at < 0 ? failure : failure[(at + before.Length)..];
    }

    private static bool HasLasted(Draft draft, string count) =>
        draft.Seen.Cluster.Status?.Conditions?.FirstOrDefault(one => one.Type == TidbConditions.Ready) is { } ready
        && ready.Message == count && draft.Seen.Now - ready.LastUpdateTime > Usual;
}
