namespace Tidekeeper.Playground.Databases.TiDB.Stores;

/// <summary>
/// A range of keys, replicated by raft. Rows are held once in memory, as the newest acknowledged state; what each
/// store has on its volume is known by the index of its peer.
/// </summary>
public sealed class Region
{
    public required ulong Id { get; init; }

    /// <summary>First key; empty is the beginning of all keys.</summary>
    public required string Start { get; init; }

    /// <summary>Not included; empty is the end of all keys.</summary>
    public string End { get; set; } = "";

    /// <summary>Grows with every change of peers.</summary>
    public ulong ConfVer { get; set; } = 1;

    /// <summary>Grows with every split.</summary>
    public ulong Version { get; set; } = 1;

    /// <summary>Number of the newest acknowledged write.</summary>
    public long Index { get; set; }

    /// <summary>Store of the leader as last elected, alive or not; 0 before the first election.</summary>
    public ulong LeaderStore { get; set; }

    /// <summary>Since when its peers know that they have no leader; null while they do not.</summary>
    internal DateTimeOffset? LeaderlessSince { get; set; }

    /// <summary>In order of their ids.</summary>
    public List<Peer> Peers { get; init; } = [];

    public OrderedRows Rows { get; set; } = new();

    public int Majority => Peers.Count / 2 + 1;

    public Peer? PeerOn(ulong store) => Peers.Find(p => p.StoreId == store);

    /// <summary>
    /// Takes over the rows of an older description of the same region, as far as they are still in its range.
    /// </summary>
    internal void TakeRows(Region older)
    {
        Rows = new OrderedRows();
        foreach (var (key, value) in older.Rows.Ascending(Start, End))
            Rows.Set(key, value);
        Index = older.Index;
    }

    public bool Holds(string key) =>
        string.CompareOrdinal(Start, key) <= 0 && (End.Length == 0 || string.CompareOrdinal(key, End) < 0);
}

/// <summary>One replica of a region.</summary>
public sealed class Peer
{
    public required ulong Id { get; init; }
    public required ulong StoreId { get; init; }

    /// <summary>The newest write that this replica has on its volume.</summary>
    public long Index { get; set; }
}
