using System.Text.Json.Nodes;

namespace Tidekeeper.Playground.Store;

/// <summary>All objects of one resource in the order of their keys, and the recent changes to them.</summary>
internal sealed class ObjectTable
{
    private readonly SortedList<string, JsonObject> _objects = new(StringComparer.Ordinal);
    private readonly List<StoreEvent> _events = [];

    /// <summary>Revision of the last change to any object of this resource.</summary>
    public long Revision { get; private set; }

    /// <summary>The newest change of this resource that the log no longer tells of; 0 while it tells of all.</summary>
    public long Forgotten { get; private set; }

    public int Count => _objects.Count;

    public JsonObject? Find(string key) => _objects.GetValueOrDefault(key);

    public void Record(StoreEvent change)
    {
        if (change.Type == StoreEventType.Deleted)
            _objects.Remove(change.Key);
        else
            _objects[change.Key] = change.Object;
        _events.Add(change);
        Revision = change.Revision;
    }

    /// <summary>Puts an object in place without an event: what was there before the log begins.</summary>
    public void Restore(string key, JsonObject item)
    {
        _objects[key] = item;
        Revision = Forgotten = Math.Max(Revision, item.ResourceVersion());
    }

    /// <summary>Objects whose key starts with the prefix and is not below <paramref name="from"/>, in order.</summary>
    public IEnumerable<KeyValuePair<string, JsonObject>> Scan(string prefix, string from)
    {
        var start = string.CompareOrdinal(prefix, from) < 0 ? from : prefix;
        for (var at = LowerBound(start); at < _objects.Count; at++)
        {
            var key = _objects.GetKeyAtIndex(at);
            if (!key.StartsWith(prefix, StringComparison.Ordinal))
                yield break;
            yield return KeyValuePair.Create(key, _objects.GetValueAtIndex(at));
        }
    }

    /// <summary>The objects as they were at an earlier revision that the log still reaches.</summary>
    public SortedDictionary<string, JsonObject> AsOf(long revision)
    {
        var past = new SortedDictionary<string, JsonObject>(_objects, StringComparer.Ordinal);
        for (var at = _events.Count - 1; at >= 0 && _events[at].Revision > revision; at--)
        {
            if (_events[at].Previous is { } previous)
                past[_events[at].Key] = previous;
            else
                past.Remove(_events[at].Key);
        }

        return past;
    }

    /// <summary>The first change after a revision, up to and including another one; null when there is none.</summary>
    public StoreEvent? Next(long after, long upTo)
    {
        if (Revision <= after)
            return null;
        int low = 0, high = _events.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_events[middle].Revision <= after)
                low = middle + 1;
            else
                high = middle;
        }

        return low < _events.Count && _events[low].Revision <= upTo ? _events[low] : null;
    }

    public void Forget(long upTo)
    {
        var gone = _events.FindIndex(each => each.Revision > upTo);
        gone = gone < 0 ? _events.Count : gone;
        if (gone > 0)
            Forgotten = _events[gone - 1].Revision;
        _events.RemoveRange(0, gone);
    }

    private int LowerBound(string key)
    {
        int low = 0, high = _objects.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (string.CompareOrdinal(_objects.GetKeyAtIndex(middle), key) < 0)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }
}
