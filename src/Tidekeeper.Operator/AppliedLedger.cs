using Tidekeeper.Kube;
using Tidekeeper.Kube.Cache;
using Tidekeeper.Model.Kubernetes;

namespace Tidekeeper.Operator;

/// <summary>
/// What we applied last, in memory: lets an apply be skipped although the cache has not heard of it yet. Losing it
/// costs reads, nothing else. That somebody else touched an object needs no memory: it is part of the hash.
/// </summary>
public sealed class AppliedLedger
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<(string Kind, ObjectKey Key), Applied> _entries = [];

    private sealed record Applied(string Uid, string Hash, string Version);

    /// <summary>The server has this document, by our own hand, whatever the cache says.</summary>
    public void Remember(Observed answer)
    {
        lock (_gate)
            _entries[Id(answer)] = new(answer.Uid, answer.RenderedHash, answer.ResourceVersion);
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
        var lags = applied is not null && applied.Uid == cached.Uid
            && Versions.IsOlder(cached.ResourceVersion, applied.Version);
        return (lags ? applied!.Hash : cached.RenderedHash) == hash;
    }

    private static (string, ObjectKey) Id(Observed item) => (item.Kind, new(item.Namespace, item.Name));
}
