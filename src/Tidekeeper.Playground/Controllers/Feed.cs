using System.Text.Json.Nodes;
using Tidekeeper.Playground.Api;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Controllers;

/// <summary>
/// The objects of one resource as all actors of the cluster see them, with what changed since the last look. It is
/// shared: whoever refreshes it tells every listener, and listeners only note what they have to look at later.
/// </summary>
public sealed class Feed(ApiClient api, string resource)
{
    private readonly SortedDictionary<Key, JsonObject> _objects = [];
    private readonly SortedDictionary<string, Index> _indexes = new(StringComparer.Ordinal);
    private readonly List<Action<JsonObject?, JsonObject?>> _listeners = [];
    private readonly ObjectTable _table = api.Api.Store.Table(api.Api.Catalog.Get(resource).GroupResource);
    private long _revision = -1;

    public string Resource => resource;

    /// <summary>In order of namespace and name.</summary>
    public IReadOnlyCollection<JsonObject> All => _objects.Values;

    public int Count => _objects.Count;

    public JsonObject? Get(string? ns, string name) => _objects.GetValueOrDefault(new Key(ns ?? "", name));
    public JsonObject? Get(Key key) => _objects.GetValueOrDefault(key);

    /// <summary>
    /// Calls with (before, after) for each change from now on; and with (null, object) for what is there.
    /// </summary>
    public void Listen(Action<JsonObject?, JsonObject?> listener)
    {
        _listeners.Add(listener);
        foreach (var existing in _objects.Values)
            listener(null, existing);
    }

    /// <summary>
    /// Keeps the objects grouped by a value; null leaves an object out. Asking again for a name is free.
    /// </summary>
    public Index By(string name, Func<JsonObject, string?> value)
    {
        if (_indexes.TryGetValue(name, out var index))
            return index;
        _indexes[name] = index = new Index(value);
        foreach (var existing in _objects.Values)
            index.Note(null, existing);
        return index;
    }

    /// <summary>Grouped by the uid of the controlling owner.</summary>
    public Index ByOwner() => By("owner", o => o.Owner()?.Text("uid"));

    public Index ByNamespace() => By("namespace", o => o.Namespace());

    /// <summary>Takes in what has changed. Nothing but a comparison of numbers when nothing has.</summary>
    public void Refresh()
    {
        if (_table.Revision <= _revision)
            return;
        if (_revision < _table.Forgotten)
            Relist();
        else
            Follow();
        _revision = _table.Revision;
    }

    private void Follow()
    {
        for (var at = _revision; _table.Next(at, _table.Revision) is { } change; at = change.Revision)
        {
            var before = _objects.GetValueOrDefault(change.Object.Key());
            var after = change.Type == StoreEventType.Deleted ? null : change.Object;
            if (before is not null || after is not null)
                Take(before, after);
        }
    }

    /// <summary>
    /// Compares all there is with all there was: at the start, and when the log no longer reaches back.
    /// </summary>
    private void Relist()
    {
        var now = api.List(resource);
        var there = new SortedSet<Key>(now.Select(o => o.Key()));
        foreach (var gone in _objects.Keys.Where(k => !there.Contains(k)).ToList())
            Take(_objects[gone], null);
        foreach (var item in now)
        {
            var before = _objects.GetValueOrDefault(item.Key());
            if (before is null || !SameVersion(before, item))
                Take(before, item);
        }
    }

    private static bool SameVersion(JsonObject a, JsonObject b) =>
        a.Uid() == b.Uid() && a.Text("metadata", "resourceVersion") == b.Text("metadata", "resourceVersion");

    private void Take(JsonObject? before, JsonObject? after)
    {
        if (after is null)
            _objects.Remove(before!.Key());
        else
            _objects[after.Key()] = after;
        foreach (var index in _indexes.Values)
            index.Note(before, after);
        foreach (var listener in _listeners)
            listener(before, after);
    }

    /// <summary>Objects grouped by a value, each group in order of namespace and name.</summary>
    public sealed class Index(Func<JsonObject, string?> value)
    {
        private readonly SortedDictionary<string, SortedDictionary<Key, JsonObject>> _groups =
            new(StringComparer.Ordinal);

        public IReadOnlyCollection<JsonObject> this[string? group] =>
            _groups.TryGetValue(group ?? "", out var members) ? members.Values : [];

        public IReadOnlyCollection<string> Groups => _groups.Keys;

        internal void Note(JsonObject? before, JsonObject? after)
        {
            if (before is not null && value(before) is { } old && _groups.TryGetValue(old, out var members))
            {
                members.Remove(before.Key());
                if (members.Count == 0)
                    _groups.Remove(old);
            }

            if (after is null || value(after) is not { } group)
                return;
            if (!_groups.TryGetValue(group, out var joined))
                _groups[group] = joined = [];
            joined[after.Key()] = after;
        }
    }
}
