using Tidekeeper.Engines.TiDB.Control;
using Tidekeeper.Engines.TiDB.Operations;
using Tidekeeper.Engines.TiDB.Steps;
using Tidekeeper.Model.Crds;

namespace Tidekeeper.Engines.TiDB.Adoption;

/// <summary>
/// What a cluster that v1 made asks for instead of the usual plan, by its stage (docs/migration.md). On trial only
/// objects are written, each as it was kept before; nobody is stopped, and the database is asked for nothing but what
/// pods need that somebody restarts.
/// </summary>
internal static class Takeover
{
    private static readonly IReadOnlyList<(string Name, Func<Draft, Step> Decide)> Trial =
    [
        ("Keep", Keepsake.Write),
        ("Configs", Creation.Configs),
        ("Sets", StatefulSetsOnTrial),
        ("AdoptPods", AdoptedPods.Decide),
        ("Budgets", Creation.Budgets),
        ("Evictions", Evictions.End),
        ("RestartPD", Rolling.Pd),
        ("RestartTiFlash", Rolling.Tiflash),
        ("RestartTiKV", Rolling.Tikv),
        ("RestartTiDB", Rolling.Tidb),
        ("Adopt", OnTrial)
    ];

    /// <summary>Null where the usual plan holds.</summary>
    public static Plan? Plan(TidbSeen seen)
    {
        if (Untouched(seen) is { } untouched)
            return new Plan([new PlannedStep("Adopt", untouched)]);
        if (AdoptionMark.Of(seen.Cluster).Stage != AdoptionStage.Trial || Creation.Refusal(seen) is not null
            || seen.Cluster.Spec.Paused == true)
            return null;
        var draft = Draft.Of(seen);
        return Engines.Plan.Run(draft, Trial, step => TrialConsent(draft, Consent.Of(draft, step)));
    }

    /// <summary>
    /// Why nothing is done and v1's status stays, with what is done to give the cluster back; null where we act.
    /// </summary>
    public static Step.Hold? Untouched(TidbSeen seen)
    {
        var mark = AdoptionMark.Of(seen.Cluster);
        return mark.Stage switch
        {
            AdoptionStage.None => Foreigners.Untouched(seen),
            AdoptionStage.Aborted => Keepsake.GiveBack(seen),
            _ when Foreigners.Intruder(seen, mark) is { } intruder => intruder,
            _ when Preconditions.NotTaken(seen).Count > 0 => Preconditions.Blocked(seen),
            _ => null
        };
    }

    /// <summary>
    /// The StatefulSets with as many replicas as they have: what is wanted beyond that comes after the commit.
    /// </summary>
    private static Step StatefulSetsOnTrial(Draft draft)
    {
        var writes = new Writes(draft.Seen);
        foreach (var set in draft.Sets)
        {
            if (set.Current is not { } current)
                continue;
            var (document, hashes) = SetChange.Render(set.Component, current.Replicas);
            writes.Want(document, hashes);
        }

        return writes.ToStep();
    }

    /// <summary>Of restarts only those that somebody asks for, pod by pod: the others are the commit's.</summary>
    private static Step TrialConsent(Draft draft, Step step)
    {
        var restarts = draft.Sets.Select(set => Rolling.Undertaking(set.Component)).ToList();
        var held = step.Wanted.Where(act => restarts.Contains(act.Undertaking, StringComparer.Ordinal)).ToList();
        if (held.Count == 0)
            return step;
        return new Step.Hold($"'{held[0].Describe()}' comes after the commit", Patience.ForPeople,
            [.. step.Wanted.Except(held)])
        {
            Reason = TidbReasons.OnTrial,
            HeldBack = held
        };
    }

    private static Step OnTrial(Draft draft) => new Step.Hold(Sentence(draft.Seen), Patience.ForPeople)
    {
        Reason = TidbReasons.OnTrial,
        NeedsPerson = true
    };

    /// <summary>What the condition says of a cluster that is taken over; null for every other.</summary>
    public static ClusterCondition? Told(TidbSeen seen) => AdoptionMark.Of(seen.Cluster).Stage switch
    {
        AdoptionStage.Trial => Condition("False", TidbReasons.OnTrial, Sentence(seen)),
        AdoptionStage.Committed => Condition(
            "True", TidbReasons.TakenOver, $"it was made by tidb-operator v1{Remarks(seen)}"),
        _ => null
    };

    private static ClusterCondition Condition(string status, string reason, string message) =>
        new() { Type = TidbConditions.Adopted, Status = status, Reason = reason, Message = message };

    private static string Sentence(TidbSeen seen)
    {
        var name = seen.Cluster.Metadata.Name;
        return "taken over on trial: pods that are made anew get this operator's template, and none is stopped; tide "
            + "adopt "
            + $"{name} --commit goes on, tide adopt {name} --abort gives it back to tidb-operator v1{Remarks(seen)}";
    }

    /// <summary>By pod: what differs from the spec, or cannot be told.</summary>
    private static string Remarks(TidbSeen seen) => string.Concat(
        from pod in seen.Pods
        where pod.AdoptedWith.Length > 0
        orderby pod.Name
        select $"; {pod.Name}: {pod.AdoptedWith}");
}
