using System.Text.Json.Nodes;

namespace Tidekeeper.Engines.TiDB.Objects;

/// <summary>What a component brings to its pods; <see cref="StatefulSets"/> puts it together.</summary>
internal sealed class PodParts
{
    /// <summary>The database itself.</summary>
    public required JsonObject Main { get; init; }

    /// <summary>Containers that stand in front of it in the list.</summary>
    public JsonArray Before { get; } = [];

    /// <summary>Containers that stand behind it.</summary>
    public JsonArray After { get; } = [];

    public JsonArray Init { get; } = [];
    public JsonArray Volumes { get; } = [];

    /// <summary>volumeClaimTemplates.</summary>
    public JsonArray Claims { get; } = [];

    /// <summary>Where Prometheus scrapes.</summary>
    public required int MetricsPort { get; init; }

    /// <summary>Further annotations of the pod.</summary>
    public SortedDictionary<string, string> Annotations { get; } = new(StringComparer.Ordinal);
}
