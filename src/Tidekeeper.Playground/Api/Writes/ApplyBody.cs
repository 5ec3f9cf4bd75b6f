using System.Text.Json;
using System.Text.Json.Nodes;
using Tidekeeper.Playground.Api.Ownership;
using Tidekeeper.Playground.Api.Schemas;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Api.Writes;

/// <summary>
/// What a server-side apply refuses before it looks at the object: another version, fields that the kind does not
/// have, values of another type, and two entries with one key.
/// </summary>
internal static class ApplyBody
{
    public static void Check(ApiRequest request, RequestPath path, Schema schema)
    {
        if (JsonSyntax.Problem(request.Body) is not null)
            return;
        if (LenientJson.Parse(request.Body) is not JsonObject body)
        {
            throw ApiFault.BadRequest("error decoding YAML: error unmarshaling JSON: while decoding JSON: json: cannot"
                + " unmarshal array into Go value of type map[string]interface {}");
        }

        var version = body.Text("apiVersion") ?? "";
        if (version != path.Type.ApiVersion)
        {
            throw ApiFault.BadRequest("Incorrect version specified in apply patch. Specified patch version:"
                + $" {version}, expected: {path.Type.ApiVersion}");
        }

        if (Problem(schema, body, "", isRoot: true) is not { } problem)
            return;
        throw ApiFault.Unforeseen($"failed to create typed patch object ({path.Namespace}/{body.Name()};"
            + $" {version}, Kind={body.Text("kind")}): {problem}");
    }

    private static string? Problem(Schema schema, JsonNode? value, string path, bool isRoot = false)
    {
        if (value is null || schema.PreserveUnknownFields)
            return null;
        switch (value)
        {
            case JsonObject fields
                when schema.Properties.Count > 0 || schema.AdditionalProperties is not null || isRoot:
                foreach (var (name, child) in fields)
                {
                    var known = FieldShape.Child(schema, name, isRoot);
                    var isServed = schema.Child(name) is not null || (isRoot && name is "apiVersion" or "kind"
                        or "metadata");
                    if (!isServed)
                        return $"{path}.{name}: field not declared in schema";
                    if (Problem(known, child, $"{path}.{name}") is { } problem)
                        return problem;
                }

                return null;
            case JsonObject or JsonArray when Shape(schema, value) is { } wanted:
                return $"{path}: expected {wanted}, got &{{{StrategicPatch.Go(value)}}}";
            case JsonArray list when schema.Items is { } items:
                return Doubled(schema, list, path) ?? list
                    .Select((item, at) => Problem(items, item, $"{path}[{Element(schema, item, at)}]"))
                    .FirstOrDefault(each => each is not null);
            case JsonValue scalar:
                return Mismatch(schema, scalar, path);
            default:
                return null;
        }
    }

    private static string? Shape(Schema schema, JsonNode value) => (schema.Type, value) switch
    {
        ("object", JsonArray) => "map",
        ("array", JsonObject) => "list",
        _ => null,
    };

    private static string? Doubled(Schema schema, JsonArray list, string path)
    {
        if (FieldShape.IsAtomicList(schema) || schema.ListMapKeys.Count == 0)
            return null;
        var seen = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (at, item) in list.Index())
        {
            var element = Element(schema, item, at);
            if (!seen.Add(element))
                return $"{path}: duplicate entries for key [{element}]";
        }

        return null;
    }

    private static string Element(Schema schema, JsonNode? item, int at)
    {
        if (FieldShape.IsAtomicList(schema) || schema.ListMapKeys.Count == 0)
            return $"{at}";
        return string.Join(',', schema.ListMapKeys.Order(StringComparer.Ordinal).Select(key =>
            $"{key}={item.At(key)?.ToJsonString(RelaxedJson.Options) ?? "\"\""}"));
    }

    private static string? Mismatch(Schema schema, JsonValue value, string path)
    {
        var found = value.GetValueKind();
        if (schema.IntOrString || schema.Format == "quantity")
            return null;
        return (schema.Type, found) switch
        {
            ("integer" or "number", JsonValueKind.Number) => null,
            ("integer" or "number", _) => $"{path}: expected numeric (int or float), got {Kind(found)}",
            ("string", not JsonValueKind.String) => $"{path}: expected string, got {Kind(found)}",
            ("boolean", not (JsonValueKind.True or JsonValueKind.False)) =>
                $"{path}: expected boolean, got {Kind(found)}",
            ("object", _) => $"{path}: expected map, got &{{{value}}}",
            ("array", _) => $"{path}: expected list, got &{{{value}}}",
            _ => null,
        };
    }

    private static string Kind(JsonValueKind found) => found switch
    {
        JsonValueKind.String => "string",
        JsonValueKind.Number => "int",
        _ => "boolean",
    };
}
