using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Tidekeeper.Model.Crds;

/// <summary>An object of the same namespace.</summary>
public sealed record LocalReference
{
    /// <summary>Its name.</summary>
    public string Name { get; init => field = value ?? ""; } = "";
}

/// <summary>How pods are spread over failure domains. A pod that would break it is not scheduled.</summary>
public sealed record TopologySpread
{
    /// <summary>
    /// Label of nodes that names the failure domain, for example <c>topology.kubernetes.io/zone</c>.
    /// </summary>
    [Mandatory, Limits(MinLength = 1, MaxLength = 317)]
    public string TopologyKey { get; init => field = value ?? ""; } = "";

    /// <summary>By how many pods two domains may differ. Default 1.</summary>
    [Limits(Minimum = 1)]
    public int? MaxSkew { get; init; }

    /// <summary>How many domains there must be at least.</summary>
    [Limits(Minimum = 1)]
    public int? MinDomains { get; init; }

    /// <summary>Whether nodes that the pod's affinity excludes count.</summary>
    [Values("Honor", "Ignore")]
    public string? NodeAffinityPolicy { get; init; }

    /// <summary>Additional labels of the pods that count.</summary>
    public SortedDictionary<string, string>? MatchLabels { get; init; }
}

/// <summary>How readiness is probed.</summary>
public sealed record ProbeSpec
{
    /// <summary><c>tcp</c> opens the component's port, <c>command</c> asks its status endpoint.</summary>
    [Values("tcp", "command")]
    public string? Type { get; init; }

    /// <summary>Seconds from the start of the container to the first probe. Default 10.</summary>
    [Limits(Minimum = 0, Maximum = 86400)]
    public int? InitialDelaySeconds { get; init; }

    /// <summary>Seconds between probes. Default 10.</summary>
    [Limits(Minimum = 1, Maximum = 86400)]
    public int? PeriodSeconds { get; init; }
}

/// <summary>What becomes of claims, and with them of volumes.</summary>
public sealed record RetentionSpec
{
    /// <summary>When the cluster is deleted. Default <c>Retain</c>.</summary>
    [Values("Retain", "Delete")]
    public string? WhenDeleted { get; init; }

    /// <summary>When their member has left because fewer replicas are wanted. Default <c>Retain</c>.</summary>
    [Values("Retain", "Delete")]
    public string? WhenScaled { get; init; }
}

/// <summary>What is taken out of service.</summary>
public sealed record SuspendAction
{
    /// <summary>Deletes the StatefulSet and keeps the volumes; false, or nothing, starts it again.</summary>
    public bool? SuspendStatefulSet { get; init; }
}

/// <summary>An additional volume that is claimed for every pod of a component.</summary>
public sealed record StorageVolume
{
    /// <summary>Name, unique among the component's; the volume is called <c>component-name</c>.</summary>
    [Mandatory, Limits(MinLength = 1, MaxLength = 63, Pattern = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$")]
    public string Name { get; init => field = value ?? ""; } = "";

    /// <summary>Size, for example <c>100Gi</c>.</summary>
    [Mandatory, Limits(MinLength = 1, MaxLength = 32, Pattern = CelRules.QuantityPattern)]
    public string StorageSize { get; init => field = value ?? ""; } = "";

    /// <summary>Directory in the main container; without it the volume is claimed and not mounted there.</summary>
    [Limits(MaxLength = 1024)]
    public string? MountPath { get; init; }

    /// <summary>Storage class. Default: the component's.</summary>
    public string? StorageClassName { get; init; }

    /// <summary>VolumeAttributesClass. Default: the component's.</summary>
    public string? VolumeAttributesClassName { get; init; }
}

/// <summary>A Service.</summary>
public record ServiceSpec
{
    /// <summary>Kind of Service. Default <c>ClusterIP</c>.</summary>
    [Values("ClusterIP", "NodePort", "LoadBalancer")]
    public string? Type { get; init; }

    /// <summary>Additional annotations.</summary>
    public SortedDictionary<string, string>? Annotations { get; init; }

    /// <summary>Additional labels.</summary>
    public SortedDictionary<string, string>? Labels { get; init; }

    /// <summary>Address that the load balancer shall have, where the cloud can choose it.</summary>
    public string? LoadBalancerIP { get; init; }

    /// <summary>Address inside the cluster, or <c>None</c>.</summary>
    public string? ClusterIP { get; init; }

    /// <summary>Name of the main port. Default: the name that the Go operator uses.</summary>
    [Limits(MaxLength = 63)]
    public string? PortName { get; init; }

    /// <summary>Main port of TiDB's Service. Default 4000.</summary>
    [Limits(Minimum = 1, Maximum = 65535)]
    public int? Port { get; init; }

    /// <summary>Client networks, such as <c>10.0.0.0/8</c>, that the load balancer lets in.</summary>
    [Limits(MaxItems = 256)]
    public IReadOnlyList<string>? LoadBalancerSourceRanges { get; init; }

    /// <summary>Class of the load balancer. It cannot be changed later.</summary>
    public string? LoadBalancerClass { get; init; }
}

/// <summary>The Service through which SQL clients reach TiDB.</summary>
public sealed record TidbServiceSpec : ServiceSpec
{
    /// <summary><c>Local</c> keeps the client's address and uses only TiDB on the node that was reached.</summary>
    [Values("Cluster", "Local")]
    public string? ExternalTrafficPolicy { get; init; }

    /// <summary>Whether the Service also shows the status port 10080. Default true.</summary>
    public bool? ExposeStatus { get; init; }

    /// <summary>Node port of the MySQL port.</summary>
    [JsonPropertyName("mysqlNodePort"), Limits(Minimum = 0, Maximum = 65535)]
    public int? MysqlNodePort { get; init; }

    /// <summary>Node port of the status port.</summary>
    [Limits(Minimum = 0, Maximum = 65535)]
    public int? StatusNodePort { get; init; }

    /// <summary>Additional ports, as in a Service's spec.</summary>
    [Shape(Shape.AnyObjects)]
    public JsonArray? AdditionalPorts { get; init; }
}

/// <summary>Old way to choose a Service's kind; only <c>pd</c> is known.</summary>
public sealed record NamedService
{
    /// <summary>Component, <c>pd</c>.</summary>
    public string? Name { get; init; }

    /// <summary>Kind of Service.</summary>
    public string? Type { get; init; }
}

/// <summary>How many pods may be added or removed at a time.</summary>
public sealed record ScalePolicy
{
    /// <summary>Removed at a time. Default 1.</summary>
    [Limits(Minimum = 1)]
    public int? ScaleInParallelism { get; init; }

    /// <summary>Added at a time. Default 1.</summary>
    [Limits(Minimum = 1)]
    public int? ScaleOutParallelism { get; init; }
}

/// <summary>How the stores of TiKV restart when the spec changes.</summary>
public sealed record StoreUpdatePolicy
{
    /// <summary>
    /// <c>OneByOne</c>, the default, or <c>FailureDomain</c>: all stores of one value of PD's first location label
    /// together, where PD keeps no two replicas of a region there.
    /// </summary>
    [Values("OneByOne", "FailureDomain")]
    public string? Type { get; init; }

    /// <summary>At most so many together. Default: the whole failure domain.</summary>
    [Limits(Minimum = 1)]
    public int? MaxParallel { get; init; }

    /// <summary>
    /// What to do when no leader has left a store for ten minutes: <c>Wait</c>, the default, until
    /// <c>evictLeaderTimeout</c>; or <c>Proceed</c>, and let the rest be elected anew.
    /// </summary>
    [Values("Wait", "Proceed")]
    public string? OnStalledEviction { get; init; }
}

/// <summary>When the replacements of lost members are removed again.</summary>
public sealed record FailoverSpec
{
    /// <summary>The batch of replacements, from the status, that is removed.</summary>
    public string? RecoverByUID { get; init; }
}

/// <summary>A container that copies a log file to its output.</summary>
public sealed record LogTailerSpec
{
    /// <summary>What the container needs.</summary>
    [Shape(Shape.Quantities), JsonConverter(typeof(QuantityMapConverter))]
    public IReadOnlyDictionary<string, string>? Requests { get; init; }

    /// <summary>What the container may use at most.</summary>
    [Shape(Shape.Quantities), JsonConverter(typeof(QuantityMapConverter))]
    public IReadOnlyDictionary<string, string>? Limits { get; init; }

    /// <summary>Image. Default: that of <c>spec.helper</c>.</summary>
    public string? Image { get; init; }

    /// <summary>When the image is pulled.</summary>
    [Values("Always", "Never", "IfNotPresent")]
    public string? ImagePullPolicy { get; init; }

    /// <summary>
    /// Runs it as an init container that is restarted always, so that it ends after the main container.
    /// </summary>
    public bool? UseSidecar { get; init; }

    /// <summary>Pause between two looks at the file, in seconds.</summary>
    [Limits(Minimum = 0)]
    public int? SleepTimeSeconds { get; init; }

    /// <summary>Security settings of the container, as in a pod's spec.</summary>
    [Shape(Shape.AnyObject)]
    public JsonObject? SecurityContext { get; init; }
}
