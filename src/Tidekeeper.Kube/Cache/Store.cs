namespace Tidekeeper.Kube.Cache;

/// <summary>
/// What is known of the objects of one kind: one writer (the informer), many readers. Holds slim projections, never
/// documents. Readers get values in order of namespace and name.
/// </summary>
/// <param name="indexes">Strings under which a value can be found again, for example its owner.</param>
public sealed class Store<T>(Func<T, IEnumerable<string>> indexes)
{
    private readonly Lock _gate = new();
    private SortedDictionary<ObjectKey, Entry> _entries = [];
    private Dictionary<string, List<ObjectKey>> _index = new(StringComparer.Ordinal);

    /// <summary>One object as last seen.</summary>
    public sealed record Entry(ObjectKey Key, string Version, T Value);

    public int Count
    {
        get
        {
            lock (_gate)
                return _entries.Count;
        }
    }

    public Entry? Find(ObjectKey key)
    {
        lock (_gate)
            return _entries.GetValueOrDefault(key);
    }

    public IReadOnlyList<T> All()
    {
        lock (_gate)
            return [.. _entries.Values.Select(e => e.Value)];
    }

    /// <summary>The values that have this index string.</summary>
    public IReadOnlyList<T> By(string index)
    {
        lock (_gate)
            return _index.TryGetValue(index, out var keys) ? [.. keys.Select(k => _entries[k].Value)] : [];
    }

    /// <summary>
    /// Replaces an object by what the answer to our own write says, so that the next look does not lag behind it.
    /// Only an older form of the same object is replaced: what is gone does not come back.
    /// </summary>
    public void Refresh(Entry entry)
    {
        lock (_gate)
            if (_entries.TryGetValue(entry.Key, out var before) && Versions.IsOlder(before.Version, entry.Version))
                _Put(entry, before);
    }

    /// <summary>Adds or replaces one object; returns what was there. An older form than ours is ignored.</summary>
    public Entry? Put(Entry entry)
    {
        lock (_gate)
        {
            var before = _entries.GetValueOrDefault(entry.Key);
            if (before is null || !Versions.IsOlder(entry.Version, before.Version))
                _Put(entry, before);
            return before;
        }
    }

    /// <summary>Removes one object; returns what was there.</summary>
    public Entry? Remove(ObjectKey key)
    {
        lock (_gate)
        {
            if (!_entries.Remove(key, out var before))
                return null;
            Unindex(before);
            return before;
        }
    }

    /// <summary>
    /// Replaces everything at the end of a list, so that readers never see half a list. Returns what differs:
    /// before and after of each object that came, went or changed.
    /// </summary>
    public IReadOnlyList<(Entry? Before, Entry? After)> Swap(IEnumerable<Entry> all)
    {
        SortedDictionary<ObjectKey, Entry> entries = [];
        Dictionary<string, List<ObjectKey>> index = new(StringComparer.Ordinal);
        foreach (var entry in all)
            entries[entry.Key] = entry;
        foreach (var entry in entries.Values)
            Index(index, entry);

        SortedDictionary<ObjectKey, Entry> before;
        lock (_gate)
        {
            before = _entries;
            (_entries, _index) = (entries, index);
        }

        List<(Entry?, Entry?)> changes = [];
        foreach (var (key, old) in before)
            if (!entries.TryGetValue(key, out var now))
                changes.Add((old, null));
            else if (now.Version != old.Version)
                changes.Add((old, now));
        foreach (var (key, now) in entries)
            if (!before.ContainsKey(key))
                changes.Add((null, now));
        return changes;
    }

    private void _Put(Entry entry, Entry? before)
    {
        if (before is not null)
            Unindex(before);
        _entries[entry.Key] = entry;
        Index(_index, entry);
    }

    /// <summary>A list in order is a fraction of a set, and most have a handful of keys.</summary>
    private void Index(Dictionary<string, List<ObjectKey>> index, Entry entry)
    {
        foreach (var text in indexes(entry.Value))
        {
            if (!index.TryGetValue(text, out var keys))
                index[text] = keys = new(1);
            var at = keys.BinarySearch(entry.Key);
            if (at < 0)
                keys.Insert(~at, entry.Key);
        }
    }

    private void Unindex(Entry entry)
    {
        foreach (var text in indexes(entry.Value))
        {
            if (!_index.TryGetValue(text, out var keys) || keys.BinarySearch(entry.Key) is not (>= 0 and var at))
                continue;
            keys.RemoveAt(at);
            if (keys.Count == 0)
                _index.Remove(text);
        }
    }
}
