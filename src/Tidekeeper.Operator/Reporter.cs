using Tidekeeper.Engines;
using Tidekeeper.Kube;

namespace Tidekeeper.Operator;

/// <summary>
/// Says what was decided, in the plan's own sentences: to the log when something was done or the wait has changed,
/// never when a reconcile found nothing new; to Events what a user would want to know afterwards.
/// </summary>
public sealed class Reporter(
    OperatorLog log, Metrics metrics, ClusterReadings readings, EventRecorder events)
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<ObjectKey, string> _waits = [];

    public async Task Report(
        ObjectKey key, EventSubject subject, Plan plan, Execution execution, CancellationToken cancel)
    {
        foreach (var act in execution.Done)
        {
            var step = plan.Steps.FirstOrDefault(one => one.Step.Wanted.Contains(act))?.Name ?? "";
            metrics.Count(OperatorMetrics.Acts, act.GetType().Name, step);
            if (act is Act.Delete { Kind: "Pod" })
                readings.Stopped(key, step);
            log.Info("acts", ("cluster", key.ToString()), ("act", act.Describe()));
            if (ReasonOf(act) is { } reason)
                await events.Write(new(subject, nameof(EventType.Normal), reason, act.Describe()), cancel);
        }

        // Events about waits are acts of the plan itself: written here as well, each would be there twice.
        var waits = string.Join("; ", plan.Holds.Select(h => $"{h.Name}: {h.Hold.Why}"));
        if (IsNews(key, waits) && waits.Length > 0)
            log.Info("waits", ("cluster", key.ToString()), ("why", waits));
    }

    /// <summary>The status of a cluster may not be written.</summary>
    public Task Mute(EventSubject subject, string why, CancellationToken cancel) => events.Write(
        new(subject, nameof(EventType.Warning), Reasons.Forbidden, $"its status cannot be written: {why}"), cancel);

    /// <summary>The cluster has gone.</summary>
    public void Forget(ObjectKey key)
    {
        lock (_gate)
            _waits.Remove(key);
    }

    private static string? ReasonOf(Act act) => act switch
    {
        Act.Delete => Reasons.Delete,
        Act.Ask => Reasons.Ask,
        _ => null,
    };

    private bool IsNews(ObjectKey key, string waits)
    {
        lock (_gate)
        {
            var before = _waits.GetValueOrDefault(key, "");
            _waits[key] = waits;
            return before != waits;
        }
    }
}
