namespace Tidekeeper.Simulation.Engine;

/// <summary>
/// Wakes those who wait for the world to change, without anybody polling: a run of hours would otherwise be made of
/// timers.
/// </summary>
public sealed class ChangeSignal
{
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Wait(CancellationToken cancel) => _next.Task.WaitAsync(cancel);

    /// <summary>Called by the driver after the store's head moved.</summary>
    public void Raise()
    {
        var raised = _next;
        _next = new(TaskCreationOptions.RunContinuationsAsynchronously);
        raised.SetResult();
    }
}
