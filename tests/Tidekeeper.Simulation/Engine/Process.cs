namespace Tidekeeper.Simulation.Engine;

/// <summary>
/// One life of an operator process. Death is sudden: its wires are cut, its timers mean nothing, its memory is
/// never used again.
/// </summary>
public sealed class Process(string identity, Story story, ChangeSignal signal)
{
    private readonly CancellationTokenSource _life = new();

    public string Identity => identity;
    public Story Story => story;
    public bool IsDead => _life.IsCancellationRequested;

    /// <summary>Cancelled at death; the operator runs under it.</summary>
    public CancellationToken Life => _life.Token;

    public void Die(string how)
    {
        if (IsDead)
            return;
        story.Tell($"{identity} dies {how}");
        _life.Cancel();
    }

    public void ThrowIfDead() => _life.Token.ThrowIfCancellationRequested();

    /// <summary>Waits until the world may have changed.</summary>
    public Task Changed(CancellationToken cancel) => signal.Wait(cancel);
}
