namespace Tidekeeper.Simulation.Engine;

/// <summary>Time as a process has it: in a pause the clock goes on, and timers ring when it wakes.</summary>
internal sealed class ProcessTime(VirtualTime time, Process process) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => time.GetUtcNow();

    public override long GetTimestamp() => time.GetTimestamp();

    public override long TimestampFrequency => time.TimestampFrequency;

    public override TimeZoneInfo LocalTimeZone => time.LocalTimeZone;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ITimer? timer = null;
        timer = time.CreateTimer(_ =>
        {
            if (time.Now < process.PausedUntil)
                timer!.Change(process.PausedUntil - time.Now, period);
            else
                callback(state);
        }, null, dueTime, period);
        return timer;
    }
}
