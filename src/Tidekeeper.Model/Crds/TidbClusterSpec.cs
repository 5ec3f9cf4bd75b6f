using System.Text.Json.Nodes;

namespace Tidekeeper.Model.Crds;

/// <summary>What the user wants of a TiDB cluster.</summary>
[Rule("!has(self.tidb) || !has(self.tidb.binlogEnabled) || !self.tidb.binlogEnabled || has(self.pump)",
    "needs spec.pump: TiDB cannot start without it; set it to false or remove it",
    FieldPath = ".tidb.binlogEnabled")]
[Rule(CelRules.SameDomain,
    "cannot be changed: members know each other by it; put the old value back, or create another cluster",
    FieldPath = ".clusterDomain")]
public sealed record TidbClusterSpec
{
    /// <summary>
    /// Version of all components, which is the tag of their images, for example <c>v8.5.0</c>. A component's own
    /// <c>version</c> goes before it.
    /// </summary>
    [Limits(MaxLength = 128, Pattern = CelRules.TagPattern)]
    public string? Version { get; init; }

    /// <summary>Service through which PD members find each other when they start.</summary>
    public DiscoverySpec? Discovery { get; init; }

    /// <summary>PD: membership, timestamps and the placement of data.</summary>
    public PdSpec? Pd { get; init; }

    /// <summary>TiKV: the rows.</summary>
    public TikvSpec? Tikv { get; init; }

    /// <summary>TiDB: the SQL servers.</summary>
    public TidbSpec? Tidb { get; init; }

    /// <summary>TiFlash: copies of tables in columns.</summary>
    public TiflashSpec? Tiflash { get; init; }

    /// <summary>PD's micro-services. Not acted upon yet.</summary>
    [Shape(Shape.AnyObjects)]
    public JsonArray? Pdms { get; init; }

    /// <summary>TiCDC: a stream of changes. Not acted upon yet.</summary>
    [Shape(Shape.AnyObject)]
    public JsonObject? Ticdc { get; init; }

    /// <summary>TiProxy: keeps clients connected while TiDB restarts. Not acted upon yet.</summary>
    [Shape(Shape.AnyObject)]
    public JsonObject? Tiproxy { get; init; }

    /// <summary>Pump: collects the binlog of old versions. Not acted upon yet.</summary>
    [Shape(Shape.AnyObject)]
    public JsonObject? Pump { get; init; }

    /// <summary>TiCI: full-text index service. Not acted upon yet.</summary>
    [Shape(Shape.AnyObject)]
    public JsonObject? Tici { get; init; }

    /// <summary>Service account of all pods, unless a component says otherwise.</summary>
    public string? ServiceAccount { get; init; }

    /// <summary>Image of small helper containers, such as those that copy log files.</summary>
    public HelperSpec? Helper { get; init; }

    /// <summary>Stops all acts of the operator; the status goes on being written.</summary>
    public bool? Paused { get; init; }

    /// <summary>
    /// <c>Manual</c>: whatever may interrupt somebody (restarts, removals, moves of leaders) waits until its name in
    /// <c>status.plan</c> is approved by <c>tide approve</c>. Default <c>Automatic</c>.
    /// </summary>
    [Values("Automatic", "Manual")]
    public string? Approval { get; init; }

    /// <summary>When the operator stops itself from disturbing this cluster.</summary>
    public BreakerSpec? Breaker { get; init; }

    /// <summary>Waits for volumes to be restored from snapshots. Not acted upon yet.</summary>
    public bool? RecoveryMode { get; init; }

    /// <summary>Scheduler that places the pods. Default: the Kubernetes scheduler.</summary>
    public string? SchedulerName { get; init; }

    /// <summary>
    /// What happens to a volume's data when its claim is deleted. Default <c>Retain</c>. Other values are not acted
    /// upon yet: volumes keep the policy of their storage class.
    /// </summary>
    [Values("Retain", "Delete", "Recycle")]
    public string? PvReclaimPolicy { get; init; }

    /// <summary>When the kubelet pulls images. Default <c>IfNotPresent</c>.</summary>
    [Values("Always", "Never", "IfNotPresent")]
    public string? ImagePullPolicy { get; init; }

    /// <summary>Secrets that hold the credentials of image registries.</summary>
    public IReadOnlyList<LocalReference>? ImagePullSecrets { get; init; }

    /// <summary>
    /// What a changed <c>config</c> does: <c>RollingUpdate</c> restarts pods one after another, <c>InPlace</c> lets
    /// each pod take it when it restarts anyway.
    /// </summary>
    [Values("InPlace", "RollingUpdate"), FilledIn("\"InPlace\"")]
    public string? ConfigUpdateStrategy { get; init; }

    /// <summary>
    /// As in the Go operator: deletes claims that scaling in leaves behind. <c>retention.whenScaled</c> goes before it.
    /// </summary>
    public bool? EnablePVReclaim { get; init; }

    /// <summary>What becomes of the volumes of members that are gone. Default: they stay.</summary>
    public RetentionSpec? Retention { get; init; }

    /// <summary>Replaces volumes to change their class or size. Not acted upon yet.</summary>
    public bool? EnablePVCReplace { get; init; }

    /// <summary>TLS between the components.</summary>
    public TlsClusterSpec? TlsCluster { get; init; }

    /// <summary>Uses the nodes' network instead of one of each pod's own. Default false.</summary>
    public bool? HostNetwork { get; init; }

    /// <summary>Where pods may run and beside whom, as in a pod's spec.</summary>
    [Shape(Shape.AnyObject)]
    public JsonObject? Affinity { get; init; }

    /// <summary>Name of the PriorityClass of the pods.</summary>
    public string? PriorityClassName { get; init; }

    /// <summary>Labels that a node must have.</summary>
    public SortedDictionary<string, string>? NodeSelector { get; init; }

    /// <summary>Annotations of all pods.</summary>
    public SortedDictionary<string, string>? Annotations { get; init; }

    /// <summary>Labels of all pods.</summary>
    public SortedDictionary<string, string>? Labels { get; init; }

    /// <summary>Taints that the pods tolerate, as in a pod's spec.</summary>
    [Shape(Shape.AnyObjects)]
    public JsonArray? Tolerations { get; init; }

    /// <summary>DNS settings of the pods, as in a pod's spec.</summary>
    [Shape(Shape.AnyObject)]
    public JsonObject? DnsConfig { get; init; }

    /// <summary>DNS policy of the pods.</summary>
    [Values("ClusterFirst", "ClusterFirstWithHostNet", "Default", "None")]
    public string? DnsPolicy { get; init; }

    /// <summary>Time zone of all components, for example <c>Europe/Berlin</c>. Default <c>UTC</c>.</summary>
    [Limits(MaxLength = 64, Pattern = CelRules.TimezonePattern)]
    public string? Timezone { get; init; }

    /// <summary>Deprecated: kinds of Services. Use <c>spec.pd.service</c>.</summary>
    public IReadOnlyList<NamedService>? Services { get; init; }

    /// <summary>
    /// Lets TiKV and TiFlash take some settings while they run: they announce their status address.
    /// </summary>
    public bool? EnableDynamicConfiguration { get; init; }

    /// <summary>
    /// DNS domain of the Kubernetes cluster, appended to host names. Default: none. It cannot be changed later.
    /// </summary>
    [Limits(MaxLength = 253, Pattern = CelRules.DomainPattern)]
    public string? ClusterDomain { get; init; }

    /// <summary>One database over several Kubernetes clusters. Not acted upon yet.</summary>
    public bool? AcrossK8s { get; init; }

    /// <summary>Another TidbCluster that this one joins. Not acted upon yet.</summary>
    public ClusterReference? Cluster { get; init; }

    /// <summary>PD endpoints of an existing cluster that this one joins. Not acted upon yet.</summary>
    [Limits(MaxItems = 64)]
    public IReadOnlyList<string>? PdAddresses { get; init; }

    /// <summary>
    /// Accepted for manifests of the Go operator. Tidekeeper itself decides when each pod restarts; not acted upon.
    /// </summary>
    [Values("RollingUpdate", "OnDelete")]
    public string? StatefulSetUpdateStrategy { get; init; }

    /// <summary>Whether pods are made one after another or all at once. Default <c>Parallel</c>.</summary>
    [Values("Parallel", "OrderedReady")]
    public string? PodManagementPolicy { get; init; }

    /// <summary>Security settings of the pods, as in a pod's spec.</summary>
    [Shape(Shape.AnyObject)]
    public JsonObject? PodSecurityContext { get; init; }

    /// <summary>How the pods of each component are spread over failure domains.</summary>
    [Limits(MaxItems = 16)]
    public IReadOnlyList<TopologySpread>? TopologySpreadConstraints { get; init; }

    /// <summary>
    /// Style of the Go operator's start scripts. Tidekeeper has one style of its own; not acted upon.
    /// </summary>
    [Values("", "v1", "v2")]
    public string? StartScriptVersion { get; init; }

    /// <summary>Switches of the Go operator's second style of start scripts; not acted upon.</summary>
    [Limits(MaxItems = 16)]
    public IReadOnlyList<string>? StartScriptV2FeatureFlags { get; init; }

    /// <summary>Takes the whole cluster out of service and keeps its volumes.</summary>
    public SuspendAction? SuspendAction { get; init; }

    /// <summary>Listens on IPv6 and prefers it.</summary>
    public bool? PreferIPv6 { get; init; }
}

/// <summary>The service through which PD members find each other when they start.</summary>
public sealed record DiscoverySpec : ComponentSpec
{
    /// <summary>What its pod needs: <c>cpu</c>, <c>memory</c>.</summary>
    [Shape(Shape.Quantities), System.Text.Json.Serialization.JsonConverter(typeof(QuantityMapConverter))]
    public IReadOnlyDictionary<string, string>? Requests { get; init; }

    /// <summary>What its pod may use at most.</summary>
    [Shape(Shape.Quantities), System.Text.Json.Serialization.JsonConverter(typeof(QuantityMapConverter))]
    public IReadOnlyDictionary<string, string>? Limits { get; init; }

    /// <summary>How its life is probed. Not acted upon yet.</summary>
    public ProbeSpec? LivenessProbe { get; init; }
}

/// <summary>
/// The circuit breaker. It opens when members fail together that the operator left alone, or when Kubernetes and the
/// database contradict each other; then only members that are down are touched, until <c>tide breaker reset</c>.
/// </summary>
public sealed record BreakerSpec
{
    /// <summary>Whether it may open. Default true.</summary>
    public bool? Enabled { get; init; }

    /// <summary>How many members of one component must have failed within the window. Default 2.</summary>
    [Limits(Minimum = 2, Maximum = 1000)]
    public int? Failures { get; init; }

    /// <summary>The window, for example <c>10m</c>, which is the default.</summary>
    [Limits(MaxLength = 64, Pattern = CelRules.DurationPattern)]
    public string? Window { get; init; }

    /// <summary>
    /// How long a pod may be ready to Kubernetes and down to the database, for example <c>5m</c>, which is the default.
    /// </summary>
    [Limits(MaxLength = 64, Pattern = CelRules.DurationPattern)]
    public string? Contradiction { get; init; }
}

/// <summary>Image of small helper containers.</summary>
public sealed record HelperSpec
{
    /// <summary>Image with its tag. Default <c>busybox:1.36</c>.</summary>
    public string? Image { get; init; }

    /// <summary>When it is pulled.</summary>
    [Values("Always", "Never", "IfNotPresent")]
    public string? ImagePullPolicy { get; init; }
}

/// <summary>TLS between the components.</summary>
public sealed record TlsClusterSpec
{
    /// <summary>Whether it is on. Not acted upon yet: true is refused.</summary>
    public bool? Enabled { get; init; }

    /// <summary>Whether the discovery service uses it too. Not acted upon yet.</summary>
    public bool? EnableDiscoveryMTLS { get; init; }
}

/// <summary>Another TidbCluster.</summary>
public sealed record ClusterReference
{
    /// <summary>Its namespace. Default: this cluster's.</summary>
    public string? Namespace { get; init; }

    /// <summary>Its name.</summary>
    public string Name { get; init => field = value ?? ""; } = "";

    /// <summary>DNS domain of its Kubernetes cluster.</summary>
    public string? ClusterDomain { get; init; }
}
