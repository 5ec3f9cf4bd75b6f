namespace Tidekeeper.Simulation.Engine;

/// <summary>
/// One life of an operator process. Death is sudden: its wires are cut, its timers mean nothing, its memory is
/// never used again. A pause (SIGSTOP, a frozen machine) lets nothing in: answers, events and timers wait.
/// </summary>
public sealed class Process(string identity, Story story, ChangeSignal signal, VirtualTime time, Sight sight)
{
    private readonly CancellationTokenSource _life = new();

    public string Identity => identity;
    public Story Story => story;
    public Sight Sight => sight;
    public bool IsDead => _life.IsCancellationRequested;

    /// <summary>Until when nothing of this process moves.</summary>
    public DateTimeOffset PausedUntil { get; private set; }

    /// <summary>What shall happen at the next write that is work; null when nothing is planned.</summary>
    public Func<Interruption?> NextFate { get; init; } = () => null;

    /// <summary>Cancelled at death; the operator runs under it.</summary>
    public CancellationToken Life => _life.Token;

    public void Die(string how)
    {
        if (IsDead)
            return;
        story.Tell($"{identity} dies {how}");
        story.Fault("operator killed");
        _life.Cancel();
    }

    public void Pause(TimeSpan how)
    {
        if (IsDead)
            return;
        story.Tell($"{identity} is paused for {how.TotalSeconds:0} s");
        story.Fault("operator paused");
        PausedUntil = time.Now + how;
    }

    /// <summary>Hears nothing for a minute; requests are answered all the same.</summary>
    public void Blind(Interruption how)
    {
        story.Tell($"{identity} hears of no change for a minute");
        story.Fault(how == Interruption.Missed ? "events missed" : "stale view", isSetback: false);
        sight.Lose(null, TimeSpan.FromMinutes(1), forgets: how == Interruption.Missed);
    }

    public void ThrowIfDead() => _life.Token.ThrowIfCancellationRequested();

    /// <summary>What reaches the process from outside goes through here before its code sees it.</summary>
    public async Task Enter(CancellationToken cancel)
    {
        ThrowIfDead();
        while (time.Now < PausedUntil)
        {
            // Task.Delay cuts to whole milliseconds: a rest below one would be waited for without end.
            var left = Math.Ceiling((PausedUntil - time.Now).TotalMilliseconds);
            await Task.Delay(TimeSpan.FromMilliseconds(left), time, cancel);
        }

        ThrowIfDead();
    }

    /// <summary>Waits until a resource may have changed.</summary>
    public Task Changed(string resource, CancellationToken cancel) => signal.Wait(resource, cancel);
}
