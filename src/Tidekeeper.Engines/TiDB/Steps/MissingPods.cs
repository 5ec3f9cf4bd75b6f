namespace Tidekeeper.Engines.TiDB.Steps;

/// <summary>
/// Pods that Kubernetes does not make: a quota, a LimitRange, Pod Security or a webhook of somebody else refuses them.
/// Of a Deployment its status quotes who does; of a StatefulSet only Events do, which the operator may not read.
/// </summary>
internal static class MissingPods
{
    // Long enough for Kubernetes to make what nobody refuses.
    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(10);

    /// <summary>How many pods of a StatefulSet there are, as the condition Ready says it.</summary>
    public static string Count(SetChange change) =>
        $"Kubernetes has made {change.Current!.StatusReplicas} of {change.Current.Replicas} pods of StatefulSet "
        + change.Component.SetName;

    /// <summary>What is in the way of pods; null when nothing is, or they are merely on their way.</summary>
    public static string? Of(Draft draft)
    {
        if (draft.Seen.Deployments.FirstOrDefault(one => one.Failure.Length > 0) is { } refused)
            return $"Kubernetes cannot make the pod of Deployment {refused.Name}: {Words(refused.Failure)}";
        return draft.Sets.Where(set => set.Current is not null && HasLasted(draft, Count(set)))
            .Select(set => $"{Count(set)}, and something is in its way (a quota, a LimitRange, Pod Security, a webhook)"
                + $": kubectl describe statefulset {set.Component.SetName} says what").FirstOrDefault();
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
