using Tidekeeper.Playground.Databases.TiDB.Stores;

namespace Tidekeeper.Playground.Databases.TiDB.Pd;

/// <summary>Which regions are not as they should be, by the names that PD's API and metrics give to it.</summary>
internal static class RegionChecks
{
    // The region's leader waits that long before it calls a peer down; a restart shows as nothing.
    public static readonly TimeSpan MaxPeerDownDuration = TimeSpan.FromMinutes(10);

    /// <summary>Null for a name that PD does not know.</summary>
    public static Func<Region, bool>? Named(string what, PdEnsemble ensemble, DateTimeOffset now)
    {
        var wanted = (int)ensemble.State.Replication.MaxReplicas;
        return what switch
        {
            "miss-peer" => r => r.Peers.Count < wanted,
            "extra-peer" => r => r.Peers.Count > wanted,
            "down-peer" => r => r.Peers.Exists(p => IsDown(ensemble, p, now)),
            "pending-peer" => r => r.Peers.Exists(p => p.Index < r.Index && !IsDown(ensemble, p, now)),
            "offline-peer" => r => r.Peers.Exists(p => ensemble.State.Store(p.StoreId)?.State == 1),
            "learner-peer" or "hist-size" or "hist-keys" or "oversized-region" or "undersized-region" => _ => false,
            "empty-region" => r => r.Rows.Count == 0,
            _ => null,
        };
    }

    public static bool IsDown(PdEnsemble ensemble, Peer peer, DateTimeOffset now) =>
        ensemble.Stores.AbsentSince(peer.StoreId) is { } since && now - since >= MaxPeerDownDuration;
}
