namespace Tidekeeper.Playground.Databases.TiDB.Stores;

/// <summary>All regions in key order; together they hold every key exactly once.</summary>
public sealed class RegionMap
{
    /// <summary>
    /// A region with more rows is split. Real ones split by size; the effect on scheduling is the same.
    /// </summary>
    public const int RowLimit = 4000;

    private readonly List<Region> _inOrder = [];
    private readonly SortedDictionary<ulong, Region> _byId = [];
    private readonly SortedDictionary<ulong, (long Index, ulong Version, byte[] Bytes)> _encoded = [];

    public IReadOnlyList<Region> All => _inOrder;

    public Region? Find(ulong id) => _byId.GetValueOrDefault(id);

    /// <summary>
    /// Position of the region that holds a key; -1 when there is none, as before the bootstrap, or while the stores
    /// that know of it have not come back.
    /// </summary>
    public int PositionOf(string key)
    {
        var low = LastWhere(r => string.CompareOrdinal(r.Start, key) <= 0);
        return low >= 0 && _inOrder[low].Holds(key) ? low : -1;
    }

    /// <summary>Position of the region with the keys just below a border; empty is the end of all keys.</summary>
    public int PositionBefore(string border)
    {
        var low = LastWhere(r => border.Length == 0 || string.CompareOrdinal(r.Start, border) < 0);
        if (low < 0 || _inOrder[low].End.Length == 0)
            return low;
        return border.Length > 0 && string.CompareOrdinal(border, _inOrder[low].End) <= 0 ? low : -1;
    }

    /// <summary>Position of the last region for which a condition holds that holds for all before it.</summary>
    private int LastWhere(Func<Region, bool> holds)
    {
        int low = -1, high = _inOrder.Count - 1;
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (holds(_inOrder[middle]))
                low = middle;
            else
                high = middle - 1;
        }

        return low;
    }

    internal void Add(Region region)
    {
        _byId.Add(region.Id, region);
        _inOrder.Insert(LastWhere(r => string.CompareOrdinal(r.Start, region.Start) <= 0) + 1, region);
    }

    internal void Replace(Region region)
    {
        _inOrder.Remove(_byId[region.Id]);
        _byId.Remove(region.Id);
        Add(region);
    }

    /// <summary>Cuts a region at a key. The right part is new, as in TiKV with right-derive switched off.</summary>
    internal Region Split(Region left, string at, Func<ulong> nextId)
    {
        var right = new Region
        {
            Id = nextId(),
            Start = at,
            End = left.End,
            ConfVer = left.ConfVer,
            Version = left.Version + 1,
            Index = 1,
            LeaderStore = left.LeaderStore,
            Peers = [.. left.Peers.Select(p => new Peer { Id = nextId(), StoreId = p.StoreId })],
        };
        var kept = new OrderedRows();
        foreach (var (key, value) in left.Rows.Ascending("", ""))
            (string.CompareOrdinal(key, at) < 0 ? kept : right.Rows).Set(key, value);
        left.Rows = kept;
        left.End = at;
        left.Version++;
        left.Index++;
        Add(right);
        return right;
    }

    /// <summary>The rows as bytes; made once for all stores that write the same state of a region.</summary>
    internal byte[] Encoded(Region region)
    {
        if (_encoded.TryGetValue(region.Id, out var known)
            && (known.Index, known.Version) == (region.Index, region.Version))
            return known.Bytes;
        var bytes = RowCodec.Rows(region);
        _encoded[region.Id] = (region.Index, region.Version, bytes);
        return bytes;
    }
}
