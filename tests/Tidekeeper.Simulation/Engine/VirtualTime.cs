namespace Tidekeeper.Simulation.Engine;

/// <summary>A clock that stands still until it is moved, and jumps from timer to timer when it is.</summary>
public sealed class VirtualTime(DateTimeOffset start) : TimeProvider
{
    // What was stopped or set anew stays in the queue under its old key, and is passed over when that comes up.
    private readonly PriorityQueue<Alarm, (DateTimeOffset Due, long Sequence)> _alarms = new();
    private DateTimeOffset _now = start;
    private long _sequence;

    public DateTimeOffset Now => _now;

    /// <summary>When the next timer is due; null when none is set.</summary>
    public DateTimeOffset? Next
    {
        get
        {
            while (_alarms.TryPeek(out var alarm, out var key))
            {
                if (alarm.IsSetFor(key))
                    return key.Due;
                _alarms.Dequeue();
            }

            return null;
        }
    }

    public override DateTimeOffset GetUtcNow() => _now;

    public override long GetTimestamp() => _now.UtcTicks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>Moves to that moment and fires at most one timer that is due then; false when none was.</summary>
    public bool FireNext(DateTimeOffset notAfter)
    {
        if (Next is not { } due || due > notAfter)
        {
            if (notAfter > _now)
                _now = notAfter;
            return false;
        }

        if (due > _now)
            _now = due;
        _alarms.Dequeue().Fire();
        return true;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var alarm = new Alarm(this, callback, state);
        alarm.Change(dueTime, period);
        return alarm;
    }

    private sealed class Alarm(VirtualTime time, TimerCallback callback, object? state) : ITimer
    {
        private (DateTimeOffset, long)? _key;
        private TimeSpan _period = Timeout.InfiniteTimeSpan;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Clear();
            _period = period;
            if (dueTime != Timeout.InfiniteTimeSpan)
                Set(dueTime);
            return true;
        }

        public bool IsSetFor((DateTimeOffset, long) key) => _key == key;

        public void Fire()
        {
            _key = null;
            if (_period > TimeSpan.Zero)
                Set(_period);
            callback(state);
        }

        public void Dispose() => Clear();

        public ValueTask DisposeAsync()
        {
            Clear();
            return ValueTask.CompletedTask;
        }

        private void Set(TimeSpan after)
        {
            var key = (time._now + after, time._sequence++);
            time._alarms.Enqueue(this, key);
            _key = key;
        }

        private void Clear() => _key = null;
    }
}
