namespace Tidekeeper.Playground.Databases.TiDB.Stores;

/// <summary>
/// Keys in ordinal order with their values: a list of short sorted leaves. A SortedDictionary cannot seek, and a
/// range read that starts at the beginning each time would make every statement cost the size of its table.
/// </summary>
public sealed class OrderedRows
{
    private const int LeafLimit = 256;
    private readonly List<Leaf> _leaves = [];

    public int Count { get; private set; }

    /// <summary>Sum of the lengths of keys and values, in characters and bytes.</summary>
    public long Size { get; private set; }

    public byte[]? Get(string key)
    {
        if (_leaves.Count == 0)
            return null;
        var leaf = _leaves[LeafOf(key)];
        var at = leaf.Find(key);
        return at >= 0 ? leaf.Values[at] : null;
    }

    /// <summary>Sets a value, or removes the key when the value is null.</summary>
    public void Set(string key, byte[]? value)
    {
        if (_leaves.Count == 0)
        {
            if (value is null)
                return;
            _leaves.Add(new Leaf());
        }

        var number = LeafOf(key);
        var leaf = _leaves[number];
        var at = leaf.Find(key);
        if (at >= 0)
            Replace(number, at, value);
        else if (value is not null)
            Insert(number, ~at, key, value);
    }

    private void Replace(int number, int at, byte[]? value)
    {
        var leaf = _leaves[number];
        Size += (value?.Length ?? -leaf.Keys[at].Length) - leaf.Values[at].Length;
        if (value is not null)
        {
            leaf.Values[at] = value;
            return;
        }

        Count--;
        leaf.Keys.RemoveAt(at);
        leaf.Values.RemoveAt(at);
        if (leaf.Keys.Count == 0)
            _leaves.RemoveAt(number);
    }

    private void Insert(int number, int at, string key, byte[] value)
    {
        var leaf = _leaves[number];
        leaf.Keys.Insert(at, key);
        leaf.Values.Insert(at, value);
        Count++;
        Size += key.Length + value.Length;
        if (leaf.Keys.Count <= LeafLimit)
            return;

        // A split at the end keeps the left leaf nearly full: rows usually come in rising order.
        var cut = at == leaf.Keys.Count - 1 ? at : LeafLimit / 2;
        var right = new Leaf();
        right.Keys.AddRange(leaf.Keys.GetRange(cut, leaf.Keys.Count - cut));
        right.Values.AddRange(leaf.Values.GetRange(cut, leaf.Values.Count - cut));
        leaf.Keys.RemoveRange(cut, leaf.Keys.Count - cut);
        leaf.Values.RemoveRange(cut, leaf.Values.Count - cut);
        _leaves.Insert(number + 1, right);
    }

    /// <summary>
    /// Rows from <paramref name="start"/> upwards, up to but without a non-empty <paramref name="end"/>.
    /// </summary>
    public IEnumerable<(string Key, byte[] Value)> Ascending(string start, string end)
    {
        for (var number = _leaves.Count == 0 ? 0 : LeafOf(start); number < _leaves.Count; number++)
        {
            var leaf = _leaves[number];
            var at = leaf.Find(start);
            for (at = at < 0 ? ~at : at; at < leaf.Keys.Count; at++)
            {
                if (end.Length > 0 && string.CompareOrdinal(leaf.Keys[at], end) >= 0)
                    yield break;
                yield return (leaf.Keys[at], leaf.Values[at]);
            }
        }
    }

    /// <summary>The same rows from the last one downwards.</summary>
    public IEnumerable<(string Key, byte[] Value)> Descending(string start, string end)
    {
        var last = end.Length == 0 || _leaves.Count == 0 ? _leaves.Count - 1 : LeafOf(end);
        for (var number = last; number >= 0; number--)
        {
            var leaf = _leaves[number];
            var at = leaf.Keys.Count;
            if (end.Length > 0)
            {
                at = leaf.Find(end);
                at = at < 0 ? ~at : at;
            }

            while (--at >= 0)
            {
                if (string.CompareOrdinal(leaf.Keys[at], start) < 0)
                    yield break;
                yield return (leaf.Keys[at], leaf.Values[at]);
            }
        }
    }

    /// <summary>The key in the middle; there must be at least one row.</summary>
    public string MiddleKey()
    {
        var half = Count / 2;
        foreach (var leaf in _leaves)
        {
            if (half < leaf.Keys.Count)
                return leaf.Keys[half];
            half -= leaf.Keys.Count;
        }

        throw new InvalidOperationException("an empty region has no middle");
    }

    private int LeafOf(string key)
    {
        int low = 0, high = _leaves.Count - 1;
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (string.CompareOrdinal(_leaves[middle].Keys[0], key) <= 0)
                low = middle;
            else
                high = middle - 1;
        }

        return low;
    }

    private sealed class Leaf
    {
        public readonly List<string> Keys = [];
        public readonly List<byte[]> Values = [];

        public int Find(string key) => Keys.BinarySearch(key, StringComparer.Ordinal);
    }
}
