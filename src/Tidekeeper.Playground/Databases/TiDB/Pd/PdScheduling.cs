namespace Tidekeeper.Playground.Databases.TiDB.Pd;

/// <summary>
/// When the PD leader looks at its regions: each second while there is something to move, else seldom.
/// </summary>
internal sealed class PdScheduling
{
    private static readonly TimeSpan Busy = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(10);
    private DateTimeOffset _last = DateTimeOffset.MinValue;
    private DateTimeOffset _next = DateTimeOffset.MinValue;
    private long _seen;
    private readonly SortedDictionary<string, DateTimeOffset> _pausedUntil = new(StringComparer.Ordinal);

    /// <summary>
    /// Keeps a scheduler from working until that moment; a pause ends with the PD leader that knows of it.
    /// </summary>
    public void Pause(string scheduler, DateTimeOffset until)
    {
        _pausedUntil[scheduler] = until;
        Wake();
    }

    public bool IsPaused(string scheduler, DateTimeOffset now) =>
        _pausedUntil.TryGetValue(scheduler, out var until) && now < until;

    public void ForgetPauses() => _pausedUntil.Clear();

    /// <summary>Grows whenever somebody wants the regions to be looked at soon.</summary>
    public long Wakes { get; private set; }

    public void Wake()
    {
        Wakes++;
        _next = DateTimeOffset.MinValue;
    }

    public DateTimeOffset Work(PdEnsemble ensemble, DateTimeOffset now)
    {
        if (_seen != ensemble.Stores.Changes)
            _next = DateTimeOffset.MinValue;
        var due = _next > _last + Busy ? _next : _last + Busy;
        if (_last != DateTimeOffset.MinValue && now < due)
            return due;
        var moved = ensemble.State.BootstrappedAt is not null && new SchedulePass(ensemble, now).Run();
        _seen = ensemble.Stores.Changes;
        _last = now;
        return _next = now + (moved ? Busy : Idle);
    }
}
