using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Housekeeping;

/// <summary>
/// Everything that changed in the store since the last look, over all resources. Who comes to a store that holds
/// something already is told at first to look for himself.
/// </summary>
internal sealed class ResourceFeed
{
    private List<StoreEvent> _changes = [];
    private bool _isComplete;

    public ResourceFeed(ObjectStore store)
    {
        _isComplete = store.Head == 0;
        store.Committed += change => _changes.Add(change);
    }

    public bool HasNews => !_isComplete || _changes.Count > 0;

    /// <summary>The changes in order, or null when there are some that it was not told of.</summary>
    public IReadOnlyList<StoreEvent>? Take()
    {
        var (changes, isComplete) = (_changes, _isComplete);
        (_changes, _isComplete) = ([], true);
        return isComplete ? changes : null;
    }
}
