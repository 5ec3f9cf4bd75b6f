using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Tidekeeper.Model.Crds;

/// <summary>PD: membership, timestamps and the placement of data.</summary>
[Rule("self.replicas > 0", "PD needs at least one replica; to take the cluster away, delete it",
    FieldPath = ".replicas")]
[Rule(CelRules.StorageIsGiven,
    "storage is missing; write how large the volume of each PD shall be, such as 10Gi",
    FieldPath = ".requests", Reason = "FieldValueRequired")]
[Rule(CelRules.SameDirectory, CelRules.DirectoryStays, FieldPath = ".dataSubDir")]
public sealed record PdSpec : ReplicatedSpec
{
    /// <summary>PD's configuration, as TOML text or as an object. Keys that the operator owns are refused.</summary>
    [Shape(Shape.Toml)]
    public JsonNode? Config { get; init; }

    /// <summary>The Service <c>{cluster}-pd</c>.</summary>
    public ServiceSpec? Service { get; init; }

    /// <summary>Directory below the data volume's root that holds the data.</summary>
    [Limits(MaxLength = 256, Pattern = CelRules.SubDirectoryPattern)]
    public string? DataSubDir { get; init; }

    /// <summary>Secret with the certificate of the dashboard's SQL client. Not acted upon yet.</summary>
    public string? TlsClientSecretName { get; init; }

    /// <summary>Deprecated: set <c>dashboard.internal-proxy</c> in <c>config</c>.</summary>
    public bool? EnableDashboardInternalProxy { get; init; }

    /// <summary>Mounts the certificate of cluster clients for pd-ctl; means nothing without TLS.</summary>
    public bool? MountClusterClientSecret { get; init; }

    /// <summary>Style of the Go operator's start script; not acted upon.</summary>
    [Values("", "v1")]
    public string? StartUpScriptVersion { get; init; }

    /// <summary>How long a pod waits at its start for its own name in DNS, in seconds. Default 30.</summary>
    [Limits(Minimum = 0, Maximum = 86400)]
    public int? StartTimeout { get; init; }

    /// <summary>
    /// How long a pod waits before it looks for its name in DNS, in seconds. Default 0. Not acted upon yet.
    /// </summary>
    [Limits(Minimum = 0, Maximum = 86400)]
    public int? InitWaitTime { get; init; }

    /// <summary><c>ms</c> splits PD into micro-services. Not acted upon yet.</summary>
    [Values("", "ms")]
    public string? Mode { get; init; }

    /// <summary>Additional members while volumes are replaced. Not acted upon yet.</summary>
    [Limits(Minimum = 0)]
    public int? SpareVolReplaceReplicas { get; init; }
}

/// <summary>TiKV: the rows.</summary>
[Rule(CelRules.StorageIsGiven,
    "storage is missing; write how large the volume of each TiKV shall be, such as 100Gi",
    FieldPath = ".requests", Reason = "FieldValueRequired")]
[Rule(CelRules.SameDirectory, CelRules.DirectoryStays, FieldPath = ".dataSubDir")]
public sealed record TikvSpec : ReplicatedSpec
{
    /// <summary>
    /// TiKV's configuration, as TOML text or as an object. Keys that the operator owns are refused.
    /// </summary>
    [Shape(Shape.Toml)]
    public JsonNode? Config { get; init; }

    /// <summary>Directory below the data volume's root that holds the data.</summary>
    [Limits(MaxLength = 256, Pattern = CelRules.SubDirectoryPattern)]
    public string? DataSubDir { get; init; }

    /// <summary>Deprecated: runs the main container privileged. Use <c>securityContext</c>.</summary>
    public bool? Privileged { get; init; }

    /// <summary>A container copies the log of the storage engine to its output. Default false.</summary>
    [JsonPropertyName("separateRocksDBLog")]
    public bool? SeparateRocksDBLog { get; init; }

    /// <summary>A container copies the log of the raft engine to its output. Default false.</summary>
    public bool? SeparateRaftLog { get; init; }

    /// <summary>Volume that the log of the storage engine is on.</summary>
    [JsonPropertyName("rocksDBLogVolumeName")]
    public string? RocksDBLogVolumeName { get; init; }

    /// <summary>Volume that the log of the raft engine is on.</summary>
    public string? RaftLogVolumeName { get; init; }

    /// <summary>The containers that copy logs.</summary>
    public LogTailerSpec? LogTailer { get; init; }

    /// <summary>
    /// As in the Go operator, where it lets replacements leave once the lost stores serve again. Here they always do.
    /// </summary>
    public bool? RecoverFailover { get; init; }

    /// <summary>
    /// As in the Go operator, where it lets one batch of replacements leave. Here they leave by themselves.
    /// </summary>
    public FailoverSpec? Failover { get; init; }

    /// <summary>Mounts the certificate of cluster clients for tikv-ctl; means nothing without TLS.</summary>
    public bool? MountClusterClientSecret { get; init; }

    /// <summary>
    /// How long a restart waits for the leaders to leave the store, for example <c>10m</c>. Default <c>1500m</c>.
    /// </summary>
    [Limits(MaxLength = 64, Pattern = CelRules.DurationPattern)]
    public string? EvictLeaderTimeout { get; init; }

    /// <summary>
    /// How long the next restart waits for leaders to come back, for example <c>400s</c>, which is the default.
    /// </summary>
    [Limits(MaxLength = 64, Pattern = CelRules.DurationPattern)]
    public string? WaitLeaderTransferBackTimeout { get; init; }

    /// <summary>How many stores may restart at a time, and what happens when leaders do not leave.</summary>
    public StoreUpdatePolicy? UpdatePolicy { get; init; }

    /// <summary>
    /// Labels of nodes that PD is told about each store, besides those of its <c>location-labels</c>.
    /// </summary>
    [Limits(MaxItems = 64)]
    public IReadOnlyList<string>? StoreLabels { get; init; }

    /// <summary>Names the container's port 20180 <c>status</c>.</summary>
    public bool? EnableNamedStatusPort { get; init; }

    /// <summary>How many stores may be added or removed at a time. Not acted upon yet.</summary>
    public ScalePolicy? ScalePolicy { get; init; }

    /// <summary>Additional stores while volumes are replaced. Not acted upon yet.</summary>
    [Limits(Minimum = 0)]
    public int? SpareVolReplaceReplicas { get; init; }
}

/// <summary>TiDB: the SQL servers.</summary>
public sealed record TidbSpec : ReplicatedSpec
{
    /// <summary>
    /// TiDB's configuration, as TOML text or as an object. Keys that the operator owns are refused.
    /// </summary>
    [Shape(Shape.Toml)]
    public JsonNode? Config { get; init; }

    /// <summary>The Service <c>{cluster}-tidb</c> for SQL clients; without it there is none.</summary>
    public TidbServiceSpec? Service { get; init; }

    /// <summary>Writes the binlog to Pump, which has to be there. Not acted upon yet.</summary>
    public bool? BinlogEnabled { get; init; }

    /// <summary>A container copies the slow log to its output. Default true.</summary>
    public bool? SeparateSlowLog { get; init; }

    /// <summary>Volume that the slow log is on.</summary>
    public string? SlowLogVolumeName { get; init; }

    /// <summary>The container that copies the slow log.</summary>
    public LogTailerSpec? SlowLogTailer { get; init; }

    /// <summary>TLS between SQL clients and TiDB.</summary>
    public TlsClientSpec? TlsClient { get; init; }

    /// <summary>Lets users log in with tokens. Not acted upon yet.</summary>
    public bool? TokenBasedAuthEnabled { get; init; }

    /// <summary>Plug-ins, each by name and version.</summary>
    [Limits(MaxItems = 64)]
    public IReadOnlyList<string>? Plugins { get; init; }

    /// <summary>Hooks of the main container's life, as in a pod's spec.</summary>
    [Shape(Shape.AnyObject)]
    public JsonObject? Lifecycle { get; init; }

    /// <summary>What is done once, when the cluster is new.</summary>
    public TidbInitializerSpec? Initializer { get; init; }

    /// <summary>
    /// ConfigMap whose key <c>bootstrap-sql</c> is run once, when the cluster is new.
    /// </summary>
    public string? BootstrapSQLConfigMapName { get; init; }

    /// <summary>How many servers may be added or removed at a time. Not acted upon yet.</summary>
    public ScalePolicy? ScalePolicy { get; init; }

    /// <summary>A program of the user's that probes the start. Not acted upon yet.</summary>
    [Shape(Shape.AnyObject)]
    public JsonObject? CustomizedStartupProbe { get; init; }

    /// <summary>Additional arguments of the server.</summary>
    [Limits(MaxItems = 64)]
    public IReadOnlyList<string>? Arguments { get; init; }

    /// <summary>Labels that each server is told. Not acted upon yet.</summary>
    public SortedDictionary<string, string>? ServerLabels { get; init; }
}

/// <summary>TLS between SQL clients and TiDB.</summary>
public sealed record TlsClientSpec
{
    /// <summary>Whether it is on. Not acted upon yet: true is refused.</summary>
    public bool? Enabled { get; init; }

    /// <summary>Whether clients may come without a certificate.</summary>
    public bool? DisableClientAuthn { get; init; }

    /// <summary>Whether the operator's own clients skip the check of the server's certificate.</summary>
    public bool? SkipInternalClientCA { get; init; }
}

/// <summary>What is done once, when the cluster is new.</summary>
public sealed record TidbInitializerSpec
{
    /// <summary>Gives root a random password, kept in a Secret. Not acted upon yet: true is refused.</summary>
    public bool? CreatePassword { get; init; }
}

/// <summary>TiFlash: copies of tables in columns.</summary>
public sealed record TiflashSpec : ReplicatedSpec
{
    /// <summary>Volumes of each pod, in order: data0, data1… New ones can only be added at the end.</summary>
    [Mandatory, Limits(MinItems = 1, MaxItems = 16)]
    [Rule("self.size() >= oldSelf.size()", "storageClaims cannot be removed: their volumes hold data")]
    public IReadOnlyList<StorageClaim> StorageClaims { get; init => field = value ?? []; } = [];

    /// <summary>TiFlash's configuration: the server's and its proxy's.</summary>
    public TiflashConfig? Config { get; init; }

    /// <summary>Init container that writes the configuration.</summary>
    public InitializerSpec? Initializer { get; init; }

    /// <summary>The containers that copy logs.</summary>
    public LogTailerSpec? LogTailer { get; init; }

    /// <summary>Deprecated: runs the main container privileged. Use <c>securityContext</c>.</summary>
    public bool? Privileged { get; init; }

    /// <summary>
    /// As in the Go operator, where it lets replacements leave once the lost stores serve again. Here they always do.
    /// </summary>
    public bool? RecoverFailover { get; init; }

    /// <summary>
    /// As in the Go operator, where it lets one batch of replacements leave. Here they leave by themselves.
    /// </summary>
    public FailoverSpec? Failover { get; init; }

    /// <summary>How many stores may be added or removed at a time. Not acted upon yet.</summary>
    public ScalePolicy? ScalePolicy { get; init; }
}

/// <summary>The container that runs before TiFlash; its image is that of <c>spec.helper</c>.</summary>
public sealed record InitializerSpec
{
    /// <summary>What the container needs.</summary>
    [Shape(Shape.Quantities), JsonConverter(typeof(QuantityMapConverter))]
    public IReadOnlyDictionary<string, string>? Requests { get; init; }

    /// <summary>What the container may use at most.</summary>
    [Shape(Shape.Quantities), JsonConverter(typeof(QuantityMapConverter))]
    public IReadOnlyDictionary<string, string>? Limits { get; init; }

    /// <summary>Security settings of the container, as in a pod's spec.</summary>
    [Shape(Shape.AnyObject)]
    public JsonObject? SecurityContext { get; init; }
}

/// <summary>TiFlash's configuration.</summary>
public sealed record TiflashConfig
{
    /// <summary>Of the server, as TOML text or as an object.</summary>
    [Shape(Shape.Toml)]
    public JsonNode? Config { get; init; }

    /// <summary>Of its proxy, as TOML text or as an object.</summary>
    [Shape(Shape.Toml)]
    public JsonNode? Proxy { get; init; }
}

/// <summary>One volume of each TiFlash pod.</summary>
public sealed record StorageClaim
{
    /// <summary>Its size.</summary>
    [Mandatory]
    public ClaimResources Resources { get; init => field = value ?? new(); } = new();

    /// <summary>Its storage class. Default: the cluster's default class. It cannot be changed later.</summary>
    public string? StorageClassName { get; init; }

    /// <summary>Its VolumeAttributesClass.</summary>
    public string? VolumeAttributesClassName { get; init; }
}

/// <summary>The size of a volume.</summary>
public sealed record ClaimResources
{
    /// <summary>Its <c>storage</c> is the size, for example <c>100Gi</c>.</summary>
    [Rule("'storage' in self", "storage is missing; write how large the volume shall be, such as 100Gi",
        Reason = "FieldValueRequired")]
    [Mandatory, Shape(Shape.Quantities), JsonConverter(typeof(QuantityMapConverter))]
    public IReadOnlyDictionary<string, string>? Requests { get; init; }

    /// <summary>Its <c>storage</c> is the most that the volume may have.</summary>
    [Shape(Shape.Quantities), JsonConverter(typeof(QuantityMapConverter))]
    public IReadOnlyDictionary<string, string>? Limits { get; init; }
}
