using Tidekeeper.Model.Admin.TiDB;
using Tidekeeper.Playground.Databases.TiDB.Stores;

namespace Tidekeeper.Playground.Databases.TiDB.Pd;

/// <summary>A store as PD sees it at one moment.</summary>
internal sealed class StoreView
{
    private const int FewRegions = 30;
    private const long SomeSpace = 8L << 30;

    public required PdStoreMeta Meta { get; init; }

    /// <summary>One of <see cref="PdStoreState"/>.</summary>
    public required string State { get; init; }
    public int Leaders { get; set; }
    public int Peers { get; set; }

    /// <summary>Bytes of all peers together.</summary>
    public long Bytes { get; private set; }

    /// <summary>Null before the first heartbeat.</summary>
    internal Heartbeat? Beat { get; init; }

    public ulong Id => Meta.Id;
    public bool IsUp => State == PdStoreState.Up;

    /// <summary>TiFlash holds no raft voters, so nothing is placed on it.</summary>
    public bool IsTiFlash => Label("engine") == "tiflash";

    public string? Label(string key) =>
        Meta.Labels?.FirstOrDefault(l => string.Equals(l.Key, key, StringComparison.OrdinalIgnoreCase))?.Value;

    /// <summary>All stores but tombstones, in order of their ids, with what they hold.</summary>
    public static List<StoreView> All(PdEnsemble ensemble, DateTimeOffset now, bool tombstones = false)
    {
        var state = ensemble.State;
        var views = state.Stores.Where(s => tombstones || s.State != 2)
            .Select(s => new StoreView
            {
                Meta = s,
                State = ensemble.Health.StateName(s, state, now),
                Beat = ensemble.Health.Last(s.Id),
            }).ToList();
        foreach (var region in ensemble.Stores.Regions.All)
        {
            foreach (var peer in region.Peers)
                views.Find(v => v.Id == peer.StoreId)?.Count(region, ensemble.Stores.SizeOf(region));
        }

        return views;
    }

    private void Count(Region region, long size)
    {
        Peers++;
        Bytes += size;
        if (region.LeaderStore == Id)
            Leaders++;
    }

    /// <summary>
    /// Whether so little is left that PD places nothing more here. A store with few regions and some space is never
    /// counted as short, or small disks could not take their first regions.
    /// </summary>
    public bool IsLowOnSpace(double lowSpaceRatio)
    {
        if (Beat is not { Capacity: > 0 } beat)
            return false;
        var available = beat.Capacity - beat.Used;
        return (double)available / beat.Capacity < 1 - lowSpaceRatio
            && (Peers >= FewRegions || available <= SomeSpace);
    }

    /// <summary>
    /// How well a store is set apart from others by the location labels: PD's distinct score, in which a different
    /// zone weighs a hundred times as much as a different host within it.
    /// </summary>
    public double Isolation(IEnumerable<StoreView> others, IReadOnlyList<string> locationLabels)
    {
        double score = 0;
        foreach (var other in others)
        {
            for (var level = 0; level < locationLabels.Count; level++)
            {
                if (Label(locationLabels[level]) is { } mine && mine == other.Label(locationLabels[level]))
                    continue;
                score += Math.Pow(100, locationLabels.Count - level - 1);
                break;
            }
        }

        return score;
    }
}
