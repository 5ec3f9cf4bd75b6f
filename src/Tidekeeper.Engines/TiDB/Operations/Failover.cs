using Tidekeeper.Engines.TiDB.Steps;
using Tidekeeper.Model.Crds;

namespace Tidekeeper.Engines.TiDB.Operations;

/// <summary>
/// Tells where each failure stands. What it leads to is done elsewhere: a replica more by the component's own step, and
/// by the ordinary way of scaling in it leaves again.
/// </summary>
internal static class Failover
{
    public static Step Decide(Draft draft)
    {
        foreach (var set in draft.Sets.Where(one => one.Current is not null))
        {
            foreach (var member in draft.Members(set.Component.Name).Where(one => one.Ordinal < set.WantedReplicas))
            {
                // What is remembered is old news while PD is silent.
                if (Failures.Of(draft, member) is { } record && Tell(draft, set, member, record) is { } hold)
                    return hold with { IsConsequence = hold.IsConsequence || PdFacts.Of(draft.Seen) is null };
                if (Failures.Of(draft, member) is null && Suspicion.Of(draft, member) is { } why)
                    return Suspected($"{member.PodName}: {why}", TimeSpan.FromSeconds(1));
            }
        }

        return new Step.Done();
    }

    private static Step.Hold? Tell(Draft draft, SetChange set, Member member, FailureRecord record)
    {
        var field = $"spec.{set.Component.Name}.maxFailoverCount";
        var sentence = $"{record.PodName}: {record.Why}";
        var period = Failures.Period(draft.Seen, set.Component);
        var lasts = draft.Seen.Now - (record.CreatedAt ?? draft.Seen.Now);
        switch (record.Phase)
        {
            case Failures.Suspect when Suspicion.Of(draft, member) is null:
                return null;
            case Failures.Suspect when Failures.Most(set.Component) == 0:
                return Suspected($"{sentence}; {field} is 0, so nobody takes its place", Patience.ForKubernetes);
            case Failures.Suspect when lasts < period:
                return Suspected(
                    $"{sentence}; another takes its place if that lasts {Patience.InWords(period)}",
                    Patience.Until(period - lasts));
            case Failures.Suspect when Failures.MayConfirm(draft, member):
                return Suspected($"{sentence}; another takes its place now", TimeSpan.FromSeconds(1));
            case Failures.Suspect:
                return Suspected(
                    $"{sentence}; nobody takes its place yet: "
                    + (PdFacts.WhyNoQuorum(draft.Seen) ?? $"{field} is {Failures.Most(set.Component)}"),
                    Patience.ForDatabase(draft.Seen));
            case Failures.Confirmed or Failures.Replacing when record.Additional == true:
                return new Step.Hold(
                    $"{sentence}; {Titles.Of(set.Component.Name)} has one replica more until it serves again"
                    + Alternative(draft, member),
                    Patience.ForDatabase(draft.Seen))
                {
                    Reason = TidbReasons.FailingOver
                };
            case Failures.Cleaning:
                return new Step.Hold(
                    $"{record.PodName} {(member.IsServing ? "serves again" : "is given up")}, and what was added for "
                    + "it leaves",
                    Patience.ForDatabase(draft.Seen))
                {
                    Reason = TidbReasons.FailingOver,
                    // How far that is, and what keeps it, is said by the step that scales in.
                    IsConsequence = ScaleIn.Leaver(draft, set.Component.Name) is not null
                };
            default:
                // Why it is not replaced yet is said by the step that would do it.
                if (Replacement.Of(draft, set.Component.Name) is Step.Hold)
                    return null;
                return new Step.Hold(
                    $"{sentence}; it is replaced in its place", Patience.ForDatabase(draft.Seen))
                {
                    Reason = TidbReasons.FailingOver
                };
        }
    }

    /// <summary>
    /// A process that does not start although its node is well may have an empty disk below its old claim: only people
    /// can read that out of its log.
    /// </summary>
    private static string Alternative(Draft draft, Member member) =>
        Suspicion.NodeTrouble(draft, member) is null && LastServed.DataClaim(draft, member) is { } claim
            ? $"; if its log says that its data is gone, give it up: kubectl delete pvc/{claim.Name} "
                + $"pod/{member.PodName}"
            : "";

    private static Step.Hold Suspected(string why, TimeSpan checkAgain) =>
        new(why, checkAgain)
        {
            Reason = TidbReasons.FailoverSuspected
        };
}
