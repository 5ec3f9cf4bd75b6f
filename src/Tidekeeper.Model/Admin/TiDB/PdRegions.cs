using System.Text.Json.Serialization;

namespace Tidekeeper.Model.Admin.TiDB;

/// <summary>Answer of <c>GET /pd/api/v1/regions</c> and of <c>/pd/api/v1/regions/check/{miss-peer,…}</c>.</summary>
public sealed record PdRegions
{
    public int Count { get; init; }
    public IReadOnlyList<PdRegion> Regions { get; init; } = [];
}

/// <summary>One region; also the answer of <c>GET /pd/api/v1/region/id/{id}</c>.</summary>
public sealed record PdRegion
{
    public ulong Id { get; init; }

    /// <summary>In upper-case hexadecimal; empty is the beginning of all keys.</summary>
    public string StartKey { get; init; } = "";

    /// <summary>Not included; empty is the end of all keys.</summary>
    public string EndKey { get; init; } = "";
    public PdRegionEpoch Epoch { get; init; } = new();
    public IReadOnlyList<PdPeer> Peers { get; init; } = [];

    /// <summary>Absent while the region has no leader.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PdPeer? Leader { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<PdDownPeer>? DownPeers { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<PdPeer>? PendingPeers { get; init; }

    /// <summary>In MiB.</summary>
    public long ApproximateSize { get; init; }
    public long ApproximateKeys { get; init; }
}

public sealed record PdRegionEpoch
{
    /// <summary>Grows with every change of peers.</summary>
    public ulong ConfVer { get; init; }

    /// <summary>Grows with every split.</summary>
    public ulong Version { get; init; }
}

public sealed record PdPeer
{
    public ulong Id { get; init; }
    public ulong StoreId { get; init; }
    public string RoleName { get; init; } = "Voter";
}

public sealed record PdDownPeer
{
    public PdPeer Peer { get; init; } = new();
    public long DownSeconds { get; init; }
}
