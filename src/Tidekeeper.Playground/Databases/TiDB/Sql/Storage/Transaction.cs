namespace Tidekeeper.Playground.Databases.TiDB.Sql;

/// <summary>
/// Reads through to the store and keeps writes until commit. Isolation is READ COMMITTED: a read sees what others have
/// committed meanwhile. Writes are checked at commit: when another transaction has changed a row that this one wrote,
/// nothing is written and error 9007 tells the client to try again, like TiDB's optimistic mode. A real TiDB offers
/// snapshots and by default waits for locks; the store below keeps no old versions, so that is not simulated.
/// </summary>
internal sealed class Transaction(IKeyValue store)
{
    private const int FirstPage = 64;
    private const int LargestPage = 2048;

    private readonly SortedDictionary<string, byte[]?> _writes = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _order = new(StringComparer.Ordinal);
    private readonly Dictionary<string, byte[]?> _seen = new(StringComparer.Ordinal);
    private readonly List<(string Key, bool Had, byte[]? Old)> _undo = [];

    /// <summary>Tables written, as they were then: a change of their schema before the commit refuses it.</summary>
    public Dictionary<long, TableSchema> Tables { get; } = [];

    public byte[]? Get(string key) => _writes.TryGetValue(key, out var written) ? written : store.Get(key);

    /// <summary>Puts a row that another transaction may want as well; checked at commit.</summary>
    public void PutChecked(string key, byte[]? value)
    {
        if (!_seen.ContainsKey(key))
            _seen[key] = store.Get(key);
        Put(key, value);
    }

    /// <summary>Puts what only the owner of a checked row writes; a null value deletes.</summary>
    public void Put(string key, byte[]? value)
    {
        _undo.Add((key, _writes.TryGetValue(key, out var old), old));
        _writes[key] = value;
        _order.Add(key);
    }

    /// <summary>Where we are, for <see cref="RollbackTo"/>.</summary>
    public int Mark => _undo.Count;

    public void RollbackTo(int mark)
    {
        for (var i = _undo.Count - 1; i >= mark; i--)
        {
            var (key, had, old) = _undo[i];
            if (had)
            {
                _writes[key] = old;
            }
            else
            {
                _writes.Remove(key);
                _order.Remove(key);
            }
        }

        _undo.RemoveRange(mark, _undo.Count - mark);
    }

    public void Commit()
    {
        if (_writes.Count == 0)
            return;
        foreach (var key in _writes.Keys)
        {
            if (!_seen.TryGetValue(key, out var before))
                continue;
            var now = store.Get(key);
            if (before is null ? now is not null : now is null || !before.AsSpan().SequenceEqual(now))
                throw SqlErrors.WriteConflict(key);
        }

        store.Timestamp();
        store.Commit([.. _writes.Select(w => (w.Key, w.Value))]);
    }

    /// <summary>
    /// Keys and values from <paramref name="start"/> to before <paramref name="end"/>, with own writes.
    /// </summary>
    public IEnumerable<(string Key, byte[] Value)> Scan(string start, string end, bool descending = false)
    {
        var stored = Pages(start, end, descending);
        return _order.Count == 0 ? stored : Merge(stored, start, end, descending);
    }

    private IEnumerable<(string Key, byte[] Value)> Pages(string start, string end, bool descending)
    {
        var size = FirstPage;
        while (string.CompareOrdinal(start, end) < 0)
        {
            var page = store.Scan(start, end, size, descending);
            foreach (var pair in page)
                yield return pair;
            if (page.Count < size)
                yield break;
            if (descending)
                end = page[^1].Key;
            else
                start = page[^1].Key + "\0";
            size = Math.Min(size * 4, LargestPage);
        }
    }

    private IEnumerable<(string Key, byte[] Value)> Merge(
        IEnumerable<(string Key, byte[] Value)> stored, string start, string end, bool descending)
    {
        if (string.CompareOrdinal(start, end) >= 0)
            yield break;
        var view = _order.GetViewBetween(start, end);
        var own = (descending ? view.Reverse() : view)
            .Where(k => !string.Equals(k, end, StringComparison.Ordinal)).ToList();
        var next = 0;
        foreach (var pair in stored)
        {
            while (next < own.Count && Before(own[next], pair.Key, descending))
            {
                if (_writes[own[next]] is { } added)
                    yield return (own[next], added);
                next++;
            }

            if (next < own.Count && own[next] == pair.Key)
            {
                if (_writes[own[next]] is { } changed)
                    yield return (own[next], changed);
                next++;
            }
            else
            {
                yield return pair;
            }
        }

        for (; next < own.Count; next++)
            if (_writes[own[next]] is { } added)
                yield return (own[next], added);
    }

    private static bool Before(string a, string b, bool descending) =>
        descending ? string.CompareOrdinal(a, b) > 0 : string.CompareOrdinal(a, b) < 0;
}
