namespace Tidekeeper.Simulation.Engine;

/// <summary>
/// One thread for everything asynchronous: continuations wait in a queue that the simulation owns, so that the same
/// seed gives the same interleaving.
/// </summary>
public sealed class Pump : SynchronizationContext
{
    private readonly Queue<(SendOrPostCallback Callback, object? State)> _queue = new();
    private readonly int _thread = Environment.CurrentManagedThreadId;

    /// <summary>Grows with every continuation that ran; tells a driver whether there was progress.</summary>
    public long Ran { get; private set; }

    public override void Post(SendOrPostCallback d, object? state)
    {
        // Work that comes back from another thread cannot be repeated; better to fail at once than to be flaky.
        if (Environment.CurrentManagedThreadId != _thread)
            throw new InvalidOperationException("a continuation came from outside the simulation's thread");
        _queue.Enqueue((d, state));
    }

    public override void Send(SendOrPostCallback d, object? state) => d(state);

    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Runs until nothing is ready. Throws when code never comes to rest.</summary>
    public void RunUntilIdle()
    {
        for (var steps = 0; _queue.TryDequeue(out var next); steps++)
        {
            if (steps > 1_000_000)
                throw new InvalidOperationException("a million continuations without a rest: somebody loops");
            Ran++;
            next.Callback(next.State);
        }
    }
}
