using System.Text.Json.Serialization;

namespace Tidekeeper.Model.Admin.TiDB;

/// <summary>Answer of <c>GET /status</c> on the status port of a TiDB server.</summary>
public sealed record TidbStatus
{
    public int Connections { get; init; }

    /// <summary>As the MySQL protocol announces it, for example <c>8.0.11-TiDB-v8.5.1</c>.</summary>
    public string Version { get; init; } = "";
    public string GitHash { get; init; } = "";
}

/// <summary>Answer of <c>GET /info</c> on the status port of a TiDB server.</summary>
public sealed record TidbInfo
{
    /// <summary>Whether this server owns schema changes at the moment.</summary>
    public bool IsOwner { get; init; }
    public string Version { get; init; } = "";
    public string GitHash { get; init; } = "";
    public string DdlId { get; init; } = "";
    public string Ip { get; init; } = "";
    public int ListeningPort { get; init; }
    public int StatusPort { get; init; }
    public string Lease { get; init; } = "45s";
    public SortedDictionary<string, string> Labels { get; init; } = [];
}

/// <summary>Reads and writes the JSON of TiDB's status port.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(TidbStatus))]
[JsonSerializable(typeof(TidbInfo))]
[JsonSerializable(typeof(SortedDictionary<string, string>))]
public sealed partial class TidbJson : JsonSerializerContext;
