namespace Tidekeeper.Playground.Databases.TiDB.Sql;

/// <summary>
/// Numbers for AUTO_INCREMENT columns and for rows without a primary key. Like a TiDB server, this one takes a range of
/// 30000 from the store and hands out from it: two TiDBs of one cluster hand out from different ranges, and what is
/// left of a range when a TiDB ends is never used.
/// </summary>
internal sealed class Sequence(IKeyValue store)
{
    public const long Range = 30000;

    private readonly SortedDictionary<string, (long Next, long End)> _ranges = new(StringComparer.Ordinal);

    public static string KeyOf(long table) => $"m_a_{table:X8}";

    public static string RowKeyOf(long table) => $"m_r_{table:X8}";

    /// <summary>The next number; after 9223372036854775807 there is none (error 1467).</summary>
    public long Next(string key)
    {
        var (next, end) = _ranges.GetValueOrDefault(key);
        if (next == 0 || next >= end)
        {
            next = Math.Max(Catalog.ReadNumber(store, key), 1);
            if (next > long.MaxValue - Range - 1)
                throw new Network.SqlFault(1467, "HY000", "Failed to read auto-increment value from storage engine");
            end = next + Range;
            store.Commit([(key, Catalog.Number(end))]);
        }

        _ranges[key] = (next + 1, end);
        return next;
    }

    /// <summary>Sees to it that numbers up to <paramref name="used"/> are not handed out any more.</summary>
    public void Skip(string key, long used)
    {
        var (next, end) = _ranges.GetValueOrDefault(key);
        if (next > used)
            return;
        if (used + 1 < end)
        {
            _ranges[key] = (used + 1, end);
            return;
        }

        var stored = Math.Max(Catalog.ReadNumber(store, key), 1);
        if (used < stored && next == 0)
            return;
        var start = Math.Max(stored, used == long.MaxValue ? used : used + 1);
        var last = start > long.MaxValue - Range ? long.MaxValue : start + Range;
        store.Commit([(key, Catalog.Number(last))]);
        _ranges[key] = (start, last);
    }

    /// <summary>What SHOW CREATE TABLE says: the first number not yet taken from the store.</summary>
    public long Stored(string key) => Catalog.ReadNumber(store, key);

    public void Forget(string key) => _ranges.Remove(key);
}
