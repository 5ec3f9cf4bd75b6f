using Tidekeeper.Engines.TiDB.Objects;
using Tidekeeper.Engines.TiDB.Steps;

namespace Tidekeeper.Engines.TiDB.Operations;

/// <summary>
/// Components that are out of service because the user wants it: the StatefulSet goes, the claims stay, and taking the
/// wish back is a start like the first one. Who needs others stops before them.
/// </summary>
internal static class Suspension
{
    private static readonly IReadOnlyList<string> Order =
        [Component.Tidb, Component.Tiflash, Component.Tikv, Component.Pd];

    /// <summary>The component's own word goes before the cluster's.</summary>
    public static bool Wants(Component component) =>
        (component.Replicated?.SuspendAction ?? component.Cluster.Spec.SuspendAction)?.SuspendStatefulSet == true;

    public static Step Decide(Draft draft, SetChange change)
    {
        var name = change.Component.Name;
        foreach (var earlier in Order.TakeWhile(one => one != name))
        {
            if (draft.Set(earlier) is { } other && Wants(other.Component) && IsThere(draft, other))
                return Wait($"{Titles.Of(name)} stops after {Titles.Of(earlier)}");
        }

        if (change.Current is not { Deleting: null } set)
        {
            return IsThere(draft, change)
                ? Wait($"the pods of {Titles.Of(name)} are stopping; their volumes stay")
                : new Step.Done();
        }

        return new Step.Do(new Act.Delete(
            "apps/v1", "StatefulSet", set.Namespace, set.Name, set.Uid, null,
            $"suspendAction wants {Titles.Of(name)} out of service; its volumes stay")
        {
            Undertaking = $"suspend-{name}"
        });
    }

    /// <summary>What is out of service, for people; null when nothing is to be.</summary>
    public static string? Tell(Draft draft)
    {
        var names = draft.Sets.Where(set => Wants(set.Component)).Select(set => Titles.Of(set.Component.Name)).ToList();
        return names.Count > 0
            ? $"suspendAction wants {string.Join(", ", names)} out of service; the volumes stay"
            : null;
    }

    private static bool IsThere(Draft draft, SetChange set) =>
        set.Current is not null || draft.Seen.Pods.Any(pod => pod.Component == set.Component.Name);

    private static Step.Hold Wait(string why) => new(why, Patience.ForKubernetes) { Reason = TidbReasons.Suspending };
}
