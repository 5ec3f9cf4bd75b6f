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
                if (Failures.Of(draft, member) is { } record && Tell(draft, set, member, record) is { } hold)
                    return hold;
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
        var lasts = draft.Seen.Now - (record.CreatedAt ?? draft.Seen.Now);
        switch (record.Phase)
        {
            case Failures.Suspect when Suspicion.Of(draft, member) is null:
                return null;
            case Failures.Suspect when Failures.Most(set.Component) == 0:
                return Suspected($"{sentence}; {field} is 0, so nobody takes its place", Patience.ForKubernetes);
            case Failures.Suspect when lasts < Failures.Period:
                return Suspected(
                    $"{sentence}; another takes its place if that lasts {Failures.Period.TotalMinutes:0} min",
                    Patience.Until(Failures.Period - lasts));
            case Failures.Suspect:
                return Suspected(
                    $"{sentence}; nobody takes its place yet: "
                    + (PdFacts.WhyNoQuorum(draft.Seen) ?? $"{field} is {Failures.Most(set.Component)}"),
                    Patience.ForDatabase(draft.Seen));
            case Failures.Confirmed or Failures.Replacing when record.Additional == true:
                return new Step.Hold(
                    $"{sentence}; {Titles.Of(set.Component.Name)} has one replica more until it serves again",
                    Patience.ForDatabase(draft.Seen))
                {
                    Reason = TidbReasons.FailingOver
                };
            case Failures.Cleaning:
                return new Step.Hold(
                    $"{record.PodName} serves again or is given up, and what was added for it leaves",
                    Patience.ForDatabase(draft.Seen))
                {
                    Reason = TidbReasons.FailingOver
                };
            default:
                return new Step.Hold(
                    $"{sentence}; it is replaced in its place", Patience.ForDatabase(draft.Seen))
                {
                    Reason = TidbReasons.FailingOver
                };
        }
    }

    private static Step.Hold Suspected(string why, TimeSpan checkAgain) =>
        new(why, checkAgain)
        {
            Reason = TidbReasons.FailoverSuspected
        };
}
