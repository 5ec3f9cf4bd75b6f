using Tidekeeper.Kube.Queue;

namespace Tidekeeper.Kube;

/// <summary>How a controller works.</summary>
public sealed record ControllerOptions
{
    /// <summary>Reconciles at the same time, of different keys.</summary>
    public int Workers { get; init; } = 8;

    /// <summary>How long running reconciles may go on after the order to stop.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>A reconcile that takes longer is cancelled and counts as failed.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromMinutes(2);

    public Backoff Retries { get; init; } = new(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(2));
}

/// <summary>
/// Takes keys from the queue, reconciles each, and settles its outcome. A key that fails waits for itself only: the
/// others go on. Whatever a reconcile throws is an outcome, never the end of a worker.
/// </summary>
/// <param name="reconcile">Called with at most one call in flight per key.</param>
/// <param name="ended">Told what came of each reconcile, and how long it took.</param>
public sealed class Controller(
    WorkQueue queue,
    Func<ObjectKey, CancellationToken, Task<Outcome>> reconcile,
    Action<ObjectKey, Outcome, TimeSpan> ended,
    ControllerOptions options,
    TimeProvider time,
    Random chance)
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<ObjectKey, int> _failures = [];

    /// <summary>
    /// Works until cancelled; then takes no more keys, and gives running reconciles the grace time to end by
    /// themselves before they are cancelled.
    /// </summary>
    public async Task Run(CancellationToken stop)
    {
        using var hard = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        await using var order = stop.Register(() =>
        {
            queue.Close();
            hard.CancelAfter(options.Grace);
        });
        var workers = new List<Task>();
        for (var i = 0; i < options.Workers; i++)
            workers.Add(Work(stop, hard.Token));
        await Task.WhenAll(workers);
    }

    private async Task Work(CancellationToken stop, CancellationToken hard)
    {
        while (!stop.IsCancellationRequested && await queue.Take() is { } key)
        {
            var begun = time.GetTimestamp();
            var outcome = await Reconcile(key, hard);
            Settle(key, outcome);
            queue.Done(key);
            ended(key, outcome, time.GetElapsedTime(begun));
        }
    }

    private async Task<Outcome> Reconcile(ObjectKey key, CancellationToken hard)
    {
        using var limit = new CancellationTokenSource(options.Limit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(hard, limit.Token);
        try
        {
            return await reconcile(key, both.Token);
        }
        catch (OperationCanceledException e)
        {
            return new Outcome.Failed(hard.IsCancellationRequested
                ? e
                : new TimeoutException($"the reconcile did not end within {options.Limit.TotalSeconds:0} s", e));
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return new Outcome.Failed(e, (e as KubeException)?.Refusal?.RetryAfter);
        }
    }

    private void Settle(ObjectKey key, Outcome outcome)
    {
        var now = time.GetUtcNow();
        lock (_gate)
        {
            switch (outcome)
            {
                case Outcome.Settled or Outcome.Rejected:
                    _failures.Remove(key);
                    break;
                case Outcome.Again again:
                    _failures.Remove(key);
                    queue.AddAt(key, now + again.After);
                    break;
                case Outcome.Failed failed:
                    var failures = _failures[key] = _failures.GetValueOrDefault(key) + 1;
                    var pause = options.Retries.Pause(failures, Dice());
                    if (failed.AtLeast is { } least && least > pause)
                        pause = least;
                    queue.AddAt(key, now + pause);
                    break;
                default:
                    throw new System.Diagnostics.UnreachableException();
            }
        }
    }

    private double Dice()
    {
        lock (chance)
            return chance.NextDouble();
    }
}
