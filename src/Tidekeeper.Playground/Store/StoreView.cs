namespace Tidekeeper.Playground.Store;

/// <summary>
/// What one API server of several knows: a position in the event log. It follows the leader until it is frozen; a
/// driver then lets it lag, jump forward, or catch up. It never goes back by itself, but a client that changes
/// from one view to an older one sees time run backwards, as with real API servers.
/// </summary>
public sealed class StoreView(ObjectStore store)
{
    private long? _frozenAt;

    /// <summary>The newest revision that this view shows.</summary>
    public long Head => _frozenAt ?? store.Head;

    public bool IsFrozen => _frozenAt is not null;

    public void Freeze() => _frozenAt ??= store.Head;

    /// <summary>Shows everything up to a revision, and nothing newer until told so.</summary>
    public void AdvanceTo(long revision) => _frozenAt = Math.Clamp(revision, Head, store.Head);

    /// <summary>Follows the leader again.</summary>
    public void Thaw() => _frozenAt = null;
}

/// <summary>All views by number; 0 is the leader, which never lags. Others come into being when first named.</summary>
public sealed class StoreViews
{
    private readonly ObjectStore _store;
    private readonly SortedDictionary<int, StoreView> _views = [];

    public StoreViews(ObjectStore store)
    {
        _store = store;
        _store.OldestNeeded = () => _views.Values.Select(each => each.Head).DefaultIfEmpty(long.MaxValue).Min();
    }

    public StoreView this[int number]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(number);
            if (!_views.TryGetValue(number, out var view))
                _views[number] = view = new StoreView(_store);
            return view;
        }
    }

    /// <summary>The newest revision that a view shows.</summary>
    public long Head(int number) => number == 0 ? _store.Head : this[number].Head;
}
