namespace Tidekeeper.Cli.Probing;

/// <summary>Counts what the probe's connections see; all of them write into one.</summary>
internal sealed class ProbeTally(TimeProvider time)
{
    private const int ErrorsKept = 10;
    private readonly Lock _lock = new();
    private readonly long _began = time.GetTimestamp();
    private readonly List<double> _milliseconds = [];
    private readonly SortedSet<long> _acknowledged = [];
    private readonly List<string> _errors = [];
    private long _lastAnswer = time.GetTimestamp();
    private double _gap;
    private int _failed;
    private int _wrong;

    public void Answered(long began)
    {
        lock (_lock)
        {
            _milliseconds.Add(time.GetElapsedTime(began).TotalMilliseconds);
            Close();
        }
    }

    public void Acknowledged(long id)
    {
        lock (_lock)
            _acknowledged.Add(id);
    }

    public void Failed(string what)
    {
        lock (_lock)
        {
            _failed++;
            Keep(what);
        }
    }

    public void WrongRead(string what)
    {
        lock (_lock)
        {
            _wrong++;
            Keep(what);
        }
    }

    /// <summary>The load is over; from now on only the final check counts.</summary>
    public ProbeReport Report(ProbeReport of)
    {
        lock (_lock)
        {
            Close();
            _milliseconds.Sort();
            return of with
            {
                Seconds = time.GetElapsedTime(_began).TotalSeconds,
                Statements = _milliseconds.Count,
                Failed = _failed,
                WrongReads = _wrong,
                Acknowledged = _acknowledged.Count,
                P50Milliseconds = Percentile(0.50),
                P99Milliseconds = Percentile(0.99),
                LongestGapMilliseconds = _gap,
                Errors = [.. _errors],
            };
        }
    }

    public string Progress()
    {
        lock (_lock)
        {
            return $"{_milliseconds.Count} statements, {_failed} failed, longest gap {_gap:0} ms";
        }
    }

    public IReadOnlyList<long> AcknowledgedIds()
    {
        lock (_lock)
            return [.. _acknowledged];
    }

    private void Close()
    {
        _gap = Math.Max(_gap, time.GetElapsedTime(_lastAnswer).TotalMilliseconds);
        _lastAnswer = time.GetTimestamp();
    }

    private double Percentile(double share) =>
        _milliseconds.Count == 0 ? 0 : _milliseconds[(int)((_milliseconds.Count - 1) * share)];

    private void Keep(string what)
    {
        if (_errors.Count < ErrorsKept)
            _errors.Add($"{time.GetUtcNow():HH:mm:ss} {what}");
    }
}
