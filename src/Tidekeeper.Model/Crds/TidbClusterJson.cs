using System.Text.Json.Serialization;

namespace Tidekeeper.Model.Crds;

/// <summary>JSON of a TidbCluster. Absent and null mean the same, so null is never written.</summary>
/// <remarks>
/// Generated readers set an init-only property that is absent to null, whatever its initializer says. That is why those
/// that are never null repeat their default in <c>init => field = value ?? …</c>.
/// </remarks>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(TimestampConverter)])]
[JsonSerializable(typeof(TidbCluster))]
[JsonSerializable(typeof(ClusterMetadata))]
[JsonSerializable(typeof(TidbClusterSpec))]
[JsonSerializable(typeof(TidbClusterStatus))]
public sealed partial class TidbClusterJson : JsonSerializerContext;
