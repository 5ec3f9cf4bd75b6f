namespace Tidekeeper.Kube;

/// <summary>What a request needs to be allowed, in the words of RBAC.</summary>
/// <param name="Group">Empty for the core group.</param>
/// <param name="Resource">With its subresource: <c>tidbclusters/status</c>.</param>
/// <param name="Namespace">Empty for all namespaces, and for what has none.</param>
/// <param name="Name">Empty for a whole collection.</param>
public sealed record Demand(string Verb, string Group, string Resource, string Namespace, string Name)
{
    /// <summary>Null for what is no object: every account may ask which APIs there are.</summary>
    public static Demand? Of(KubeRequest request)
    {
        var parts = request.Path.Trim('/').Split('/');
        var group = parts[0] == "apis" && parts.Length > 1 ? parts[1] : "";
        string[] rest = [.. parts.Skip(parts[0] == "apis" ? 3 : 2)];
        if (parts[0] is not ("api" or "apis") || rest.Length == 0)
            return null;
        var ns = "";
        if (rest is ["namespaces", var inside, _, ..])
        {
            ns = inside;
            rest = rest[2..];
        }

        var name = rest.Length > 1 ? rest[1] : "";
        var resource = rest.Length > 2 ? $"{rest[0]}/{rest[2]}" : rest[0];
        return new(VerbOf(request, name), group, resource, ns, name);
    }

    private static string VerbOf(KubeRequest request, string name) => request.Method switch
    {
        "GET" when request.Query.Any(one => one is { Name: "watch", Value: "true" }) => "watch",
        "GET" => name.Length == 0 ? "list" : "get",
        "POST" => "create",
        "PUT" => "update",
        "DELETE" => name.Length == 0 ? "deletecollection" : "delete",
        _ => "patch",
    };
}
