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

    /// <summary>
    /// The Service that SQL clients connect to. No member finds another by it, so it comes last: where the API server
    /// does not accept it, all else is done already (decision 0008).
    /// </summary>
    public static Step ServiceForClients(Draft draft) =>
        new Writes(draft.Seen).WantAll(Blueprint.Of(draft.Seen.Cluster).ServiceForClients).ToStep();

    /// <summary>Nothing waits for discovery but members that are new, so that its news is the last.</summary>
    public static Step Discovery(Draft draft)
    {
        var documents = Blueprint.Of(draft.Seen.Cluster).Discovery(draft.Seen.Platform);
        var written = new Writes(draft.Seen).WantAll(documents).ToStep();
        var starting = draft.Seen.Pods.FirstOrDefault(pod => pod is { Component: Component.Discovery, Ready: false });
        return written is Step.Done && starting is not null
            ? new Step.Hold($"pod {starting.Name} is not ready", Patience.ForKubernetes) { IsConsequence = true }
            : written;
    }

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
