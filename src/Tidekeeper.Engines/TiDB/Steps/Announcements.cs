using Tidekeeper.Model.Crds;

namespace Tidekeeper.Engines.TiDB.Steps;

/// <summary>
/// Events are told when a condition turns, in the condition's own words, so that an idle cluster tells nothing and
/// the sentence is the same everywhere.
/// </summary>
internal static class Announcements
{
    public static Step Decide(TidbSeen seen, TidbClusterStatus status)
    {
        var acts = new List<Act>();
        foreach (var condition in status.Conditions ?? [])
        {
            var before = seen.Cluster.Status?.Conditions?.FirstOrDefault(one => one.Type == condition.Type);
            if (Event(condition, before) is { } told)
                acts.Add(told);
        }

        acts.AddRange(Ended(seen, status));
        return acts.Count > 0 ? new Step.Do(acts) : new Step.Done();
    }

    private static Act.Record? Event(ClusterCondition now, ClusterCondition? before)
    {
        var same = before?.Status == now.Status && before?.Reason == now.Reason && before?.Message == now.Message;
        if (same)
            return null;
        var message = now.Message ?? "";
        return (now.Type, now.Status) switch
        {
            (TidbConditions.Accepted, "False") => Warning(TidbReasons.FailedValidation, message),
            (TidbConditions.FullySupported, "False") => Warning(TidbReasons.FieldNotSupported, message),
            (TidbConditions.Ready, "True") => Normal(TidbReasons.Ready, message),
            (TidbConditions.Ready, "False") when before?.Status == "True" =>
                now.Reason == TidbReasons.StatefulSetNotUpToDate
                    ? Normal(now.Reason, message)
                    : Warning(now.Reason!, message),
            (TidbConditions.Progressing, "False")
                when now.Reason is not (TidbReasons.Settled or TidbReasons.Refused or TidbReasons.Paused
                    or TidbReasons.OnTrial) =>
                Warning(now.Reason!, message),
            (TidbConditions.Progressing, "True")
                when now.Reason is TidbReasons.PodInTrouble or TidbReasons.FailingOver =>
                Warning(now.Reason, message),
            (TidbConditions.Adopted, "False") => Warning(now.Reason!, message),
            (TidbConditions.Adopted, _) => Normal(now.Reason!, message),
            (TidbConditions.Paused, _) => Normal(now.Reason!, message),
            (TidbConditions.BreakerOpen, _) => Warning(now.Reason!, message),
            (TidbConditions.Overridden, _) => Warning(now.Reason!, message),
            _ => null
        };
    }

    /// <summary>Conditions that are there only while they hold have turned when they are gone.</summary>
    private static IEnumerable<Act> Ended(TidbSeen seen, TidbClusterStatus status)
    {
        foreach (var condition in seen.Cluster.Status?.Conditions ?? [])
        {
            if (status.Conditions?.Any(one => one.Type == condition.Type) == true)
                continue;
            var told = condition.Type switch
            {
                TidbConditions.Paused => (TidbReasons.Resumed, "nothing is paused any more"),
                TidbConditions.BreakerOpen => (TidbReasons.BreakerClosed, "the circuit breaker is closed"),
                TidbConditions.Overridden => (TidbReasons.OverrideEnded, "no guard is overridden any more"),
                _ => default
            };
            if (told.Item1 is { } reason)
                yield return Normal(reason, told.Item2);
        }
    }

    private static Act.Record Normal(string reason, string message) => new(EventType.Normal, reason, message);

    private static Act.Record Warning(string reason, string message) => new(EventType.Warning, reason, message);
}
