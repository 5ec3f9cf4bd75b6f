using Tidekeeper.Playground.Databases.TiDB;

namespace Tidekeeper.UnitTests.Playground.Databases.TiDB.Sql;

/// <summary>Rows in one process's memory; the cluster behind it can be told to be broken.</summary>
public sealed class MemoryKeyValue : IKeyValue
{
    private readonly SortedList<string, byte[]> _rows = new(StringComparer.Ordinal);
    private ulong _timestamp;

    public bool HasQuorum { get; set; } = true;
    public bool HasPdLeader { get; set; } = true;

    public byte[]? Get(string key)
    {
        Check();
        return _rows.GetValueOrDefault(key);
    }

    public void Commit(IReadOnlyList<(string Key, byte[]? Value)> writes)
    {
        Check();
        foreach (var (key, value) in writes)
        {
            if (value is null)
                _rows.Remove(key);
            else
                _rows[key] = value;
        }
    }

    public IReadOnlyList<(string Key, byte[] Value)> Scan(string start, string end, int limit, bool descending = false)
    {
        Check();
        var from = First(start);
        var to = end.Length == 0 ? _rows.Count : First(end);
        var places = Enumerable.Range(from, Math.Max(0, to - from));
        if (descending)
            places = places.Reverse();
        return [.. places.Take(limit).Select(i => (_rows.GetKeyAtIndex(i), _rows.GetValueAtIndex(i)))];
    }

    public ulong Timestamp() => HasPdLeader ? ++_timestamp : throw new TimestampUnavailable("no leader");

    private void Check()
    {
        if (!HasQuorum)
            throw new RegionUnavailable(7, "1 of 3 peers is up");
    }

    /// <summary>The place of the first key that is not below the given one.</summary>
    private int First(string key)
    {
        var (low, high) = (0, _rows.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (string.CompareOrdinal(_rows.GetKeyAtIndex(middle), key) < 0)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }
}
