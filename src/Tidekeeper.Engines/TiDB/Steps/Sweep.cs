using Tidekeeper.Engines.TiDB.Adoption;
using Tidekeeper.Model.Kubernetes;

namespace Tidekeeper.Engines.TiDB.Steps;

/// <summary>Removes ConfigMaps that no pod and no template names any more.</summary>
internal static class Sweep
{
    public static Step Decide(Draft draft)
    {
        var acts = new List<Act>();
        foreach (var map in draft.Seen.Objects.Where(one => one.Kind == "ConfigMap" && one.Deleting is null))
        {
            var set = draft.Set(map.Component);
            if (set is not null && IsOurs(draft.Seen, map) && IsUnused(draft.Seen, set, map.Name))
            {
                acts.Add(new Act.Delete(
                    "v1", "ConfigMap", map.Namespace, map.Name, map.Uid, null, "no pod uses it any more"));
            }
        }

        return acts.Count > 0 ? new Step.Do(acts) : new Step.Done();
    }

    private static bool IsOurs(TidbSeen seen, Observed map) =>
        map.OwnerUid == seen.Cluster.Metadata.Uid && (map.RenderedHash.Length > 0 || IsLeftByV1(seen, map));

    /// <summary>Those of v1 go as well once the take-over is committed: nobody else would.</summary>
    private static bool IsLeftByV1(TidbSeen seen, Observed map) =>
        map.WrittenByV1.Length > 0 && AdoptionMark.Of(seen.Cluster).Stage == AdoptionStage.Committed
        && Preconditions.NotTaken(seen).Count == 0;

    /// <summary>
    /// While Kubernetes has not acted upon the newest StatefulSet, or has pods that are not seen yet, a pod may still
    /// be
    /// made from the template before.
    /// </summary>
    private static bool IsUnused(TidbSeen seen, SetChange set, string name)
    {
        if (set.Current is not { } current || set.ConfigMapName == name)
            return false;
        var pods = seen.Pods.Where(pod => pod.Component == set.Component.Name).ToList();
        var settled = current.ObservedGeneration == current.Generation && current.StatusReplicas == pods.Count;
        return settled
            && !current.ConfigMaps.Contains(name, StringComparer.Ordinal)
            && !pods.Any(pod => pod.ConfigMaps.Contains(name, StringComparer.Ordinal));
    }
}
