namespace Tidekeeper.Playground.Api;

/// <summary>What a path names: <c>/apis/apps/v1/namespaces/n/statefulsets/s/status</c> and the like.</summary>
internal sealed record RequestPath(ResourceType Type, string? Namespace, string? Name, string Subresource)
{
    /// <summary>The parts of a resource path; null when the path names no resource that is served.</summary>
    public static RequestPath? Parse(string path, ResourceCatalog catalog)
    {
        var parts = path.Trim('/').Split('/');
        var (apiVersion, at) = parts switch
        {
            ["api", var version, ..] => (version, 2),
            ["apis", var group, var version, ..] => (group + "/" + version, 3),
            _ => ("", 0),
        };
        if (at == 0 || parts.Length <= at)
            return null;
        var rest = parts[at..];

        // A namespace is both an object and a place: /namespaces/n and /namespaces/n/status are the object.
        if (rest is ["namespaces", var place, var plural, ..]
            && !(apiVersion == "v1" && plural is "status" or "finalize" && apiVersion == "v1"))
        {
            return catalog.Find(apiVersion + "/" + plural) is { Namespaced: true } inside
                ? Of(inside, place, rest[3..])
                : null;
        }

        return catalog.Find(apiVersion + "/" + rest[0]) is { } type ? Of(type, null, rest[1..]) : null;
    }

    /// <summary>Whether a path that names no resource is at least below a group and version that are served.</summary>
    public static bool IsOfServedVersion(string path, ResourceCatalog catalog)
    {
        var version = path.Trim('/').Split('/') switch
        {
            ["api", var core, _, ..] => core,
            ["apis", var group, var other, _, ..] => group + "/" + other,
            _ => null,
        };
        return version is not null && catalog.All.Any(type => type.ApiVersion == version);
    }

    private static RequestPath Of(ResourceType type, string? place, string[] rest) => new(type, place,
        rest.Length > 0 && rest[0].Length > 0 ? rest[0] : null,
        rest.Length > 1 ? string.Join('/', rest[1..]) : "");
}
