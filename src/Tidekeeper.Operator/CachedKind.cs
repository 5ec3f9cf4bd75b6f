using System.Text.Json;
using Tidekeeper.Kube;
using Tidekeeper.Kube.Cache;
using Tidekeeper.Model.Kubernetes;

namespace Tidekeeper.Operator;

/// <summary>A kind of object that is kept in memory, without its type.</summary>
public interface ICachedKind
{
    Resource Resource { get; }

    /// <summary>What is known of one object; null when there is none as far as known.</summary>
    Observed? Find(ObjectKey key);

    /// <summary>Takes over what the answer to our own write says about an object.</summary>
    void Refresh(JsonElement item);

    /// <summary>Completes when the first lists are complete.</summary>
    Task Synced { get; }

    /// <summary>Follows the API until cancelled.</summary>
    Task Run(CancellationToken cancel);
}

/// <summary>A kind of object that is kept in memory: one store, one informer for each namespace watched.</summary>
public sealed class CachedKind<T> : ICachedKind where T : Observed
{
    private readonly Func<JsonElement, T> _read;
    private readonly List<Informer<T>> _informers = [];

    /// <param name="settings">What all informers have in common.</param>
    /// <param name="changed">Told before and after of everything that came, went or changed.</param>
    public CachedKind(WatchSettings settings, Resource resource, string? selector, Func<JsonElement, T> read,
        Action<T?, T?> changed)
    {
        Resource = resource;
        _read = read;
        Store = new(IndexStrings);
        IReadOnlyList<string?> namespaces = settings.Namespaces.Count == 0 || !resource.Namespaced
            ? [null]
            : [.. settings.Namespaces];
        foreach (var ns in namespaces)
            _informers.Add(new(settings.Api, new(resource, ns, selector), Store, read,
                (before, after) => changed(before?.Value, after?.Value), settings.Time, settings.Chance)
            {
                Failing = settings.Failing,
                Forbidden = settings.Forbidden,
                Following = settings.Following,
            });
    }

    public Resource Resource { get; }
    public Store<T> Store { get; }
    public Task Synced => Task.WhenAll(_informers.Select(i => i.Synced));

    public Observed? Find(ObjectKey key) => Store.Find(key)?.Value;

    public void Refresh(JsonElement item) => Store.Refresh(WatchEvent.Entry(item, _read));

    public Task Run(CancellationToken cancel) => Task.WhenAll(_informers.Select(i => i.Run(cancel)));

    private static IEnumerable<string> IndexStrings(T item)
    {
        if (item.OwnerUid.Length > 0)
            yield return IndexString.OwnedBy(item.OwnerUid);
        if (item.Labels.TryGetValue(Labels.Instance, out var instance))
            yield return IndexString.OfInstance(item.Namespace, instance);
    }
}

/// <summary>By what cached objects are found again.</summary>
public static class IndexString
{
    /// <summary>Of what a controller owner owns.</summary>
    public static string OwnedBy(string uid) => $"owner {uid}";

    /// <summary>Of what bears an instance label.</summary>
    public static string OfInstance(string ns, string instance) => $"instance {ns}/{instance}";
}

/// <summary>What all informers have in common.</summary>
/// <param name="Namespaces">Empty for all.</param>
/// <param name="Failing">Told why a list or watch failed.</param>
public sealed record WatchSettings(
    KubeApi Api, IReadOnlyList<string> Namespaces, TimeProvider Time, Random Chance, Action<Scope, string> Failing)
{
    /// <summary>Told why something may not be followed.</summary>
    public Action<Scope, string>? Forbidden { get; init; }

    /// <summary>Told that it is followed.</summary>
    public Action<Scope>? Following { get; init; }
}
