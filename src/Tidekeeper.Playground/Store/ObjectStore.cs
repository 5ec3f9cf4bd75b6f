using System.Globalization;
using System.Text.Json.Nodes;

namespace Tidekeeper.Playground.Store;

/// <summary>
/// What etcd is to Kubernetes: objects by resource and key, one revision counter, and a log of changes that is
/// compacted from behind. An object that is in the store is never changed; a write replaces it.
/// </summary>
/// <param name="window">How many changes the log keeps; a watch from further back is refused.</param>
public sealed class ObjectStore(int window = 4096)
{
    private readonly SortedDictionary<string, ObjectTable> _tables = new(StringComparer.Ordinal);
    private readonly Queue<long> _revisions = [];

    /// <summary>Revision of the newest change.</summary>
    public long Head { get; private set; }

    /// <summary>The log holds everything after this revision and nothing before it.</summary>
    public long Compacted { get; private set; }

    /// <summary>Called after each commit, in order: the journal and the fronts that wake sleeping watches.</summary>
    public event Action<StoreEvent>? Committed;

    /// <summary>The oldest revision that somebody still needs (a lagging view); the log is kept from there.</summary>
    public Func<long> OldestNeeded { get; set; } = () => long.MaxValue;

    public static string Key(string? ns, string name) => string.IsNullOrEmpty(ns) ? name : ns + "/" + name;

    /// <summary>Revision of the last change to any object of the resource; 0 when there never was one.</summary>
    public long Revision(string resource) => _tables.TryGetValue(resource, out var table) ? table.Revision : 0;

    public int Count(string resource) => _tables.TryGetValue(resource, out var table) ? table.Count : 0;

    /// <summary>Storage names of all resources that hold or held objects.</summary>
    public IEnumerable<string> Resources => _tables.Keys;

    public JsonObject? Get(string resource, string? ns, string name) =>
        _tables.TryGetValue(resource, out var table) ? table.Find(Key(ns, name)) : null;

    /// <summary>Objects in order of key, of one namespace or of all.</summary>
    public IEnumerable<JsonObject> List(string resource, string? ns = null) =>
        Scan(resource, ns, "").Select(each => each.Value);

    /// <summary>Objects with their keys in order, from a key on: what a page of a list is cut from.</summary>
    public IEnumerable<KeyValuePair<string, JsonObject>> Scan(string resource, string? ns, string from) =>
        _tables.TryGetValue(resource, out var table)
            ? table.Scan(string.IsNullOrEmpty(ns) ? "" : ns + "/", from)
            : [];

    /// <summary>The same as it was at an earlier revision, which must not be compacted.</summary>
    public IEnumerable<KeyValuePair<string, JsonObject>> ScanAt(long revision, string resource, string? ns, string from)
    {
        if (revision >= Revision(resource))
            return Scan(resource, ns, from);
        if (revision < Compacted)
            throw new InvalidOperationException($"revision {revision} is compacted; the log starts at {Compacted}");
        var prefix = string.IsNullOrEmpty(ns) ? "" : ns + "/";
        return _tables[resource].AsOf(revision).Where(each =>
            each.Key.StartsWith(prefix, StringComparison.Ordinal) && string.CompareOrdinal(each.Key, from) >= 0);
    }

    /// <summary>
    /// The first change to a resource after a revision, not newer than another; null when there is none.
    /// </summary>
    public StoreEvent? Next(string resource, long after, long upTo) =>
        _tables.TryGetValue(resource, out var table) ? table.Next(after, upTo) : null;

    /// <summary>Commits an object, stamped with its new revision. The store owns it from now on.</summary>
    public JsonObject Put(string resource, string? ns, string name, JsonObject item)
    {
        var previous = Get(resource, ns, name);
        item.Metadata()["resourceVersion"] = Stamp(Head + 1);
        Commit(new StoreEvent(Head + 1, previous is null ? StoreEventType.Added : StoreEventType.Modified,
            resource, Key(ns, name), item, previous));
        return item;
    }

    /// <summary>Commits an object as a server elsewhere has it, with the version that it has there.</summary>
    public void Mirror(string resource, string? ns, string name, JsonObject item)
    {
        var previous = Get(resource, ns, name);
        Commit(new StoreEvent(Head + 1, previous is null ? StoreEventType.Added : StoreEventType.Modified,
            resource, Key(ns, name), item, previous));
    }

    /// <summary>
    /// Commits the removal of an object that exists; <paramref name="last"/> is its state in the event.
    /// </summary>
    public JsonObject Remove(string resource, string? ns, string name, JsonObject? last = null)
    {
        var previous = Get(resource, ns, name)
            ?? throw new InvalidOperationException($"{resource} {Key(ns, name)} is not in the store");
        var final = (last ?? previous).Copy();
        final.Metadata()["resourceVersion"] = Stamp(Head + 1);
        Commit(new StoreEvent(Head + 1, StoreEventType.Deleted, resource, Key(ns, name), final, previous));
        return final;
    }

    /// <summary>Puts back what a journal kept, before anything is committed.</summary>
    public void Restore(long head, IEnumerable<(string Resource, string Key, JsonObject Item)> objects)
    {
        foreach (var (resource, key, item) in objects)
            Table(resource).Restore(key, item);
        Head = Math.Max(Head, head);
        Compacted = Head;
    }

    /// <summary>Forgets the changes up to a revision: watches from before it are answered 410 Gone.</summary>
    public void Compact(long upTo)
    {
        upTo = Math.Min(upTo, Math.Min(Head, OldestNeeded()));
        if (upTo <= Compacted)
            return;
        foreach (var table in _tables.Values)
            table.Forget(upTo);
        while (_revisions.TryPeek(out var oldest) && oldest <= upTo)
            _revisions.Dequeue();
        Compacted = upTo;
    }

    private void Commit(StoreEvent change)
    {
        Table(change.Resource).Record(change);
        Head = change.Revision;
        _revisions.Enqueue(change.Revision);

        // In batches: to trim one event at each commit would move the whole log each time.
        if (_revisions.Count >= 2 * window)
            Compact(Head - window);
        Committed?.Invoke(change);
    }

    /// <summary>What is kept of one resource; for who asks often, since a name need not be looked up again.</summary>
    internal ObjectTable Table(string resource)
    {
        if (!_tables.TryGetValue(resource, out var table))
            _tables[resource] = table = new ObjectTable();
        return table;
    }

    private static string Stamp(long revision) => revision.ToString(CultureInfo.InvariantCulture);
}
