using System.Text.Json.Serialization;

namespace Tidekeeper.Model.Admin.TiDB;

/// <summary>Answer of <c>GET /pd/api/v1/stores</c>; tombstones only when asked for by <c>?state=2</c>.</summary>
public sealed record PdStores
{
    public int Count { get; init; }
    public IReadOnlyList<PdStore> Stores { get; init; } = [];
}

/// <summary>One TiKV or TiFlash store; also the answer of <c>GET /pd/api/v1/store/{id}</c>.</summary>
public sealed record PdStore
{
    public PdStoreMeta Store { get; init; } = new();
    public PdStoreStatus Status { get; init; } = new();
}

/// <summary>What a store said about itself when it registered, and what PD decided about it.</summary>
public sealed record PdStoreMeta
{
    public ulong Id { get; init; }

    /// <summary>Host and port by which other stores reach it; unique among stores that are not tombstones.</summary>
    public string Address { get; init; } = "";

    /// <summary>0 Up, 1 Offline, 2 Tombstone; not written when 0.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int State { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<PdStoreLabel>? Labels { get; init; }
    public string Version { get; init; } = "";

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? PeerAddress { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? StatusAddress { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? GitHash { get; init; }

    /// <summary>Unix seconds.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long StartTimestamp { get; init; }

    /// <summary>Unix nanoseconds.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long LastHeartbeat { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool PhysicallyDestroyed { get; init; }

    /// <summary>0 Preparing, 1 Serving, 2 Removing, 3 Removed; since v6.</summary>
    public int NodeState { get; init; }

    /// <summary>One of <see cref="PdStoreState"/>.</summary>
    public string StateName { get; init; } = "";
}

public sealed record PdStoreLabel
{
    public string Key { get; init; } = "";
    public string Value { get; init; } = "";
}

/// <summary>What PD knows of a store from its heartbeats.</summary>
public sealed record PdStoreStatus
{
    /// <summary>As text with a unit, for example <c>10GiB</c>.</summary>
    public string Capacity { get; init; } = "0B";
    public string Available { get; init; } = "0B";
    public string UsedSize { get; init; } = "0B";
    public int LeaderCount { get; init; }
    public double LeaderWeight { get; init; } = 1;
    public double LeaderScore { get; init; }
    public long LeaderSize { get; init; }
    public int RegionCount { get; init; }
    public double RegionWeight { get; init; } = 1;
    public double RegionScore { get; init; }
    public long RegionSize { get; init; }
    public int SlowScore { get; init; }

    /// <summary>Absent before the first heartbeat.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? StartTs { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? LastHeartbeatTs { get; init; }

    /// <summary>As Go prints a duration, for example <c>1m2.5s</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Uptime { get; init; }
}

/// <summary>Values of <see cref="PdStoreMeta.StateName"/>.</summary>
public static class PdStoreState
{
    public const string Up = "Up";

    /// <summary>No heartbeat for 20 s; still wanted, still counted.</summary>
    public const string Disconnected = "Disconnected";

    /// <summary>No heartbeat for max-store-down-time: PD replaces its peers.</summary>
    public const string Down = "Down";

    /// <summary>Leaving: PD moves its peers away.</summary>
    public const string Offline = "Offline";

    /// <summary>Gone for good; the id never returns.</summary>
    public const string Tombstone = "Tombstone";
}
