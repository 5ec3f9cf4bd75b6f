using System.Text.Json.Serialization;

namespace Tidekeeper.Model.Admin.TiDB;

/// <summary>Reads and writes PD's JSON; unknown fields are ignored, since every version adds some.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(PdMembers))]
[JsonSerializable(typeof(PdMember))]
[JsonSerializable(typeof(IReadOnlyList<PdMemberHealth>))]
[JsonSerializable(typeof(PdStores))]
[JsonSerializable(typeof(PdStore))]
[JsonSerializable(typeof(PdCluster))]
[JsonSerializable(typeof(PdClusterStatus))]
[JsonSerializable(typeof(PdVersion))]
[JsonSerializable(typeof(PdConfig))]
[JsonSerializable(typeof(PdReplication))]
[JsonSerializable(typeof(PdRegions))]
[JsonSerializable(typeof(PdRegion))]
[JsonSerializable(typeof(PdSchedulerRequest))]
[JsonSerializable(typeof(PdEvictedStores))]
[JsonSerializable(typeof(PdFault))]
[JsonSerializable(typeof(IReadOnlyList<PdStoreLabel>))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(string))]
public sealed partial class PdJson : JsonSerializerContext;
