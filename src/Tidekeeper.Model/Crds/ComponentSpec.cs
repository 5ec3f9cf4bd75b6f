using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Tidekeeper.Model.Crds;

/// <summary>What every component can be told about its pods.</summary>
public abstract record ComponentSpec
{
    /// <summary>
    /// Deprecated: the whole image with its tag. Use <c>baseImage</c> and <c>version</c>; this one counts only where
    /// <c>baseImage</c> is absent.
    /// </summary>
    public string? Image { get; init; }

    /// <summary>
    /// Version of this component, which is the tag of its image. Default: the cluster's <c>version</c>.
    /// </summary>
    [Limits(MaxLength = 128, Pattern = CelRules.TagPattern)]
    public string? Version { get; init; }

    /// <summary>When the kubelet pulls the image. Default: the cluster's <c>imagePullPolicy</c>.</summary>
    [Values("Always", "Never", "IfNotPresent")]
    public string? ImagePullPolicy { get; init; }

    /// <summary>Secrets that hold the credentials of image registries. Default: the cluster's.</summary>
    public IReadOnlyList<LocalReference>? ImagePullSecrets { get; init; }

    /// <summary>Uses the node's network instead of one of the pod's own. Default: the cluster's.</summary>
    public bool? HostNetwork { get; init; }

    /// <summary>Where pods may run and beside whom, as in a pod's spec. Default: the cluster's.</summary>
    [Shape(Shape.AnyObject)]
    public JsonObject? Affinity { get; init; }

    /// <summary>Name of the PriorityClass of the pods. Default: the cluster's.</summary>
    public string? PriorityClassName { get; init; }

    /// <summary>Scheduler that places the pods. Default: the cluster's.</summary>
    public string? SchedulerName { get; init; }

    /// <summary>Labels that a node must have. Added to the cluster's; this component's value wins.</summary>
    public SortedDictionary<string, string>? NodeSelector { get; init; }

    /// <summary>Annotations of the pods. Added to the cluster's; this component's value wins.</summary>
    public SortedDictionary<string, string>? Annotations { get; init; }

    /// <summary>
    /// Labels of the pods. Added to the cluster's; this component's value wins; the operator's own cannot be
    /// changed.
    /// </summary>
    public SortedDictionary<string, string>? Labels { get; init; }

    /// <summary>
    /// Taints that the pods tolerate, as in a pod's spec. Replaces the cluster's list when it is not empty.
    /// </summary>
    [Shape(Shape.AnyObjects)]
    public JsonArray? Tolerations { get; init; }

    /// <summary>How the pods are spread over failure domains. Replaces the cluster's list.</summary>
    [Limits(MaxItems = 16)]
    public IReadOnlyList<TopologySpread>? TopologySpreadConstraints { get; init; }

    /// <summary>
    /// Additional environment of the main container, as in a pod's spec. A name that the operator itself sets
    /// (NAMESPACE, TZ, CLUSTER_NAME, POD_NAME…) keeps the operator's value.
    /// </summary>
    [Shape(Shape.AnyObjects)]
    public JsonArray? Env { get; init; }

    /// <summary>Additional sources of the main container's environment, as in a pod's spec.</summary>
    [Shape(Shape.AnyObjects)]
    public JsonArray? EnvFrom { get; init; }

    /// <summary>Additional init containers, run after the operator's own, as in a pod's spec.</summary>
    [Shape(Shape.AnyObjects)]
    public JsonArray? InitContainers { get; init; }

    /// <summary>
    /// Additional containers, as in a pod's spec. One that has the name of the main container (<c>pd</c>, <c>tikv</c>,
    /// <c>tidb</c>, <c>tiflash</c>) is merged into it instead.
    /// </summary>
    [Shape(Shape.AnyObjects)]
    public JsonArray? AdditionalContainers { get; init; }

    /// <summary>Additional volumes of the pods, as in a pod's spec.</summary>
    [Shape(Shape.AnyObjects)]
    public JsonArray? AdditionalVolumes { get; init; }

    /// <summary>Additional mounts of the main container; each names one of the pod's volumes.</summary>
    [Shape(Shape.AnyObjects)]
    public JsonArray? AdditionalVolumeMounts { get; init; }

    /// <summary>How long a pod may take to stop before it is killed, in seconds.</summary>
    [Limits(Minimum = 0)]
    public long? TerminationGracePeriodSeconds { get; init; }

    /// <summary>Security settings of the pods, as in a pod's spec. Default: the cluster's.</summary>
    [Shape(Shape.AnyObject)]
    public JsonObject? PodSecurityContext { get; init; }

    /// <summary>Security settings of the main container, as in a pod's spec.</summary>
    [Shape(Shape.AnyObject)]
    public JsonObject? SecurityContext { get; init; }

    /// <summary>How readiness is probed.</summary>
    public ProbeSpec? ReadinessProbe { get; init; }

    /// <summary>DNS settings of the pods, as in a pod's spec. Default: the cluster's.</summary>
    [Shape(Shape.AnyObject)]
    public JsonObject? DnsConfig { get; init; }

    /// <summary>DNS policy of the pods. Default: the cluster's.</summary>
    [Values("ClusterFirst", "ClusterFirstWithHostNet", "Default", "None")]
    public string? DnsPolicy { get; init; }

    /// <summary>
    /// What a changed <c>config</c> does: <c>RollingUpdate</c> restarts pods one after another, <c>InPlace</c> lets
    /// each pod take it when it restarts anyway. Default: the cluster's.
    /// </summary>
    [Values("InPlace", "RollingUpdate")]
    public string? ConfigUpdateStrategy { get; init; }

    /// <summary>
    /// Accepted for manifests of the Go operator. Tidekeeper itself decides when each pod restarts; not acted upon.
    /// </summary>
    [Values("RollingUpdate", "OnDelete")]
    public string? StatefulSetUpdateStrategy { get; init; }

    /// <summary>Whether pods are made one after another or all at once. Default: the cluster's.</summary>
    [Values("Parallel", "OrderedReady")]
    public string? PodManagementPolicy { get; init; }

    /// <summary>Takes the component out of service and keeps its volumes.</summary>
    public SuspendAction? SuspendAction { get; init; }

    /// <summary>Whether the pods get a token of their service account.</summary>
    public bool? AutomountServiceAccountToken { get; init; }
}

/// <summary>A component that runs as a set of replicas with an image of its own.</summary>
[Rule(CelRules.CpuWithinLimit, "cpu is above its limit; raise the limit or lower the request",
    Says = CelRules.CpuAboveLimit, FieldPath = ".requests")]
[Rule(CelRules.MemoryWithinLimit, "memory is above its limit; raise the limit or lower the request",
    Says = CelRules.MemoryAboveLimit, FieldPath = ".requests")]
[Rule(CelRules.SameStorageClass,
    "cannot be changed: the volumes are there already; create another cluster with the new class",
    FieldPath = ".storageClassName")]
public abstract record ReplicatedSpec : ComponentSpec
{
    /// <summary>How many pods are wanted.</summary>
    [Mandatory, Limits(Minimum = 0, Maximum = 1000)]
    public int Replicas { get; init; }

    /// <summary>Changes nothing of this component while true; the others go on. Default false.</summary>
    public bool? Paused { get; init; }

    /// <summary>
    /// Image without its tag, for example <c>registry.example.com/pingcap/tikv</c>. Default: <c>pingcap/</c> and
    /// the component's name.
    /// </summary>
    public string? BaseImage { get; init; }

    /// <summary>Service account of the pods. Default: the cluster's.</summary>
    public string? ServiceAccount { get; init; }

    /// <summary>
    /// What each pod needs: <c>cpu</c>, <c>memory</c>, and <c>storage</c> for the size of the data volume.
    /// </summary>
    [Rule(CelRules.StorageDoesNotShrink, "storage cannot shrink: volumes only grow; write at least the old size",
        Says = CelRules.StorageShrinks)]
    [Shape(Shape.Quantities), JsonConverter(typeof(QuantityMapConverter))]
    public IReadOnlyDictionary<string, string>? Requests { get; init; }

    /// <summary>
    /// What each pod may use at most: <c>cpu</c>, <c>memory</c>; for TiKV and TiFlash <c>storage</c> is the
    /// capacity that they report.
    /// </summary>
    [Shape(Shape.Quantities), JsonConverter(typeof(QuantityMapConverter))]
    public IReadOnlyDictionary<string, string>? Limits { get; init; }

    /// <summary>
    /// How many lost members the operator may replace at a time; 0 switches that off. Default 3.
    /// </summary>
    [Limits(Minimum = 0, Maximum = 100)]
    public int? MaxFailoverCount { get; init; }

    /// <summary>
    /// How long a member must have failed before another takes its place, for example <c>10m</c>; at least <c>10s</c>.
    /// Default: the operator's flag <c>--pd-failover-period</c>, <c>--tikv-failover-period</c> and so on, else
    /// <c>5m</c>. For a store that begins when PD calls it Down (PD's <c>schedule.max-store-down-time</c>, 30 min by
    /// default).
    /// </summary>
    [Limits(MaxLength = 64, Pattern = CelRules.DurationPattern)]
    public string? FailoverPeriod { get; init; }

    /// <summary>
    /// Storage class of the volumes. Default: the cluster's default class. It cannot be changed later.
    /// </summary>
    public string? StorageClassName { get; init; }

    /// <summary>VolumeAttributesClass of the volumes.</summary>
    public string? VolumeAttributesClassName { get; init; }

    /// <summary>
    /// Additional volumes, each claimed for every pod. They are chosen when the cluster is created.
    /// </summary>
    [Limits(MaxItems = 16)]
    public IReadOnlyList<StorageVolume>? StorageVolumes { get; init; }
}
