using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Housekeeping;

/// <summary>
/// Everything that changed in the store since the last look, over all resources. Who looks too late, after the
/// log was compacted, is told to start over.
/// </summary>
internal sealed class ResourceFeed(ObjectStore store)
{
    private readonly SortedDictionary<string, long> _seen = new(StringComparer.Ordinal);
    private long _head;

    public bool HasNews => store.Head > _head;

    /// <summary>The changes in order within each resource, or null when some of them are forgotten.</summary>
    public IReadOnlyList<StoreEvent>? Take()
    {
        var changes = new List<StoreEvent>();
        var isComplete = true;
        foreach (var resource in store.Resources)
        {
            var after = _seen.GetValueOrDefault(resource);
            var last = store.Revision(resource);
            if (last > after && after < store.Compacted)
                isComplete = false;
            while (isComplete && store.Next(resource, after, last) is { } change)
            {
                changes.Add(change);
                after = change.Revision;
            }

            _seen[resource] = last;
        }

        _head = store.Head;
        return isComplete ? changes : null;
    }
}
