using System.Globalization;
using System.Text;

namespace Tidekeeper.Operator;

/// <summary>Numbers about the operator, printed as Prometheus text in a fixed order.</summary>
public sealed class Metrics
{
    private static readonly double[] Bounds = [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10, 60];
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, Family> _families = new(StringComparer.Ordinal);

    private sealed record Family(string Type, string Help)
    {
        public SortedDictionary<string, double> Values { get; } = new(StringComparer.Ordinal);
        public SortedDictionary<string, double[]> Buckets { get; } = new(StringComparer.Ordinal);
        public Func<double>? Read { get; init; }
    }

    /// <summary>Adds one to a counter.</summary>
    public void Count(string name, string help, params ReadOnlySpan<(string Name, string Value)> labels)
    {
        lock (_gate)
        {
            var values = _Family(name, "counter", help).Values;
            var key = Labels(labels);
            values[key] = values.GetValueOrDefault(key) + 1;
        }
    }

    public void Set(string name, string help, double value, params ReadOnlySpan<(string Name, string Value)> labels)
    {
        lock (_gate)
            _Family(name, "gauge", help).Values[Labels(labels)] = value;
    }

    /// <summary>Drops the values of a gauge that belong to something which is gone.</summary>
    public void Forget(string name, params ReadOnlySpan<(string Name, string Value)> labels)
    {
        lock (_gate)
            if (_families.TryGetValue(name, out var family))
                family.Values.Remove(Labels(labels));
    }

    /// <summary>A gauge that is read when the metrics are.</summary>
    public void Watch(string name, string help, Func<double> read)
    {
        lock (_gate)
            _families[name] = new("gauge", help) { Read = read };
    }

    /// <summary>Adds an observation to a histogram of seconds.</summary>
    public void Observe(string name, string help, TimeSpan duration)
    {
        lock (_gate)
        {
            var family = _Family(name, "histogram", help);
            if (!family.Buckets.TryGetValue("", out var buckets))
                family.Buckets[""] = buckets = new double[Bounds.Length + 2];
            for (var i = 0; i < Bounds.Length; i++)
                if (duration.TotalSeconds <= Bounds[i])
                    buckets[i]++;
            buckets[^2]++;
            buckets[^1] += duration.TotalSeconds;
        }
    }

    /// <summary>The value of a counter or gauge, 0 when there is none.</summary>
    public double Value(string name, params ReadOnlySpan<(string Name, string Value)> labels)
    {
        lock (_gate)
            return _families.TryGetValue(name, out var family) ? family.Values.GetValueOrDefault(Labels(labels)) : 0;
    }

    /// <summary>Prometheus text exposition.</summary>
    public string Print()
    {
        var text = new StringBuilder();
        lock (_gate)
        {
            foreach (var (name, family) in _families)
            {
                text.Append($"# HELP {name} {family.Help}\n# TYPE {name} {family.Type}\n");
                if (family.Read is { } read)
                    text.Append($"{name} {Number(read())}\n");
                foreach (var (labels, value) in family.Values)
                    text.Append($"{name}{labels} {Number(value)}\n");
                foreach (var buckets in family.Buckets.Values)
                    PrintHistogram(text, name, buckets);
            }
        }

        return text.ToString();
    }

    /// <summary>Labels as they are printed, in the given order; empty for none.</summary>
    public static string Labels(params ReadOnlySpan<(string Name, string Value)> labels)
    {
        if (labels.Length == 0)
            return "";
        var text = new StringBuilder("{");
        foreach (var (name, value) in labels)
        {
            var escaped = value.Replace("\\", "\\\\", StringComparison.Ordinal)
                .Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
            text.Append(text.Length > 1 ? "," : "").Append(name).Append("=\"").Append(escaped).Append('"');
        }

        return text.Append('}').ToString();
    }

    private static void PrintHistogram(StringBuilder text, string name, double[] buckets)
    {
        for (var i = 0; i < Bounds.Length; i++)
            text.Append($"{name}_bucket{{le=\"{Number(Bounds[i])}\"}} {Number(buckets[i])}\n");
        text.Append($"{name}_bucket{{le=\"+Inf\"}} {Number(buckets[^2])}\n");
        text.Append($"{name}_sum {Number(buckets[^1])}\n{name}_count {Number(buckets[^2])}\n");
    }

    private Family _Family(string name, string type, string help)
    {
        if (!_families.TryGetValue(name, out var family))
            _families[name] = family = new(type, help);
        return family;
    }

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
