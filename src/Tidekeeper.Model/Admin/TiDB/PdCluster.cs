using System.Text.Json.Serialization;

namespace Tidekeeper.Model.Admin.TiDB;

/// <summary>Answer of <c>GET /pd/api/v1/cluster</c>.</summary>
public sealed record PdCluster
{
    public ulong Id { get; init; }
    public int MaxPeerCount { get; init; }
}

/// <summary>Answer of <c>GET /pd/api/v1/cluster/status</c>.</summary>
public sealed record PdClusterStatus
{
    /// <summary>Year 1 until the first TiKV has come.</summary>
    public DateTimeOffset RaftBootstrapTime { get; init; }
    public bool IsInitialized { get; init; }
    public string ReplicationStatus { get; init; } = "";
}

/// <summary>Answer of <c>GET /pd/api/v1/version</c>.</summary>
public sealed record PdVersion
{
    public string Version { get; init; } = "";
}

/// <summary>
/// Answer of <c>GET /pd/api/v1/config/replicate</c>, and the section <c>replication</c> of the configuration.
/// PD writes booleans of this section as text.
/// </summary>
public sealed record PdReplication
{
    [JsonPropertyName("max-replicas")]
    public ulong MaxReplicas { get; init; } = 3;

    /// <summary>Label keys from coarse to fine, separated by commas.</summary>
    [JsonPropertyName("location-labels")]
    public string LocationLabels { get; init; } = "";

    [JsonPropertyName("strictly-match-label")]
    public string StrictlyMatchLabel { get; init; } = "false";

    [JsonPropertyName("enable-placement-rules")]
    public string EnablePlacementRules { get; init; } = "true";

    [JsonPropertyName("enable-placement-rules-cache")]
    public string EnablePlacementRulesCache { get; init; } = "false";

    [JsonPropertyName("isolation-level")]
    public string IsolationLevel { get; init; } = "";
}

/// <summary>The part of <c>GET /pd/api/v1/config</c> that a client needs.</summary>
public sealed record PdConfig
{
    public PdReplication Replication { get; init; } = new();

    [JsonPropertyName("cluster-version")]
    public string ClusterVersion { get; init; } = "";
}

/// <summary>Body of <c>POST /pd/api/v1/schedulers</c>.</summary>
public sealed record PdSchedulerRequest
{
    /// <summary>For example <c>evict-leader-scheduler</c>.</summary>
    public string Name { get; init; } = "";
    public ulong StoreId { get; init; }
}

/// <summary>Answer of <c>GET /pd/api/v1/scheduler-config/evict-leader-scheduler/list</c>.</summary>
public sealed record PdEvictedStores
{
    /// <summary>Store id as text → key ranges.</summary>
    [JsonPropertyName("store-id-ranges")]
    public SortedDictionary<string, IReadOnlyList<PdKeyRange>> StoreIdRanges { get; init => field = value ?? []; } = [];
}

public sealed record PdKeyRange
{
    [JsonPropertyName("start-key")]
    public string StartKey { get; init; } = "";

    [JsonPropertyName("end-key")]
    public string EndKey { get; init; } = "";
}
