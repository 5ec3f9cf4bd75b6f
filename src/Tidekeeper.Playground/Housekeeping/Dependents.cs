using System.Text.Json.Nodes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Housekeeping;

/// <summary>Where an object is in the store.</summary>
internal readonly record struct StoredPlace(string Resource, string Key) : IComparable<StoredPlace>
{
    public string? Namespace => Key.Contains('/') ? Key[..Key.IndexOf('/')] : null;
    public string Name => Key[(Key.IndexOf('/') + 1)..];

    public int CompareTo(StoredPlace other)
    {
        var order = string.CompareOrdinal(Resource, other.Resource);
        return order != 0 ? order : string.CompareOrdinal(Key, other.Key);
    }
}

/// <summary>Which objects name which owner, by the owner's uid.</summary>
internal sealed class Dependents
{
    private readonly SortedDictionary<string, SortedSet<StoredPlace>> _byOwner = new(StringComparer.Ordinal);

    public IReadOnlyList<StoredPlace> Of(string ownerUid) =>
        _byOwner.TryGetValue(ownerUid, out var places) ? [.. places] : [];

    public void Move(StoredPlace place, JsonObject? before, JsonObject? after)
    {
        foreach (var uid in Owners(before))
        {
            if (_byOwner.TryGetValue(uid, out var places) && places.Remove(place) && places.Count == 0)
                _byOwner.Remove(uid);
        }

        foreach (var uid in Owners(after))
        {
            if (!_byOwner.TryGetValue(uid, out var places))
                _byOwner[uid] = places = [];
            places.Add(place);
        }
    }

    public void Clear() => _byOwner.Clear();

    private static IEnumerable<string> Owners(JsonObject? item) =>
        item.ObjectsAt("metadata", "ownerReferences").Select(each => each.Text("uid") ?? "");
}
