using System.Globalization;
using Tidekeeper.Engines;

namespace Tidekeeper.Operator;

/// <summary>
/// Numbers as Prometheus text, in a fixed order. Every family prints its head, so that who looks for a metric finds
/// it whether or not there is anything to say. Why not the framework's meters: decision 0007.
/// </summary>
public sealed class Metrics
{
    private static readonly double[] Bounds = [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10, 60];
    private readonly Lock _gate = new();
    private readonly SortedDictionary<(string Metric, string Labels), double> _counts = [];
    private readonly SortedDictionary<string, double[]> _buckets = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, Func<double>> _watched = new(StringComparer.Ordinal);

    /// <summary>Adds one to a counter; a value for each of its labels.</summary>
    public void Count(Metric metric, params ReadOnlySpan<string> values)
    {
        var labels = Labels(metric, values);
        lock (_gate)
            _counts[(metric.Name, labels)] = _counts.GetValueOrDefault((metric.Name, labels)) + 1;
    }

    /// <summary>A gauge that is read when the metrics are.</summary>
    public void Watch(Metric metric, Func<double> read)
    {
        lock (_gate)
            _watched[metric.Name] = read;
    }

    /// <summary>Adds an observation to a histogram of seconds.</summary>
    public void Observe(Metric metric, TimeSpan duration)
    {
        lock (_gate)
        {
            if (!_buckets.TryGetValue(metric.Name, out var buckets))
                _buckets[metric.Name] = buckets = new double[Bounds.Length + 2];
            for (var i = 0; i < Bounds.Length; i++)
                if (duration.TotalSeconds <= Bounds[i])
                    buckets[i]++;
            buckets[^2]++;
            buckets[^1] += duration.TotalSeconds;
        }
    }

    /// <summary>The value of a counter, 0 when there is none.</summary>
    public double Value(Metric metric, params ReadOnlySpan<string> values)
    {
        var labels = Labels(metric, values);
        lock (_gate)
            return _counts.GetValueOrDefault((metric.Name, labels));
    }

    /// <summary>Prometheus text exposition of these families.</summary>
    public string Print(IReadOnlyList<Metric> families)
    {
        var text = new StringWriter();
        foreach (var family in families)
        {
            PrintHead(text, family);
            if (_watched.GetValueOrDefault(family.Name) is { } read)
                PrintLine(text, family.Name, "", read());
            lock (_gate)
            {
                foreach (var ((_, labels), value) in _counts.Where(one => one.Key.Metric == family.Name))
                    PrintLine(text, family.Name, labels, value);
                if (_buckets.GetValueOrDefault(family.Name) is { } buckets)
                    PrintHistogram(text, family.Name, buckets);
            }
        }

        return text.ToString();
    }

    internal static void PrintHead(TextWriter text, Metric metric) =>
        text.Write($"# HELP {metric.Name} {metric.Help}\n# TYPE {metric.Name} {Word(metric.Type)}\n");

    internal static string Word(MetricType type) => type switch
    {
        MetricType.Gauge => "gauge",
        MetricType.Counter => "counter",
        _ => "histogram",
    };

    /// <summary>One label, after what stands before it: <c>{</c> or a comma.</summary>
    internal static void PrintLabel(TextWriter text, char before, string name, string value)
    {
        text.Write(before);
        text.Write(name);
        text.Write("=\"");
        text.Write(value.AsSpan().IndexOfAny("\\\"\n") < 0
            ? value
            : value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)
                .Replace("\n", "\\n", StringComparison.Ordinal));
        text.Write('"');
    }

    internal static void PrintNumber(TextWriter text, double value)
    {
        Span<char> digits = stackalloc char[32];
        value.TryFormat(digits, out var length, "R", CultureInfo.InvariantCulture);
        text.Write(digits[..length]);
    }

    private static string Labels(Metric metric, ReadOnlySpan<string> values)
    {
        if (metric.Labels.Count != values.Length)
            throw new ArgumentException($"{metric.Name} has the labels {string.Join(", ", metric.Labels)}");
        if (values.Length == 0)
            return "";
        var text = new StringWriter();
        for (var i = 0; i < values.Length; i++)
            PrintLabel(text, i == 0 ? '{' : ',', metric.Labels[i], values[i]);
        text.Write('}');
        return text.ToString();
    }

    private static void PrintLine(TextWriter text, string name, string labels, double value)
    {
        text.Write(name);
        text.Write(labels);
        text.Write(' ');
        PrintNumber(text, value);
        text.Write('\n');
    }

    private static void PrintHistogram(TextWriter text, string name, double[] buckets)
    {
        for (var i = 0; i < Bounds.Length; i++)
        {
            var bound = Bounds[i].ToString(CultureInfo.InvariantCulture);
            PrintLine(text, $"{name}_bucket", $"{{le=\"{bound}\"}}", buckets[i]);
        }

        PrintLine(text, $"{name}_bucket", "{le=\"+Inf\"}", buckets[^2]);
        PrintLine(text, $"{name}_sum", "", buckets[^1]);
        PrintLine(text, $"{name}_count", "", buckets[^2]);
    }
}
