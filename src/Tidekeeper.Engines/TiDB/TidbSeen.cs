using System.Text.Json.Nodes;
using Tidekeeper.Engines.TiDB.Adoption;
using Tidekeeper.Engines.TiDB.Operations;
using Tidekeeper.Model;
using Tidekeeper.Model.Crds;
using Tidekeeper.Model.Kubernetes;

namespace Tidekeeper.Engines.TiDB;

/// <summary>Everything that a plan for one TidbCluster is made from. Nothing is read while planning.</summary>
public sealed record TidbSeen
{
    /// <summary>The moment of the observation.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>The cluster object, with its previous status.</summary>
    public required TidbCluster Cluster { get; init; }

    /// <summary>What is wrong with the object as it is stored, from the reader and from validation.</summary>
    public IReadOnlyList<Problem> Problems { get; init; } = [];

    /// <summary>What the operator runs on.</summary>
    public Platform Platform { get; init; } = new();

    /// <summary>
    /// Services, ConfigMaps, ServiceAccounts, Roles, RoleBindings and PodDisruptionBudgets of this cluster: those that
    /// it owns and those that bear a name which it needs.
    /// </summary>
    public IReadOnlyList<Observed> Objects { get; init; } = [];

    /// <summary>StatefulSets, chosen like <see cref="Objects"/>.</summary>
    public IReadOnlyList<ObservedStatefulSet> StatefulSets { get; init; } = [];

    /// <summary>Deployments, chosen like <see cref="Objects"/>.</summary>
    public IReadOnlyList<ObservedDeployment> Deployments { get; init; } = [];

    /// <summary>The pods with this cluster's instance label.</summary>
    public IReadOnlyList<ObservedPod> Pods { get; init; } = [];

    /// <summary>The claims with this cluster's instance label.</summary>
    public IReadOnlyList<ObservedClaim> Claims { get; init; } = [];

    /// <summary>All nodes; Unknown where the operator may not read them.</summary>
    public Known<IReadOnlyList<ObservedNode>> Nodes { get; init; } =
        Known.Unknown<IReadOnlyList<ObservedNode>>("nodes are not read");

    /// <summary>What PD says; Unknown when no member answers, and before there is one.</summary>
    public Known<PdSeen> Pd { get; init; } = Known.Unknown<PdSeen>("PD was not asked");

    /// <summary>
    /// What each TiDB pod says of itself, by the pod's name in ordinal order. A pod that is not in it was not asked.
    /// </summary>
    public SortedDictionary<string, Known<TidbPodHealth>> TidbHealth { get; init; } =
        new SortedDictionary<string, Known<TidbPodHealth>>(StringComparer.Ordinal);

    /// <summary>What a take-over needs to know besides; Unknown while none is under way.</summary>
    public Known<AdoptionSeen> Adoption { get; init; } = Known.Unknown<AdoptionSeen>("nothing is being taken over");

    /// <summary>
    /// The configurations that processes show, by pod and for PD as <c>pd</c>; only those that
    /// <see cref="Questions"/> names.
    /// </summary>
    public SortedDictionary<string, Known<JsonObject>> Configs { get; init; } =
        new SortedDictionary<string, Known<JsonObject>>(StringComparer.Ordinal);

    /// <summary>Whose configuration is to be read, and where, before a plan is made.</summary>
    public static IReadOnlyList<(string Name, string Url)> Questions(
        TidbCluster cluster, IReadOnlyList<ObservedPod> pods) => OnlineConfig.Questions(cluster, pods);

    /// <summary>The status as it was written last; null for a new cluster.</summary>
    internal TidbClusterStatus? Status() => RecordsOfV1.Read(Cluster.Status);
}

/// <summary>One consistent account of PD, read from one member.</summary>
public sealed record PdSeen
{
    /// <summary>The id that PD gave the cluster, in decimal digits.</summary>
    public required string ClusterId { get; init; }

    /// <summary>The member list with health.</summary>
    public IReadOnlyList<PdMemberSeen> Members { get; init; } = [];

    /// <summary>The name of PD's leader; empty when there is none.</summary>
    public string Leader { get; init; } = "";

    /// <summary>Whether a store has ever registered; without one PD refuses to list stores.</summary>
    public bool Bootstrapped { get; init; }

    /// <summary>The stores of TiKV and TiFlash in all states, Tombstone included.</summary>
    public IReadOnlyList<StoreSeen> Stores { get; init; } = [];

    /// <summary><c>replication.max-replicas</c>.</summary>
    public int MaxReplicas { get; init; } = 3;

    /// <summary><c>replication.location-labels</c>.</summary>
    public IReadOnlyList<string> LocationLabels { get; init; } = [];

    /// <summary><c>replication.enable-placement-rules</c>, without which TiFlash cannot register.</summary>
    public bool PlacementRules { get; init; }

    /// <summary>The ids of stores with an evict-leader scheduler, in ordinal order: they must not lead.</summary>
    public IReadOnlyList<string> Evicted { get; init; } = [];

    /// <summary>Regions that lack something; Unknown when PD does not say.</summary>
    public Known<RegionHealth> Regions { get; init; } = Known.Unknown<RegionHealth>("regions were not asked for");

    /// <summary>
    /// Regions with two replicas in one failure domain, by the coarsest of the location labels; Unknown when PD does
    /// not say, and unless stores may restart together.
    /// </summary>
    public Known<int> CrowdedRegions { get; init; } = Known.Unknown<int>("PD was not asked");

    /// <summary>Members without whose majority PD decides nothing.</summary>
    public int Quorum => Members.Count / 2 + 1;

    /// <summary>Members that PD calls healthy.</summary>
    public int HealthyMembers => Members.Count(member => member.Healthy);

    /// <summary>Whether PD can decide.</summary>
    public bool HasQuorum => Members.Count > 0 && HealthyMembers >= Quorum && Leader.Length > 0;
}

/// <summary>A member of PD.</summary>
/// <param name="Name">Empty when it was added and has never started.</param>
/// <param name="Id">In decimal digits.</param>
/// <param name="PeerUrls">Where the other members reach it.</param>
/// <param name="ClientUrls">Where clients reach it.</param>
/// <param name="Healthy">Whether PD says so.</param>
public sealed record PdMemberSeen(
    string Name, string Id, IReadOnlyList<string> PeerUrls, IReadOnlyList<string> ClientUrls, bool Healthy)
{
    /// <summary>As its address tells: a member that was added and has not started has no name.</summary>
    public string PodName =>
        PeerUrls is [var url, ..] && Uri.TryCreate(url, UriKind.Absolute, out var at) ? at.Host.Split('.')[0] : "";
}

/// <summary>A store of TiKV or TiFlash, as PD sees it.</summary>
public sealed record StoreSeen
{
    /// <summary>In decimal digits.</summary>
    public required string Id { get; init; }

    /// <summary>Host and port that it told PD.</summary>
    public required string Address { get; init; }

    /// <summary><c>Up</c>, <c>Disconnected</c>, <c>Down</c>, <c>Offline</c> or <c>Tombstone</c>.</summary>
    public required string State { get; init; }

    /// <summary>Its labels, in ordinal order of the keys.</summary>
    public SortedDictionary<string, string> Labels { get; init; } =
        new SortedDictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The version of the process.</summary>
    public string Version { get; init; } = "";

    /// <summary>Regions whose leader is here.</summary>
    public int Leaders { get; init; }

    /// <summary>Regions with a replica here.</summary>
    public int Regions { get; init; }

    /// <summary>Bytes that its replicas take; 0 when PD does not know.</summary>
    public long UsedBytes { get; init; }

    /// <summary>Bytes that are left; 0 when PD does not know.</summary>
    public long AvailableBytes { get; init; }

    /// <summary>Whether PD was told that its data is gone, so that another may register at its address.</summary>
    public bool PhysicallyDestroyed { get; init; }

    /// <summary>Whether PD has not given it up: neither buried nor told that its data is gone.</summary>
    public bool IsKept => !PhysicallyDestroyed && State != "Tombstone";

    /// <summary>When its process started, by its own clock; null when PD does not know.</summary>
    public DateTimeOffset? Started { get; init; }

    /// <summary>When PD heard of it last; null when it never did.</summary>
    public DateTimeOffset? LastHeartbeat { get; init; }

    /// <summary>Whether it is TiFlash.</summary>
    public bool IsTiflash => Labels.GetValueOrDefault("engine", "") == "tiflash";

    /// <summary>The pod, which the first label of its DNS name tells.</summary>
    public string PodName => Address.Split('.', ':')[0];
}

/// <summary>How many regions lack something.</summary>
public sealed record RegionHealth(int MissingPeers, int DownPeers, int PendingPeers);

/// <summary>What a TiDB server says of itself.</summary>
/// <param name="Healthy">Its status port answered 200.</param>
/// <param name="Problem">What it said otherwise; empty when it is healthy.</param>
public sealed record TidbPodHealth(bool Healthy, string Problem = "");
