using Tidekeeper.Playground.Network;

namespace Tidekeeper.Playground.Databases.TiDB.Stores;

/// <summary>The rows of a cluster as one TiDB server reaches them: through the network of its pod.</summary>
public sealed class KeyValueClient(Database database, PodNetwork network, string podAddress, Func<DateTimeOffset> now)
    : IKeyValue
{
    private StoreCluster Stores => database.Stores;

    public ulong Timestamp()
    {
        if (database.Pd.Leader is not { } leader || !database.Pd.HasQuorum
            || !network.Reachable(podAddress, leader.PodAddress, TidbPorts.PdClient))
            throw new TimestampUnavailable($"cluster {database.ClusterId} has no PD leader");
        return database.Pd.Timestamp(now());
    }

    public byte[]? Get(string key)
    {
        var region = At(key);
        Leader(region);
        return region.Rows.Get(key);
    }

    public IReadOnlyList<(string Key, byte[] Value)> Scan(string start, string end, int limit, bool descending = false)
    {
        var found = new List<(string, byte[])>();
        if (limit <= 0 || (end.Length > 0 && string.CompareOrdinal(start, end) >= 0))
            return found;
        // From region to region by their borders: a region that is not known yet is an error, never an empty one.
        for (var border = descending ? end : start; ;)
        {
            var region = descending ? Before(border) : At(border);
            Leader(region);
            var rows = descending ? region.Rows.Descending(start, end) : region.Rows.Ascending(start, end);
            foreach (var row in rows)
            {
                found.Add(row);
                if (found.Count == limit)
                    return found;
            }

            border = descending ? region.Start : region.End;
            if (border.Length == 0 || (descending ? string.CompareOrdinal(border, start) <= 0
                : end.Length > 0 && string.CompareOrdinal(border, end) >= 0))
                return found;
        }
    }

    public void Commit(IReadOnlyList<(string Key, byte[]? Value)> writes)
    {
        if (writes.Count == 0)
            return;
        var parts = new List<RegionWrites>();
        foreach (var write in writes)
        {
            var region = At(write.Key);
            var part = parts.Find(p => p.Region == region);
            if (part is null)
                parts.Add(part = new RegionWrites(region, []));
            part.Writes.Add(write);
        }

        // First every region must be able to take its part, then all take it: nothing in between can fail.
        var stores = parts.ConvertAll(p => Ready(p.Region));
        foreach (var (part, followers) in parts.Zip(stores))
        {
            Apply(part, followers);
            Stores.Missed += followers.Count < part.Region.Peers.Count ? 1 : 0;
        }

        var batch = RowCodec.Batch(parts);
        foreach (var store in stores.SelectMany(s => s).Distinct().OrderBy(s => s.Id))
        {
            store.Append(batch, parts);
            store.Compact(Stores.Regions);
        }

        Stores.Acknowledged++;
        foreach (var part in parts.Where(p => p.Region.Rows.Count > RegionMap.RowLimit))
            Split(part.Region);
    }

    private static void Apply(RegionWrites part, List<StoreNode> followers)
    {
        var region = part.Region;
        region.Index++;
        foreach (var (key, value) in part.Writes)
            region.Rows.Set(key, value);
        foreach (var store in followers)
            region.PeerOn(store.Id)!.Index = region.Index;
    }

    private void Split(Region left)
    {
        if (!database.Pd.HasQuorum)
            return;
        var followers = Ready(left);
        var right = Stores.Regions.Split(left, left.Rows.MiddleKey(), database.Pd.NextId);
        var marker = RowCodec.Batch([new RegionWrites(left, [])]);
        foreach (var store in followers)
        {
            Stores.Missed += followers.Count < left.Peers.Count ? 1 : 0;
            left.PeerOn(store.Id)!.Index = left.Index;
            right.PeerOn(store.Id)!.Index = right.Index;
            store.Append(marker, [new RegionWrites(left, [])]);
            store.WriteAll(right);
            store.WriteMeta(left);
        }
    }

    private Region At(string key)
    {
        var position = Stores.Regions.PositionOf(key);
        return position >= 0 ? Stores.Regions.All[position]
            : throw new RegionUnavailable(0, "no store that knows of it has come");
    }

    private Region Before(string border)
    {
        var position = Stores.Regions.PositionBefore(border);
        return position >= 0 ? Stores.Regions.All[position]
            : throw new RegionUnavailable(0, "no store that knows of it has come");
    }

    private StoreNode Leader(Region region)
    {
        var leader = Stores.LeaderOf(region)
            ?? throw new RegionUnavailable(region.Id, Why(region));
        return network.Reachable(podAddress, leader.PodAddress, TidbPorts.TikvServer) ? leader
            : throw new RegionUnavailable(region.Id, $"store {leader.Id} at {leader.Address} cannot be reached");
    }

    private List<StoreNode> Ready(Region region)
    {
        var followers = Stores.Followers(region, Leader(region));
        return followers.Count >= region.Majority ? followers
            : throw new RegionUnavailable(region.Id, Why(region));
    }

    private string Why(Region region)
    {
        if (Stores.IsAvailable(region))
            return "its peers elect a leader";
        var running = region.Peers.Count(p => Stores.Running(p.StoreId) is not null);
        return $"{running} of its {region.Peers.Count} peers run, {region.Majority} must agree";
    }
}
