using Tidekeeper.Engines;
using Tidekeeper.Kube;

namespace Tidekeeper.Operator;

/// <summary>
/// The numbers of every cluster that this process has looked at while it leads. One who no longer leads publishes
/// none, else two would tell different things; those of a cluster that is gone go with it.
/// </summary>
public sealed class ClusterReadings(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<ObjectKey, Entry> _told = [];

    private sealed record Entry(string Labels)
    {
        public IReadOnlyList<Reading> Engine { get; set; } = [];
        public SortedDictionary<string, int> Stopped { get; } = new(StringComparer.Ordinal);
        public DateTimeOffset? Last { get; set; }
        public bool Failed { get; set; }
    }

    /// <summary>What the engine says after a look.</summary>
    public void Keep(ObjectKey key, IReadOnlyList<Reading> readings)
    {
        lock (_gate)
            _Of(key).Engine = readings;
    }

    /// <summary>Counts a pod that was stopped because a step of the plan wanted it.</summary>
    public void Stopped(ObjectKey key, string step)
    {
        lock (_gate)
            _Of(key).Stopped[step] = _Of(key).Stopped.GetValueOrDefault(step) + 1;
    }

    /// <summary>A look has ended, whatever came of it.</summary>
    public void Ended(ObjectKey key, bool failed)
    {
        lock (_gate)
        {
            // One that is gone was forgotten by the very look that found it gone.
            if (!failed && !_told.ContainsKey(key))
                return;
            _Of(key).Last = time.GetUtcNow();
            _Of(key).Failed = failed;
        }
    }

    public void Forget(ObjectKey key)
    {
        lock (_gate)
            _told.Remove(key);
    }

    /// <summary>The term is over.</summary>
    public void Clear()
    {
        lock (_gate)
            _told.Clear();
    }

    /// <summary>
    /// Prometheus text exposition of these families, each with the readings of all clusters: one text a family, since
    /// all of thousands of clusters would be a long one.
    /// </summary>
    public IEnumerable<string> Print(IReadOnlyList<Metric> families)
    {
        (string Labels, IReadOnlyList<Reading> Readings)[] all;
        lock (_gate)
            all = [.. _told.Values.Select(told => (told.Labels, All(told)))];
        foreach (var family in families)
        {
            var text = new StringWriter();
            Metrics.PrintHead(text, family);
            foreach (var (labels, readings) in all)
            {
                foreach (var reading in readings)
                {
                    if (ReferenceEquals(reading.Metric, family))
                        Print(text, labels, reading);
                }
            }

            yield return text.ToString();
        }
    }

    private static IReadOnlyList<Reading> All(Entry told) => [.. told.Engine, .. Own(told)];

    private static IEnumerable<Reading> Own(Entry told)
    {
        if (told.Last is { } last)
        {
            yield return new(OperatorMetrics.LastReconcile, last.ToUnixTimeSeconds());
            yield return new(OperatorMetrics.LastFailed, told.Failed ? 1 : 0);
        }

        foreach (var (step, count) in told.Stopped)
            yield return new(OperatorMetrics.PodsStopped, count, step);
    }

    private static void Print(TextWriter text, string labels, Reading reading)
    {
        text.Write(reading.Metric.Name);
        text.Write(labels);
        var names = reading.Metric.Labels;
        if (names.Count > 0)
            Metrics.PrintLabel(text, ',', names[0], reading.First);
        if (names.Count > 1)
            Metrics.PrintLabel(text, ',', names[1], reading.Second);
        text.Write("} ");
        Metrics.PrintNumber(text, reading.Value);
        text.Write('\n');
    }

    private Entry _Of(ObjectKey key)
    {
        if (_told.TryGetValue(key, out var told))
            return told;
        // Not "namespace": Prometheus gives a series the target's own label of that name, and would rename ours.
        var labels = new StringWriter();
        Metrics.PrintLabel(labels, '{', "cluster_namespace", key.Namespace);
        Metrics.PrintLabel(labels, ',', "cluster_name", key.Name);
        return _told[key] = new(labels.ToString());
    }
}
