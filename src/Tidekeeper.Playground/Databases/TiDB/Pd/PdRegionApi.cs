using System.Text;
using Tidekeeper.Model.Admin.TiDB;
using Tidekeeper.Playground.Databases.TiDB.Stores;
using Tidekeeper.Playground.Network;

namespace Tidekeeper.Playground.Databases.TiDB.Pd;

/// <summary>Regions, and the checks that say which are not as they should be.</summary>
internal static class PdRegionApi
{
    public static HttpReply? Answer(PdCall call)
    {
        if (call.Path[0] is not ("region" or "regions"))
            return null;
        if (!call.IsBootstrapped)
            return PdReply.NotBootstrapped;
        return (call.Method, call.Path) switch
        {
            ("GET", ["regions"]) => List(call, _ => true),
            ("GET", ["regions", "store", var id]) => List(call, r => r.PeerOn(call.Id(id) ?? 0) is not null),
            ("GET", ["regions", "check", var what]) => Check(call, what),
            ("GET", ["region", "id", var id]) => One(call, call.Id(id)),
            _ => null,
        };
    }

    private static HttpReply List(PdCall call, Func<Region, bool> which)
    {
        var regions = call.Ensemble.Stores.Regions.All.Where(which).Select(r => Describe(call, r)).ToList();
        return PdReply.Ok(new PdRegions { Count = regions.Count, Regions = regions }, j => j.PdRegions);
    }

    private static HttpReply One(PdCall call, ulong? id) =>
        id is { } wanted && call.Ensemble.Stores.Regions.Find(wanted) is { } region
            ? PdReply.Ok(Describe(call, region), j => j.PdRegion)
            : PdReply.Text(404, $"region {id} not found");

    private static HttpReply? Check(PdCall call, string what) =>
        RegionChecks.Named(what, call.Ensemble, call.Now) is { } check ? List(call, check) : null;

    private static PdRegion Describe(PdCall call, Region region)
    {
        var down = region.Peers.Where(p => RegionChecks.IsDown(call.Ensemble, p, call.Now))
            .Select(p => new PdDownPeer { Peer = Describe(p), DownSeconds = DownSeconds(call, p) }).ToList();
        var pending = region.Peers.Where(p => p.Index < region.Index).Select(Describe).ToList();
        return new PdRegion
        {
            Id = region.Id,
            StartKey = Convert.ToHexString(Encoding.UTF8.GetBytes(region.Start)),
            EndKey = Convert.ToHexString(Encoding.UTF8.GetBytes(region.End)),
            Epoch = new PdRegionEpoch { ConfVer = region.ConfVer, Version = region.Version },
            Peers = [.. region.Peers.Select(Describe)],
            Leader = region.PeerOn(region.LeaderStore) is { } leader ? Describe(leader) : null,
            DownPeers = down.Count > 0 ? down : null,
            PendingPeers = pending.Count > 0 ? pending : null,
            ApproximateSize = 1 + call.Ensemble.Stores.SizeOf(region) / (1 << 20),
            ApproximateKeys = region.Rows.Count,
        };
    }

    private static PdPeer Describe(Peer peer) => new() { Id = peer.Id, StoreId = peer.StoreId };

    private static long DownSeconds(PdCall call, Peer peer) =>
        call.Ensemble.Stores.AbsentSince(peer.StoreId) is { } since && since > DateTimeOffset.MinValue
            ? (long)(call.Now - since).TotalSeconds
            : (long)RegionChecks.MaxPeerDownDuration.TotalSeconds;
}
