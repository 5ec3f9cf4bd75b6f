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
            (TidbConditions.Accepted, "False") => new Act.Record(EventType.Warning, "FailedValidation", message),
            (TidbConditions.FullySupported, "False") => new Act.Record(EventType.Warning, "FieldNotSupported", message),
            (TidbConditions.Ready, "True") => new Act.Record(EventType.Normal, "Ready", message),
            (TidbConditions.Ready, "False") when before?.Status == "True" =>
                new Act.Record(
                    now.Reason == Readiness.NotUpToDateReason ? EventType.Normal : EventType.Warning,
                    now.Reason ?? "NotReady", message),
            (TidbConditions.Progressing, "False") when now.Reason is not ("Settled" or "Refused" or "Paused") =>
                new Act.Record(EventType.Warning, now.Reason ?? "Held", message),
            (TidbConditions.Progressing, "True") when now.Reason is "PodInTrouble" or "FailingOver" =>
                new Act.Record(EventType.Warning, now.Reason, message),
            (TidbConditions.Paused, _) => new Act.Record(EventType.Normal, now.Reason!, message),
            (TidbConditions.BreakerOpen, _) => new Act.Record(EventType.Warning, now.Reason!, message),
            (TidbConditions.Overridden, _) => new Act.Record(EventType.Warning, now.Reason!, message),
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
                TidbConditions.Paused => ("Resumed", "nothing is paused any more"),
                TidbConditions.BreakerOpen => ("BreakerClosed", "the circuit breaker is closed"),
                TidbConditions.Overridden => ("OverrideEnded", "no guard is overridden any more"),
                _ => default
            };
            if (told.Item1 is { } reason)
                yield return new Act.Record(EventType.Normal, reason, told.Item2);
        }
    }
}
