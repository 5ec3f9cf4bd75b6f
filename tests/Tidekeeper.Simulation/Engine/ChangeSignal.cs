namespace Tidekeeper.Simulation.Engine;

/// <summary>
/// Wakes those who wait for the world to change, without anybody polling: a run of hours would otherwise be made of
/// timers.
/// </summary>
public sealed class ChangeSignal
{
    // Not RunContinuationsAsynchronously: together with WaitAsync that sends the waiter through the thread pool.
    private TaskCompletionSource _next = new();

    public Task Wait(CancellationToken cancel) => _next.Task.WaitAsync(cancel);

    /// <summary>Called by the driver after the store's head moved.</summary>
    public void Raise()
    {
        var raised = _next;
        _next = new();
        raised.SetResult();
    }
}
