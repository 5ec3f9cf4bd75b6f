namespace Tidekeeper.Model.Crds;

/// <summary>What is, as far as the operator knows. Nothing here changes while nothing happens.</summary>
public sealed record TidbClusterStatus
{
    /// <summary>The generation of the spec that this status answers.</summary>
    public long? ObservedGeneration { get; init; }

    /// <summary>The id that PD gave the cluster when it was new.</summary>
    public string? ClusterID { get; init; }

    /// <summary>
    /// The versions that all components had finished with last, by component. Older ones are refused: TiDB cannot go
    /// back once an upgrade is complete.
    /// </summary>
    public SortedDictionary<string, string>? Versions { get; init; }

    /// <summary>
    /// The whole in one word, for example <c>Creating</c>, <c>Running</c>, <c>Upgrading</c>, <c>Degraded</c>.
    /// </summary>
    public string? Phase { get; init; }

    /// <summary>What the operator waits for; absent when it waits for nothing.</summary>
    public WaitingStatus? Waiting { get; init; }

    /// <summary>What may interrupt somebody and is wanted or under way, by name.</summary>
    [ListMap("name")]
    public IReadOnlyList<UndertakingStatus>? Plan { get; init; }

    /// <summary>The circuit breaker; present only while it is open.</summary>
    public BreakerStatus? Breaker { get; init; }

    /// <summary>The guard that somebody asked to be ignored; it stays when its time is over.</summary>
    public OverrideStatus? Override { get; init; }

    /// <summary>What holds of the cluster. <c>Ready</c> is true when all components serve.</summary>
    [ListMap("type")]
    public IReadOnlyList<ClusterCondition>? Conditions { get; init; }

    public PdComponentStatus? Pd { get; init; }
    public TikvComponentStatus? Tikv { get; init; }
    public TidbComponentStatus? Tidb { get; init; }
    public TiflashComponentStatus? Tiflash { get; init; }
}

/// <summary>What the operator waits for.</summary>
public sealed record WaitingStatus
{
    /// <summary>The step of the plan that waits.</summary>
    public string? Step { get; init; }

    /// <summary>The reason as a sentence, the same as in the log and in Events.</summary>
    public string Why { get; init => field = value ?? ""; } = "";

    /// <summary>Since when it waits for this step.</summary>
    public DateTimeOffset? Since { get; init; }
}

/// <summary>Something that holds of the cluster, or does not, or is not known.</summary>
public sealed record ClusterCondition
{
    /// <summary>What, for example <c>Ready</c>.</summary>
    [Mandatory]
    public string Type { get; init => field = value ?? ""; } = "";

    /// <summary>Whether it holds.</summary>
    [Mandatory, Values("True", "False", "Unknown")]
    public string Status { get; init => field = value ?? "Unknown"; } = "Unknown";

    /// <summary>The generation of the spec that it speaks of.</summary>
    public long? ObservedGeneration { get; init; }

    /// <summary>When the text changed last.</summary>
    public DateTimeOffset? LastUpdateTime { get; init; }

    /// <summary>When the status changed last.</summary>
    public DateTimeOffset? LastTransitionTime { get; init; }

    /// <summary>Why, in one word.</summary>
    public string? Reason { get; init; }

    /// <summary>Why, as a sentence.</summary>
    public string? Message { get; init; }
}

/// <summary>What every component's status has.</summary>
public abstract record ComponentStatus
{
    /// <summary>Whether the last questions to the database were answered.</summary>
    public bool? Synced { get; init; }

    /// <summary>What happens to the component.</summary>
    [Values("Normal", "Upgrade", "Scale", "Suspend")]
    public string? Phase { get; init; }

    /// <summary>The status of its StatefulSet.</summary>
    public StatefulSetStatus? StatefulSet { get; init; }

    /// <summary>The image that the StatefulSet gives its main container.</summary>
    public string? Image { get; init; }

    /// <summary>Its volumes, by name.</summary>
    public SortedDictionary<string, VolumeStatus>? Volumes { get; init; }

    /// <summary>What holds of the component.</summary>
    [ListMap("type")]
    public IReadOnlyList<ClusterCondition>? Conditions { get; init; }

    /// <summary>
    /// Configuration that processes take while they run, by pod; PD's members share one entry, <c>pd</c>.
    /// </summary>
    public SortedDictionary<string, OnlineConfigStatus>? OnlineConfig { get; init; }

    /// <summary>Whether volumes are being replaced.</summary>
    public bool? VolReplaceInProgress { get; init; }
}

/// <summary>What a process was asked to change while it runs.</summary>
public sealed record OnlineConfigStatus
{
    /// <summary>Of the keys and values.</summary>
    public string? Hash { get; init; }

    /// <summary>The keys, separated by commas.</summary>
    public string? Keys { get; init; }

    /// <summary>The pod; another one has read the file.</summary>
    public string? PodUID { get; init; }

    /// <summary><c>Asked</c>, or <c>Confirmed</c> when the process has shown the values.</summary>
    [Values("Asked", "Confirmed")]
    public string? State { get; init; }
}

/// <summary>The status of a StatefulSet, as Kubernetes reports it.</summary>
public sealed record StatefulSetStatus
{
    public int Replicas { get; init; }
    public int ReadyReplicas { get; init; }
    public int CurrentReplicas { get; init; }
    public int UpdatedReplicas { get; init; }
    public string? CurrentRevision { get; init; }
    public string? UpdateRevision { get; init; }
    public long? ObservedGeneration { get; init; }

    /// <summary>Selects the component's pods; read by the scale subresource.</summary>
    public string? Selector { get; init; }
}

/// <summary>The volumes of one name, over all pods of a component.</summary>
public sealed record VolumeStatus
{
    public int BoundCount { get; init; }
    public int CurrentCount { get; init; }
    public int ModifiedCount { get; init; }
    public string? CurrentCapacity { get; init; }
    public string? ModifiedCapacity { get; init; }
    public string? CurrentStorageClass { get; init; }
    public string? ModifiedStorageClass { get; init; }
}
