namespace Tidekeeper.Playground.Api;

/// <summary>Which resources are served now: the builtin ones, and those that CustomResourceDefinitions add.</summary>
public sealed class ResourceCatalog
{
    private readonly SortedDictionary<string, ResourceType> _byPath = new(StringComparer.Ordinal);

    public ResourceCatalog()
    {
        foreach (var type in BuiltinResources.All)
            _byPath[type.Path] = type;
    }

    /// <summary>All served resources, in order of group version and plural.</summary>
    public IEnumerable<ResourceType> All => _byPath.Values;

    /// <summary>Grows when the set of served resources changes.</summary>
    public int Revision { get; private set; }

    /// <summary>By path without namespace: <c>v1/pods</c>, <c>apps/v1/statefulsets</c>.</summary>
    public ResourceType? Find(string path) => _byPath.GetValueOrDefault(path);

    public ResourceType Get(string path) => Find(path)
        ?? throw new ArgumentException($"no resource '{path}' is served; write it as v1/pods or apps/v1/statefulsets");

    public ResourceType? FindKind(string apiVersion, string kind) =>
        _byPath.Values.FirstOrDefault(each => each.ApiVersion == apiVersion && each.Kind == kind);

    /// <summary>Any served version of a group's kind.</summary>
    public ResourceType? FindGroupKind(string group, string kind) =>
        _byPath.Values.FirstOrDefault(each => each.Group == group && each.Kind == kind);

    /// <summary>True when some resource of that group and version is served.</summary>
    public bool Serves(string apiVersion) => _byPath.Values.Any(each => each.ApiVersion == apiVersion);

    /// <summary>Replaces what one CustomResourceDefinition contributes: all types with that group and plural.</summary>
    public void Replace(string group, string plural, IReadOnlyList<ResourceType> types)
    {
        foreach (var old in _byPath.Values.Where(each => each.Group == group && each.Plural == plural).ToList())
            _byPath.Remove(old.Path);
        foreach (var type in types)
            _byPath[type.Path] = type;
        Revision++;
    }
}
