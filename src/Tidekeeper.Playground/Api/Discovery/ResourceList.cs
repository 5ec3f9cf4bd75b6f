using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Tidekeeper.Playground.Api.Discovery;

/// <summary>A resource and its subresources as entries of discovery documents.</summary>
internal static class ResourceList
{
    private static readonly string[] CustomVerbs =
        ["delete", "deletecollection", "get", "list", "patch", "create", "update", "watch"];
    private static readonly string[] Changing = ["get", "patch", "update"];
    private static readonly string[] Connecting = ["create", "delete", "get", "patch", "update"];

    public static IEnumerable<JsonNode> Entries(ResourceType type)
    {
        var main = new JsonObject
        {
            ["name"] = type.Plural,
            ["singularName"] = type.Singular,
            ["namespaced"] = type.Namespaced,
            ["kind"] = type.Kind,
            ["verbs"] = Texts(type.IsCustom ? CustomVerbs : type.Verbs),
        };
        AddNames(main, type);
        if (type.Verbs.Contains("watch"))
            main["storageVersionHash"] = Hash(type);
        yield return main;
        foreach (var name in type.Subresources)
        {
            var (group, version, kind, verbs) = Describe(type, name);
            var entry = new JsonObject
            {
                ["name"] = $"{type.Plural}/{name}",
                ["singularName"] = "",
                ["namespaced"] = type.Namespaced,
            };
            if (version.Length > 0)
            {
                entry["group"] = group;
                entry["version"] = version;
            }

            entry["kind"] = kind;
            entry["verbs"] = Texts(verbs);
            yield return entry;
        }
    }

    public static JsonNode Aggregated(ResourceType type)
    {
        // Builtin kinds leave their own group and version empty; custom ones name them.
        JsonObject Kind(string group, string version, string kind) => new()
        {
            ["group"] = version.Length > 0 ? group : type.IsCustom ? type.Group : "",
            ["version"] = version.Length > 0 ? version : type.IsCustom ? type.Version : "",
            ["kind"] = kind,
        };
        var entry = new JsonObject
        {
            ["resource"] = type.Plural,
            ["responseKind"] = Kind("", "", type.Kind),
            ["scope"] = type.Namespaced ? "Namespaced" : "Cluster",
            ["singularResource"] = type.Singular,
            ["verbs"] = Texts(type.IsCustom ? CustomVerbs : type.Verbs),
        };
        AddNames(entry, type);
        if (type.Subresources.Count > 0)
        {
            entry["subresources"] = new JsonArray([.. type.Subresources.Select(name =>
            {
                var (group, version, kind, verbs) = Describe(type, name);
                return new JsonObject
                {
                    ["subresource"] = name, ["responseKind"] = Kind(group, version, kind), ["verbs"] = Texts(verbs),
                };
            })]);
        }

        return entry;
    }

    private static (string Group, string Version, string Kind, IReadOnlyList<string> Verbs) Describe(
        ResourceType type, string name) => name switch
        {
            "scale" => ("autoscaling", "v1", "Scale", Changing),
            "eviction" => ("policy", "v1", "Eviction", ["create"]),
            "token" => ("authentication.k8s.io", "v1", "TokenRequest", ["create"]),
            "binding" => ("", "", "Binding", ["create"]),
            "finalize" => ("", "", type.Kind, ["update"]),
            "log" => ("", "", type.Kind, ["get"]),
            "attach" => ("", "", "PodAttachOptions", ["create", "get"]),
            "exec" => ("", "", "PodExecOptions", ["create", "get"]),
            "portforward" => ("", "", "PodPortForwardOptions", ["create", "get"]),
            "proxy" => ("", "", type.Kind + "ProxyOptions", Connecting),
            _ => ("", "", type.Kind, Changing),
        };

    private static void AddNames(JsonObject entry, ResourceType type)
    {
        if (type.ShortNames.Count > 0)
            entry["shortNames"] = Texts(type.ShortNames);
        if (type.Categories.Count > 0)
            entry["categories"] = Texts(type.Categories);
    }

    private static string Hash(ResourceType type) => Convert.ToBase64String(
        SHA256.HashData(Encoding.UTF8.GetBytes($"{type.Group}/{type.Version}/{type.Kind}"))[..8]);

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(t => (JsonNode?)t)]);
}
