namespace Tidekeeper.Playground.Server;

/// <summary>
/// A bell that wakes everybody who waits. Take <see cref="Next"/> before looking at the state: a ring that comes
/// between the look and the wait is then not missed.
/// </summary>
public sealed class Pulse
{
    private volatile TaskCompletionSource _next = Fresh();

    /// <summary>Completes at the next ring.</summary>
    public Task Next => _next.Task;

    public void Ring() => Interlocked.Exchange(ref _next, Fresh()).TrySetResult();

    private static TaskCompletionSource Fresh() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
