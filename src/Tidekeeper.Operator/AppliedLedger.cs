using Tidekeeper.Kube;
using Tidekeeper.Kube.Cache;
using Tidekeeper.Model.Kubernetes;

namespace Tidekeeper.Operator;

/// <summary>
/// What we applied last, in memory: lets an apply be skipped although the cache has not heard of it yet, and tells
/// whether somebody else has touched an object since. Losing it costs one needless apply of objects with foreign
/// fields, nothing else.
/// </summary>
public sealed class AppliedLedger
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<(string Kind, ObjectKey Key), Applied> _entries = [];

    private sealed record Applied(string Uid, string Hash, string Version, string Touch);

    /// <summary>The server has this document, by our own hand, whatever the cache says.</summary>
    public void Remember(Observed answer)
    {
        lock (_gate)
            _entries[Id(answer)] = new(answer.Uid, answer.RenderedHash, answer.ResourceVersion, answer.ForeignTouch);
    }

    /// <summary>An object has gone.</summary>
    public void Forget(Observed gone)
    {
        lock (_gate)
            if (_entries.TryGetValue(Id(gone), out var entry) && entry.Uid == gone.Uid)
                _entries.Remove(Id(gone));
    }

    /// <summary>Whether applying a document with that hash would change nothing.</summary>
    /// <param name="cached">As the cache has it; null when the cache does not.</param>
    public bool IsInPlace(string kind, ObjectKey key, string hash, Observed? cached)
    {
        Applied? applied;
        lock (_gate)
            applied = _entries.GetValueOrDefault((kind, key));
        if (cached is null)
            return applied is not null && applied.Hash == hash;
        if (applied is null || applied.Uid != cached.Uid)
            return cached.RenderedHash == hash && cached.ForeignTouch.Length == 0;
        if (Versions.IsOlder(cached.ResourceVersion, applied.Version))
            return applied.Hash == hash;
        return cached.RenderedHash == hash && cached.ForeignTouch == applied.Touch;
    }

    private static (string, ObjectKey) Id(Observed item) => (item.Kind, new(item.Namespace, item.Name));
}
