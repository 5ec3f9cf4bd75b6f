using System.Globalization;
using System.Text.Json.Nodes;
using Tidekeeper.Model.Admin.TiDB;
using Tidekeeper.Playground.Databases.TiDB;
using Tidekeeper.Playground.Databases.TiDB.Stores;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Simulation.Checkers;

/// <summary>Who belongs to a database and who of them works, by the database itself.</summary>
internal sealed class Members(SimulatedCluster cluster, string name)
{
    private const string Ns = SimulatedCluster.Namespace;

    public Database? Database => cluster.Databases.WithMember(Ns, $"{name}-pd-0") is [var only, ..] ? only : null;

    /// <summary>Replicas that the spec declares; 0 for a component that it does not have.</summary>
    public long Declared(string component) => cluster.Cluster(name).Number("spec", component, "replicas") ?? 0;

    public string Pod(string component, long ordinal) =>
        string.Create(CultureInfo.InvariantCulture, $"{name}-{component}-{ordinal}");

    public JsonObject? StoredPod(string pod) => cluster.Api.Get("v1/pods", Ns, pod);

    /// <summary>Members in PD's list.</summary>
    public IReadOnlyList<PdMember> Voters => Database?.Pd.State.Members ?? [];

    public bool IsPdMember(string pod) => Voters.Any(member => member.Name == pod);

    public bool Runs(PdMember member) => Database!.Pd.Running(member.MemberId) is not null;

    public bool LeadsPd(string pod) => Database?.Pd.Leader?.Name == pod;

    /// <summary>TiKV stores that PD counts on: neither leaving nor gone.</summary>
    public IReadOnlyList<PdStoreMeta> Stores =>
        [.. (Database?.Pd.State.Stores ?? []).Where(store => store.State == 0 && !IsTiflash(store))];

    /// <summary>The store of a pod that PD has not given up.</summary>
    public PdStoreMeta? StoreOf(string pod) => Database?.Pd.State.Stores.FindLast(store =>
        store is { PhysicallyDestroyed: false } && store.State != 2 && PodOf(store) == pod);

    public PdStoreMeta? Store(ulong id) => Database?.Pd.State.Store(id);

    public bool Runs(PdStoreMeta store) => Database!.Stores.Running(store.Id) is not null;

    public int LeadersOn(PdStoreMeta store) =>
        Database!.Stores.Regions.All.Count(region => region.LeaderStore == store.Id);

    /// <summary>A store that has begun just now has nothing that anybody could miss.</summary>
    public bool HasPeersOn(ulong store) =>
        Database!.Stores.Regions.All.Any(region => region.PeerOn(store) is not null);

    /// <summary>Whether PD keeps leaders away from a store.</summary>
    public bool IsEvicted(PdStoreMeta store) => Database!.Pd.State.EvictedStores.Contains(store.Id);

    public int MaxReplicas => (int)(Database?.Pd.State.Replication.MaxReplicas ?? 0);

    /// <summary>Regions of which a peer is missing, behind or not running, those stores aside.</summary>
    public int Weakened(Func<ulong, bool> isAside)
    {
        var copies = Math.Min(MaxReplicas, Stores.Count);
        return Database!.Stores.Regions.All.Count(region => region.Peers.Count < copies || region.Peers.Exists(peer =>
            !isAside(peer.StoreId) && !IsWhole(region, peer)));
    }

    /// <summary>Regions that have their majority now and would not have it without a store.</summary>
    public int LosingMajority(ulong without) => Database!.Stores.Regions.All.Count(region =>
        region.PeerOn(without) is { } own && IsWhole(region, own)
        && region.Peers.Count(peer => IsWhole(region, peer)) is var whole
        && whole >= region.Majority && whole - 1 < region.Majority && region.Peers.Count > 1);

    /// <summary>Regions that cannot do without the data of a store: the others have no majority.</summary>
    public int Needing(ulong store) => Database!.Stores.Regions.All.Count(region =>
        region.PeerOn(store) is not null
        && region.Peers.Count(peer => peer.StoreId != store && IsWhole(region, peer)) < region.Majority);

    /// <summary>The zone of the node of a pod; null when it is not on a node.</summary>
    public string? ZoneOf(string pod) => StoredPod(pod)?.Text("spec", "nodeName") is { } node
        ? cluster.Api.Get("v1/nodes", null, node)?.Text("metadata", "labels", "topology.kubernetes.io/zone")
        : null;

    /// <summary>Whether the user lets stores of one failure domain restart together.</summary>
    public bool MayRestartTogether =>
        cluster.Cluster(name).Text("spec", "tikv", "updatePolicy", "type") == "FailureDomain";

    public static string PodOf(PdStoreMeta store) => store.Address.Split('.')[0];

    private static bool IsTiflash(PdStoreMeta store) =>
        store.Labels?.Any(label => label.Key == "engine" && label.Value == "tiflash") == true;

    private bool IsWhole(Region region, Peer peer) =>
        peer.Index == region.Index && Database!.Stores.Running(peer.StoreId) is not null;
}
