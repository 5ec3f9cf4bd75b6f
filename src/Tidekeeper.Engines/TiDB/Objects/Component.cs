using System.Text.Json.Nodes;
using Tidekeeper.Model.Crds;
using Tidekeeper.Model.Kubernetes;

namespace Tidekeeper.Engines.TiDB.Objects;

/// <summary>
/// One component of one cluster with the rules of precedence applied: what the component says goes before what the
/// cluster says; labels, annotations and node selectors are merged, the component's key winning.
/// </summary>
internal sealed class Component
{
    public const string Pd = "pd";
    public const string Tikv = "tikv";
    public const string Tidb = "tidb";
    public const string Tiflash = "tiflash";
    public const string Discovery = "discovery";

    private const string DefaultHelperImage = "busybox:1.36";

    private SetSeal? _seal;

    private Component(TidbCluster cluster, string name, ComponentSpec spec) =>
        (Cluster, Name, Spec) = (cluster, name, spec);

    public TidbCluster Cluster { get; }
    public string Name { get; }
    public ComponentSpec Spec { get; }
    public ReplicatedSpec? Replicated => Spec as ReplicatedSpec;

    /// <summary>The components that run in StatefulSets and are declared, in the order in which they start.</summary>
    public static IReadOnlyList<Component> Declared(TidbCluster cluster) => Blueprint.Of(cluster).Declared;

    public static Component? Of(TidbCluster cluster, string name) => name == Discovery
        ? Blueprint.Of(cluster).DiscoveryComponent
        : Declared(cluster).FirstOrDefault(component => component.Name == name);

    /// <summary>For <see cref="Blueprint"/>, which keeps one for each cluster and name.</summary>
    public static Component? New(TidbCluster cluster, string name)
    {
        ComponentSpec? spec = name switch
        {
            Pd => cluster.Spec.Pd,
            Tikv => cluster.Spec.Tikv,
            Tidb => cluster.Spec.Tidb,
            Tiflash => cluster.Spec.Tiflash,
            Discovery => cluster.Spec.Discovery ?? new DiscoverySpec(),
            _ => null
        };
        return spec is null ? null : new Component(cluster, name, spec);
    }

    /// <summary>For example <c>basic-pd</c>.</summary>
    public string SetName => TidbNames.Set(Cluster, Name);

    public string PeerName => TidbNames.Peer(Cluster, Name);

    public int Replicas => Replicated?.Replicas ?? 1;

    /// <summary>
    /// <c>baseImage[:version]</c>; the deprecated whole image counts only where there is no base image.
    /// </summary>
    public string Image
    {
        get
        {
            if (Replicated?.BaseImage is null && Spec.Image is { Length: > 0 } whole)
                return whole;
            var version = Spec.Version ?? Cluster.Spec.Version ?? "";
            var image = Replicated?.BaseImage is { Length: > 0 } given ? given : $"pingcap/{Name}";
            return version.Length == 0 ? image : $"{image}:{version}";
        }
    }

    public string HelperImage => Cluster.Spec.Helper?.Image is { Length: > 0 } image ? image : DefaultHelperImage;
    public string HelperPullPolicy => Cluster.Spec.Helper?.ImagePullPolicy ?? PullPolicy;
    public string PullPolicy => Spec.ImagePullPolicy ?? Cluster.Spec.ImagePullPolicy ?? "IfNotPresent";
    public string Timezone => Cluster.Spec.Timezone is { Length: > 0 } zone ? zone : "UTC";
    public bool HostNetwork => Spec.HostNetwork ?? Cluster.Spec.HostNetwork ?? false;
    public string? SchedulerName => Spec.SchedulerName ?? Cluster.Spec.SchedulerName;
    public string? PriorityClassName => Spec.PriorityClassName ?? Cluster.Spec.PriorityClassName;
    public string? ServiceAccount => Replicated?.ServiceAccount ?? Cluster.Spec.ServiceAccount;
    public JsonObject? Affinity => Spec.Affinity ?? Cluster.Spec.Affinity;
    public JsonObject? DnsConfig => Spec.DnsConfig ?? Cluster.Spec.DnsConfig;
    public JsonObject? PodSecurityContext => Spec.PodSecurityContext ?? Cluster.Spec.PodSecurityContext;
    public JsonArray? Tolerations => Spec.Tolerations is { Count: > 0 } own ? own : Cluster.Spec.Tolerations;
    public IReadOnlyList<LocalReference>? PullSecrets => Spec.ImagePullSecrets ?? Cluster.Spec.ImagePullSecrets;

    public IReadOnlyList<TopologySpread>? Spread =>
        Spec.TopologySpreadConstraints ?? Cluster.Spec.TopologySpreadConstraints;

    public string? DnsPolicy => HostNetwork ? "ClusterFirstWithHostNet" : Spec.DnsPolicy ?? Cluster.Spec.DnsPolicy;

    public string PodManagementPolicy => Spec.PodManagementPolicy ?? Cluster.Spec.PodManagementPolicy ?? "Parallel";

    /// <summary>Whether a changed configuration is a reason to restart pods.</summary>
    public bool ConfigRestarts =>
        (Spec.ConfigUpdateStrategy ?? Cluster.Spec.ConfigUpdateStrategy) == "RollingUpdate";

    public SortedDictionary<string, string> NodeSelector => Merge(Cluster.Spec.NodeSelector, Spec.NodeSelector);
    public SortedDictionary<string, string> UserLabels => Merge(Cluster.Spec.Labels, Spec.Labels);
    public SortedDictionary<string, string> UserAnnotations => Merge(Cluster.Spec.Annotations, Spec.Annotations);

    /// <summary>The four labels that select this component's pods. They can never change.</summary>
    public SortedDictionary<string, string> Selector => new(StringComparer.Ordinal)
    {
        [Labels.Name] = Labels.NameValue,
        [Labels.ManagedBy] = Labels.ManagedByValue,
        [Labels.Instance] = Cluster.Metadata.Instance,
        [Labels.Component] = Name
    };

    /// <summary>The hash of the intent behind its pods.</summary>
    public string PodsIntent => field ??= Intent.HashOfPods(this);

    /// <summary>The part of its configuration that its processes change without a restart.</summary>
    public OnlinePart Online => field ??= OnlinePart.Read(this);

    /// <summary>The name of its ConfigMap, which tells its contents.</summary>
    public string ConfigMapName => field ??= (string)ConfigFiles.Of(this)["metadata"]!["name"]!;

    /// <summary>The hashes of its StatefulSet with so many replicas.</summary>
    public SetSeal Seal(int replicas) => _seal is { } known && known.Replicas == replicas
        ? known
        : _seal = SetSeal.Of(this, replicas);

    private static SortedDictionary<string, string> Merge(
        SortedDictionary<string, string>? first, SortedDictionary<string, string>? second)
    {
        var merged = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in first ?? [])
            merged[key] = value;
        foreach (var (key, value) in second ?? [])
            merged[key] = value;
        return merged;
    }
}
