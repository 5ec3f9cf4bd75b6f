using System.Text.Json.Nodes;
using Tidekeeper.Playground.Api.Discovery;
using Tidekeeper.Playground.Api.Schemas;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Api.OpenApi;

/// <summary>Writes schemas and the few facts about paths that clients look up.</summary>
internal static class OpenApiDocument
{
    private const string Version3Prefix = "#/components/schemas/";
    private const string Version2Prefix = "#/definitions/";
    private const string Meta = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";

    public static JsonObject Version3(ResourceCatalog catalog, string apiVersion)
    {
        var types = catalog.All.Where(t => t.ApiVersion == apiVersion).ToList();
        return new JsonObject
        {
            ["openapi"] = "3.0.0",
            ["info"] = Info(),
            ["paths"] = Paths(types, true),
            ["components"] = new JsonObject { ["schemas"] = Definitions(types, Version3Prefix) },
        };
    }

    public static JsonObject Version2(ResourceCatalog catalog)
    {
        var types = catalog.All.ToList();
        return new JsonObject
        {
            ["swagger"] = "2.0",
            ["info"] = Info(),
            ["paths"] = Paths(types, false),
            ["definitions"] = Definitions(types, Version2Prefix),
        };
    }

    private static JsonObject Info() => new() { ["title"] = "Kubernetes", ["version"] = ServerPages.Release };

    private static JsonObject Paths(List<ResourceType> types, bool isVersion3)
    {
        var paths = new JsonObject();
        foreach (var type in types)
        {
            var root = (type.Group.Length == 0 ? "/api/" : "/apis/") + type.ApiVersion;
            var list = type.Namespaced ? $"{root}/namespaces/{{namespace}}/{type.Plural}" : $"{root}/{type.Plural}";
            paths[list] = new JsonObject
            {
                ["get"] = Operation(type, "list", isVersion3),
                ["post"] = Operation(type, "post", isVersion3),
            };
            paths[list + "/{name}"] = new JsonObject
            {
                ["get"] = Operation(type, "get", isVersion3),
                ["put"] = Operation(type, "put", isVersion3),
                ["patch"] = Operation(type, "patch", isVersion3),
                ["delete"] = Operation(type, "delete", isVersion3),
            };
        }

        return paths;
    }

    private static JsonObject Operation(ResourceType type, string action, bool isVersion3)
    {
        var operation = new JsonObject
        {
            ["operationId"] = action + type.Group.Replace(".", "", StringComparison.Ordinal) + type.Version + type.Kind,
            ["responses"] = new JsonObject { ["200"] = new JsonObject { ["description"] = "OK" } },
            ["x-kubernetes-action"] = action,
            ["x-kubernetes-group-version-kind"] = Identity(type),
        };
        if (action is "post" or "put" or "patch")
        {
            operation["parameters"] = new JsonArray(
                Parameter("dryRun", isVersion3), Parameter("fieldManager", isVersion3),
                    Parameter("fieldValidation", isVersion3));
        }

        if (action == "patch" && isVersion3)
        {
            var content = new JsonObject();
            foreach (var patch in Patches(type))
                content[patch] = new JsonObject { ["schema"] = new JsonObject { ["type"] = "object" } };
            operation["requestBody"] = new JsonObject { ["content"] = content };
        }
        else if (action == "patch")
            operation["consumes"] = new JsonArray([.. Patches(type).Select(p => (JsonNode?)p)]);
        return operation;
    }

    private static string[] Patches(ResourceType type) => type.IsCustom
        ? ["application/json-patch+json", "application/merge-patch+json", "application/apply-patch+yaml"]
        : ["application/json-patch+json", "application/merge-patch+json", "application/strategic-merge-patch+json",
            "application/apply-patch+yaml"];

    private static JsonObject Parameter(string name, bool isVersion3)
    {
        var parameter = new JsonObject { ["name"] = name, ["in"] = "query" };
        if (isVersion3)
            parameter["schema"] = new JsonObject { ["type"] = "string", ["uniqueItems"] = true };
        else
        {
            parameter["type"] = "string";
            parameter["uniqueItems"] = true;
        }

        return parameter;
    }

    private static JsonObject Definitions(List<ResourceType> types, string prefix)
    {
        var made = new SortedDictionary<string, JsonObject>(StringComparer.Ordinal);
        foreach (var type in types)
        {
            if (type.IsCustom)
                AddCustom(type, prefix, made);
            else if (BuiltinSchemas.Find(type.Group, type.Version, type.Kind) is { Definition: { } name })
                AddBuiltin(name, prefix, made);
        }

        return new JsonObject(made.Select(m => KeyValuePair.Create(m.Key, (JsonNode?)m.Value)));
    }

    private static void AddBuiltin(string name, string prefix, SortedDictionary<string, JsonObject> made)
    {
        if (made.ContainsKey(name) || BuiltinSchemas.Definition(name) is not { } schema)
            return;
        var copy = (JsonObject)schema.Source.DeepClone();
        made[name] = copy;
        Refer(copy, prefix, made);
    }

    /// <summary>Rewrites references for the document's form, and brings along what they name.</summary>
    private static void Refer(JsonNode? node, string prefix, SortedDictionary<string, JsonObject> made)
    {
        if (node is JsonArray list)
        {
            foreach (var item in list)
                Refer(item, prefix, made);
        }

        if (node is not JsonObject o)
            return;
        if (o.Text("$ref") is { } reference)
        {
            var name = reference[(reference.LastIndexOf('/') + 1)..];
            AddBuiltin(name, prefix, made);
            if (o.Count > 1 && prefix == Version3Prefix)
            {
                // In OpenAPI v3 nothing may stand beside a reference.
                o.Remove("$ref");
                o["allOf"] = new JsonArray(new JsonObject { ["$ref"] = prefix + name });
            }
            else
                o["$ref"] = prefix + name;
            return;
        }

        foreach (var (_, child) in o)
            Refer(child, prefix, made);
    }

    private static void AddCustom(ResourceType type, string prefix, SortedDictionary<string, JsonObject> made)
    {
        var version = type.Definition.ObjectsAt("spec", "versions").First(v => v.Text("name") == type.Version);
        var schema = version.ObjectAt("schema", "openAPIV3Schema")?.Copy() ?? new JsonObject { ["type"] = "object" };
        if (prefix == Version2Prefix)
            Simplify(schema);
        var properties = schema.Section("properties");
        properties["apiVersion"] = new JsonObject { ["type"] = "string" };
        properties["kind"] = new JsonObject { ["type"] = "string" };
        properties["metadata"] = new JsonObject { ["$ref"] = prefix + Meta };
        AddBuiltin(Meta, prefix, made);
        schema["x-kubernetes-group-version-kind"] = new JsonArray(Identity(type));
        var reversed = string.Join('.', type.Group.Split('.').Reverse());
        made[$"{reversed}.{type.Version}.{type.Kind}"] = schema;
    }

    // OpenAPI v2 knows no alternatives and no nulls; a client that validates by it must not refuse more than the
    // server.
    private static void Simplify(JsonNode? node)
    {
        if (node is not JsonObject schema)
            return;
        foreach (var field in new[] { "allOf", "anyOf", "oneOf", "not", "nullable" })
            schema.Remove(field);
        if (schema.Flag("x-kubernetes-preserve-unknown-fields") == true)
        {
            schema.Remove("properties");
            schema.Remove("items");
            schema.Remove("type");
        }

        foreach (var (_, child) in schema["properties"] as JsonObject ?? [])
            Simplify(child);
        Simplify(schema["items"]);
        Simplify(schema["additionalProperties"]);
    }

    private static JsonObject Identity(ResourceType type) => new()
    {
        ["group"] = type.Group,
        ["kind"] = type.Kind,
        ["version"] = type.Version,
    };
}
