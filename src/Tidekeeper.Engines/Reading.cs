namespace Tidekeeper.Engines;

/// <summary>What kind of number a metric is, as Prometheus knows them.</summary>
public enum MetricType
{
    /// <summary>It goes up and down.</summary>
    Gauge,

    /// <summary>It only goes up, apart from a new beginning.</summary>
    Counter,

    /// <summary>How many observations lay below each bound.</summary>
    Histogram
}

/// <summary>
/// Something that is published as numbers. All of them are listed in docs/metrics.md, which is made from these.
/// </summary>
/// <param name="Help">A sentence.</param>
/// <param name="Labels">Each with a bounded set of values; those of the cluster are not among them.</param>
public sealed record Metric(string Name, MetricType Type, string Help, params IReadOnlyList<string> Labels);

/// <summary>A number about one cluster.</summary>
/// <param name="First">Value of the metric's first label, if it has one.</param>
/// <param name="Second">Value of its second.</param>
public readonly record struct Reading(Metric Metric, double Value, string First = "", string Second = "");
