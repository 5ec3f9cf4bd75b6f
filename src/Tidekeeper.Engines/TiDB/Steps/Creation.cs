using Tidekeeper.Engines.TiDB.Objects;
using Tidekeeper.Model;

namespace Tidekeeper.Engines.TiDB.Steps;

/// <summary>The objects around the StatefulSets.</summary>
internal static class Creation
{
    /// <summary>
    /// The ConfigMaps that StatefulSets name, or will name. They never change, so only missing ones are written.
    /// </summary>
    public static Step Configs(Draft draft)
    {
        var writes = new Writes(draft.Seen);
        foreach (var set in draft.Sets)
        {
            var named = set.Current?.ConfigMaps.Contains(set.ConfigMapName, StringComparer.Ordinal) == true;
            var wanted = named || set.Verdict is SetVerdict.Missing or SetVerdict.Changed or SetVerdict.Adopted;
            if (wanted && Writes.Find(draft.Seen, "ConfigMap", set.ConfigMapName) is null)
                writes.Want(set.ConfigMap);
        }

        return writes.ToStep();
    }

    public static Step ServicesOf(Draft draft) =>
        new Writes(draft.Seen).WantAll(Blueprint.Of(draft.Seen.Cluster).Services).ToStep();

    public static Step Discovery(Draft draft) =>
        new Writes(draft.Seen).WantAll(Blueprint.Of(draft.Seen.Cluster).Discovery(draft.Seen.Platform)).ToStep();

    public static Step Budgets(Draft draft) => draft.Seen.Platform.Serves("policy/v1")
        ? new Writes(draft.Seen).WantAll(Blueprint.Of(draft.Seen.Cluster).Budgets).ToStep()
        : new Step.Done();

    /// <summary>Nothing is done for a cluster whose spec is refused: not half of it either.</summary>
    public static Step.Hold? Refusal(TidbSeen seen)
    {
        var refused = seen.Problems.Where(problem => problem.Severity == Severity.Refused).ToList();
        return refused.Count == 0
            ? null
            : new Step.Hold(string.Join("; ", refused), Patience.ForPeople)
            {
                Reason = TidbReasons.Refused,
                NeedsPerson = true
            };
    }
}
