using System.Text.Json.Serialization;

namespace Tidekeeper.Model.Crds;

/// <summary>JSON of a TidbCluster. Absent and null mean the same, so null is never written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TidbCluster))]
[JsonSerializable(typeof(ClusterMetadata))]
[JsonSerializable(typeof(TidbClusterSpec))]
[JsonSerializable(typeof(TidbClusterStatus))]
public sealed partial class TidbClusterJson : JsonSerializerContext;
