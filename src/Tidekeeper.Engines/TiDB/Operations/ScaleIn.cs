using Tidekeeper.Engines.TiDB.Control;
using Tidekeeper.Engines.TiDB.Objects;
using Tidekeeper.Engines.TiDB.Steps;

namespace Tidekeeper.Engines.TiDB.Operations;

/// <summary>
/// Fewer replicas. The database lets go of a member first, that is confirmed by reading it back, and only then does the
/// StatefulSet lose its highest ordinal; one at a time, behind the gate.
/// </summary>
internal static class ScaleIn
{
    public static Step Pd(Draft draft) => Decide(draft, Component.Pd, VoterGone);

    public static Step Tikv(Draft draft) => Decide(draft, Component.Tikv, Departures.Decide);

    public static Step Tiflash(Draft draft) => Decide(draft, Component.Tiflash, Departures.Decide);

    public static Step Tidb(Draft draft) => Decide(draft, Component.Tidb, (_, _, _) => null);

    /// <summary>For example <c>scale-in-tikv-to-3</c>.</summary>
    public static string Undertaking(SetChange change) =>
        $"scale-in-{change.Component.Name}-to-{change.WantedReplicas}";

    /// <summary>What leaves when one replica less is wanted; null when none is.</summary>
    public static Member? Leaver(Draft draft, string component) =>
        draft.Set(component) is { Current: { } set } change && set.Replicas > change.WantedReplicas
            ? draft.Members(component).FirstOrDefault(member => member.Ordinal == set.Replicas - 1)
            : null;

    private static Step Decide(Draft draft, string component, Func<Draft, SetChange, Member, Step?> letGo)
    {
        if (Leaver(draft, component) is not { } leaver)
            return new Step.Done();
        var change = draft.Set(component)!;
        if (change.Verdict == SetVerdict.Held)
            return new Step.Hold($"spec.{component}.replicas: {change.NotDone[0]}", Patience.ForPeople);

        // A pod above the count that Kubernetes still has to stop was let go of already.
        var left = draft.Members(component).FirstOrDefault(member =>
            member.Ordinal >= change.Current!.Replicas && member.Pod is not null);
        if (left is not null)
            return new Step.Hold($"{left.PodName} is stopping; the next follows", Patience.ForKubernetes);
        return letGo(draft, change, leaver) ?? Lower(draft, change, leaver);
    }

    private static Step? VoterGone(Draft draft, SetChange change, Member leaver)
    {
        if (PdFacts.Of(draft.Seen) is not { } pd)
            return Wait(draft, $"{leaver.PodName} is to leave PD: {PdFacts.WhyNoQuorum(draft.Seen)}");
        if (leaver.Voter is not { } voter)
            return null;
        var undertaking = Undertaking(change);
        if (Disruption.WhyNot(draft, leaver) is { } why)
            return NotYet(draft, leaver, why);
        if (voter.Name == pd.Leader)
        {
            return PdLeadership.Heir(draft, pd, voter.Name) is { } heir
                ? new Step.Do(PdLeadership.HandOver(draft, heir, undertaking, $"{leaver.PodName} is to leave PD"))
                : Wait(draft, $"{leaver.PodName} leads PD and no other member is healthy to take over");
        }

        var call = new AdminCall(
            "DELETE", $"{TidbNames.PdUrl(draft.Seen.Cluster)}/pd/api/v1/members/id/{voter.Id}", null,
            $"PD to drop member {voter.Name}");
        var ask = new Act.Ask(call, Why(change)) { MovesLoad = true, Undertaking = undertaking };
        return new Step.Do([.. LeftoverClaims.Mark(draft, leaver), ask]);
    }

    private static Step Lower(Draft draft, SetChange change, Member leaver)
    {
        // The pod may have been doing its part until now (TiDB), or have come back after it was let go of.
        if (change.Component.Name == Component.Tidb && change.WantedReplicas > 0
            && Disruption.WhyNot(draft, leaver) is { } why)
        {
            return NotYet(draft, leaver, why);
        }

        // The document brings the newest template along, so what that waits for is waited for here as well.
        if (Succession.WhyNotYet(draft, change) is { } earlier)
            return Wait(draft, earlier);
        var restart = Rolling.Undertaking(change.Component);
        var outdates = draft.Members(change.Component.Name).Any(member => member.IsOutdated);
        var undertaking = outdates && Approvals.IsMissing(draft.Seen, restart) ? restart : Undertaking(change);
        List<Act> acts = [.. LeftoverClaims.Mark(draft, leaver).Select(act => act with { Undertaking = undertaking })];
        var current = change.Current!;
        var (document, hashes) = SetChange.Render(change.Component, current.Replicas - 1);
        Writes.Seal(document, current, hashes);
        acts.Add(new Act.Apply(document, Why(change))
        {
            SeenUid = current.Uid,
            SeenVersion = current.ResourceVersion,
            StopsPod = true,
            Undertaking = undertaking
        });
        return new Step.Do(acts);
    }

    public static string Why(SetChange change) =>
        $"spec.{change.Component.Name}.replicas is {change.WantedReplicas}";

    public static Step.Hold Wait(Draft draft, string why) =>
        new(why, Patience.ForDatabase(draft.Seen)) { Reason = TidbReasons.ScalingIn };

    public static Step.Hold NotYet(Draft draft, Member leaver, string why) =>
        new($"{leaver.PodName} is to leave when this is over: {why}", Patience.ForDatabase(draft.Seen))
        {
            Reason = TidbReasons.NotSafeYet
        };
}
