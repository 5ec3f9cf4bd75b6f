using Tidekeeper.Model.Admin.TiDB;
using Tidekeeper.Playground.Databases.TiDB;

namespace Tidekeeper.Simulation.Checkers;

/// <summary>Who belongs to a database and who of them works, by the database itself.</summary>
internal sealed class Members(SimulatedCluster cluster, string name)
{
    public Database? Database =>
        cluster.Databases.WithMember(SimulatedCluster.Namespace, $"{name}-pd-0") is [var only, ..] ? only : null;

    /// <summary>Pods of PD that are in the member list and do not run.</summary>
    public IReadOnlyList<string> PdDown => Database is not { } database ? []
        : [.. database.Pd.State.Members.Where(m => database.Pd.Running(m.MemberId) is null).Select(m => m.Name)];

    public int PdCount => Database?.Pd.State.Members.Count ?? 0;

    public bool IsPdMember(string pod) => Database?.Pd.State.Members.Exists(m => m.Name == pod) == true;

    /// <summary>TiKV stores that PD counts on: neither leaving nor gone.</summary>
    public IReadOnlyList<PdStoreMeta> Stores => Database is not { } database ? []
        : [.. database.Pd.State.Stores.Where(s => s.State == 0 && !IsTiflash(s))];

    /// <summary>Pods of stores that PD counts on and that do not run.</summary>
    public IReadOnlyList<string> StoresDown =>
        [.. Stores.Where(s => Database!.Stores.Running(s.Id) is null).Select(PodOf)];

    /// <summary>The store of a pod that is no tombstone.</summary>
    public PdStoreMeta? StoreOf(string pod) =>
        Database?.Pd.State.Stores.Find(s => s.State != 2 && PodOf(s) == pod);

    public int LeadersOn(PdStoreMeta store) =>
        Database!.Stores.Regions.All.Count(r => r.LeaderStore == store.Id);

    public bool Runs(PdStoreMeta store) => Database!.Stores.Running(store.Id) is not null;

    /// <summary>Regions of which a peer other than that store's is missing, behind or not running.</summary>
    public int Weakened(ulong exceptStore)
    {
        var database = Database!;
        var copies = Math.Min((int)database.Pd.State.Replication.MaxReplicas, Stores.Count);
        return database.Stores.Regions.All.Count(r => r.Peers.Count < copies || r.Peers.Exists(p =>
            p.StoreId != exceptStore && (p.Index < r.Index || database.Stores.Running(p.StoreId) is null)));
    }

    public int MaxReplicas => (int)(Database?.Pd.State.Replication.MaxReplicas ?? 0);

    private static string PodOf(PdStoreMeta store) => store.Address.Split('.')[0];

    private static bool IsTiflash(PdStoreMeta store) =>
        store.Labels?.Any(l => l.Key == "engine" && l.Value == "tiflash") == true;
}
