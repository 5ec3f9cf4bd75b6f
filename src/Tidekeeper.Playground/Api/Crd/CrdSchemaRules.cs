using System.Text.Json.Nodes;
using Tidekeeper.Playground.Api.Crd.Cel;
using Tidekeeper.Playground.Api.Schemas;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Api.Crd;

/// <summary>
/// What makes a schema structural: every level has a type, no references, and only value checks inside alternatives;
/// defaults fit, patterns and rules can be read.
/// </summary>
internal sealed class CrdSchemaRules(FieldErrors errors)
{
    private static readonly string[] Types = ["array", "boolean", "integer", "number", "object", "string"];

    public void Check(JsonObject root, string path)
    {
        if (root.Text("type") is { Length: > 0 } type && type != "object")
            errors.Invalid(path + ".type", type, "must be object at the root");
        Structural(root, path, true);
    }

    private void Structural(JsonObject schema, string path, bool isRoot)
    {
        var type = schema.Text("type") ?? "";
        var free = schema.Flag("x-kubernetes-int-or-string") == true
            || schema.Flag("x-kubernetes-preserve-unknown-fields") == true;
        if (type.Length == 0 && isRoot)
            errors.Required(path + ".type", "must not be empty at the root");
        else if (type.Length == 0 && !free)
            errors.Required(path + ".type", "must not be empty for specified object fields");
        else if (type.Length > 0 && !Types.Contains(type))
            errors.Unsupported(path + ".type", type, Types);
        if (schema.ContainsKey("$ref"))
            errors.Forbidden(path + ".$ref", "$ref is not supported");
        foreach (var field in new[] { "definitions", "dependencies", "deprecated", "discriminator", "id",
            "patternProperties",
            "readOnly", "writeOnly", "xml" })
        {
            if (schema.ContainsKey(field))
                errors.Forbidden(path + "." + field, field + " is not supported");
        }

        if (schema.Flag("uniqueItems") == true)
            errors.Forbidden(path + ".uniqueItems",
                "uniqueItems cannot be set to true since the runtime complexity becomes quadratic");
        if (schema["properties"] is JsonObject && schema["additionalProperties"] is JsonObject)
            errors.Forbidden(path + ".additionalProperties",
                "additionalProperties and properties are mutual exclusive");
        if (type == "array" && schema["items"] is not JsonObject)
            errors.Required(path + ".items", "must be specified");
        if (schema.Text("pattern") is { Length: > 0 } pattern && !Re2.IsValid(pattern))
            errors.Invalid(path + ".pattern", pattern, "must be a valid regular expression, but isn't");
        Lists(schema, type, path);
        Default(schema, path);
        Rules(schema, path);
        Children(schema, path);
    }

    private void Children(JsonObject schema, string path)
    {
        foreach (var (name, child) in schema["properties"] as JsonObject ?? [])
        {
            if (child is JsonObject field)
                Structural(field, $"{path}.properties[{name}]", false);
        }

        if (schema["additionalProperties"] is JsonObject values)
            Structural(values, path + ".additionalProperties", false);
        if (schema["items"] is JsonObject items)
            Structural(items, path + ".items", false);
        foreach (var group in new[] { "allOf", "anyOf", "oneOf" })
        {
            foreach (var (part, i) in schema.ObjectsAt(group).Select((p, i) => (p, i)))
                Alternative(part, $"{path}.{group}[{i}]", schema.Flag("x-kubernetes-int-or-string") == true);
        }

        if (schema["not"] is JsonObject not)
            Alternative(not, path + ".not", false);
    }

    // Inside allOf, anyOf, oneOf and not stand checks only; what a field is has been said outside.
    private void Alternative(JsonObject schema, string path, bool intOrString)
    {
        foreach (var field in new[] { "additionalProperties", "default", "description", "nullable", "title", "type" })
        {
            if (!schema.ContainsKey(field) || (field == "type" && intOrString))
                continue;
            errors.Forbidden(path + "." + field, $"must be empty to be structural");
        }

        foreach (var (name, child) in schema["properties"] as JsonObject ?? [])
        {
            if (child is JsonObject field)
                Alternative(field, $"{path}.properties[{name}]", false);
        }
    }

    private void Lists(JsonObject schema, string type, string path)
    {
        var listType = schema.Text("x-kubernetes-list-type");
        if (listType is not null and not ("atomic" or "set" or "map"))
            errors.Unsupported(path + ".x-kubernetes-list-type", listType, "atomic", "map", "set");
        if (listType is not null && type != "array")
            errors.Invalid(path + ".type", type, "must be array if x-kubernetes-list-type is specified");
        var keys = schema.TextsAt("x-kubernetes-list-map-keys").ToList();
        if (listType == "map" && keys.Count == 0)
            errors.Required(path + ".x-kubernetes-list-map-keys", "must not be empty if x-kubernetes-list-type is map");
        if (listType != "map" && keys.Count > 0)
            errors.Forbidden(path + ".x-kubernetes-list-map-keys",
                "must be empty if x-kubernetes-list-type is not map");
        foreach (var key in keys)
        {
            var known = schema.ObjectAt("items", "properties")?[key] as JsonObject;
            if (known is null)
            {
                errors.Invalid(path + ".x-kubernetes-list-map-keys", new JsonArray([.. keys.Select(k => (JsonNode?)k)]),
                    "entries must all be names of item properties");
            }
            else if (!known.ContainsKey("default") && !schema.TextsAt("items", "required").Contains(key))
            {
                errors.Required($"{path}.items.properties[{key}].default",
                    "this property is in x-kubernetes-list-map-keys, so it must have a default or be a required "
                        + "property");
            }
        }
    }

    private void Default(JsonObject schema, string path)
    {
        if (!schema.TryGetPropertyValue("default", out var value))
            return;
        var read = Schema.Read(schema);
        if (value is null && !read.Nullable)
            errors.Invalid(path + ".default", null, "must not be null");
        foreach (var error in SchemaValidation.Validate(read, value, path + ".default"))
            errors.Add(error);
    }

    private void Rules(JsonObject schema, string path)
    {
        foreach (var (rule, i) in schema.ObjectsAt("x-kubernetes-validations").Select((r, i) => (r, i)))
        {
            var at = $"{path}.x-kubernetes-validations[{i}]";
            if (rule.Text("rule") is not { } text || text.Trim().Length == 0)
                errors.Required(at + ".rule", "rule is not specified");
            else
                Expression(text, at + ".rule");
            if (rule.Text("messageExpression") is { Length: > 0 } message)
                Expression(message, at + ".messageExpression");
        }
    }

    private void Expression(string text, string path)
    {
        try
        {
            CelProgram.Parse(text);
        }
        catch (CelFault fault)
        {
            var at = Math.Clamp(fault.Position, 0, text.Length);
            var line = text[..at].Count(c => c == '\n') + 1;
            var column = at - (text[..at].LastIndexOf('\n') + 1) + 1;
            errors.Invalid(path, text, $"compilation failed: ERROR: <input>:{line}:{column}: {fault.Message}\n | " +
                $"{text.Split('\n')[line - 1]}\n | {new string('.', column - 1)}^");
        }
    }
}
