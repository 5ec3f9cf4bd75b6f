using System.Text.Json.Serialization;

namespace Tidekeeper.Model.Crds;

/// <summary>
/// A TiDB cluster: PD, TiKV, TiDB and what belongs to them. Tidekeeper keeps the cluster as the spec says and writes to
/// the status what it does, what it waits for and why.
/// </summary>
public sealed record TidbCluster
{
    public const string Group = "pingcap.com";
    public const string Version = "v1alpha1";
    public const string KindName = "TidbCluster";
    public const string Plural = "tidbclusters";

    /// <summary>Always <c>pingcap.com/v1alpha1</c>.</summary>
    public string ApiVersion { get; init => field = value ?? $"{Group}/{Version}"; } = $"{Group}/{Version}";

    /// <summary>Always <c>TidbCluster</c>.</summary>
    public string Kind { get; init => field = value ?? KindName; } = KindName;

    public ClusterMetadata Metadata { get; init => field = value ?? new(); } = new();

    /// <summary>What the user wants.</summary>
    [Mandatory]
    public TidbClusterSpec Spec { get; init => field = value ?? new(); } = new();

    /// <summary>What is, as far as the operator knows. Written by the operator only.</summary>
    public TidbClusterStatus? Status { get; init; }
}

/// <summary>The metadata of a cluster that the operator uses.</summary>
public sealed record ClusterMetadata
{
    public string Name { get; init => field = value ?? ""; } = "";
    public string Namespace { get; init => field = value ?? ""; } = "";
    public string Uid { get; init => field = value ?? ""; } = "";
    public string ResourceVersion { get; init => field = value ?? ""; } = "";
    public long Generation { get; init; }
    public DateTimeOffset? CreationTimestamp { get; init; }
    public DateTimeOffset? DeletionTimestamp { get; init; }
    public SortedDictionary<string, string>? Labels { get; init; }
    public SortedDictionary<string, string>? Annotations { get; init; }

    /// <summary>The value of the instance label of all objects: the cluster's own label, else its name.</summary>
    [JsonIgnore]
    public string Instance => Labels?.GetValueOrDefault(Kubernetes.Labels.Instance) is { Length: > 0 } own ? own : Name;
}
