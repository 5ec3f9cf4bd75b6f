namespace Tidekeeper.Simulation.Engine;

/// <summary>A clock that stands still until it is moved, and jumps from timer to timer when it is.</summary>
public sealed class VirtualTime(DateTimeOffset start) : TimeProvider
{
    private readonly SortedDictionary<(DateTimeOffset Due, long Sequence), Alarm> _alarms = [];
    private DateTimeOffset _now = start;
    private long _sequence;

    public DateTimeOffset Now => _now;

    /// <summary>When the next timer is due; null when none is set.</summary>
    public DateTimeOffset? Next => _alarms.Count == 0 ? null : _alarms.First().Key.Due;

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

        var (key, alarm) = _alarms.First();
        _alarms.Remove(key);
        if (due > _now)
            _now = due;
        alarm.Fire(key);
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

        public void Fire((DateTimeOffset, long) key)
        {
            if (_key != key)
                return;
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
            time._alarms.Add(key, this);
            _key = key;
        }

        private void Clear()
        {
            if (_key is { } key)
                time._alarms.Remove(key);
            _key = null;
        }
    }
}
