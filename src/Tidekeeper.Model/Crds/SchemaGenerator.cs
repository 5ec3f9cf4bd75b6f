using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;

namespace Tidekeeper.Model.Crds;

/// <summary>
/// Makes the structural OpenAPI schema of a C# type, as a CustomResourceDefinition needs it: every node has one type,
/// nothing is referenced, what is free says so.
/// </summary>
internal static class SchemaGenerator
{
    // What Kubernetes accepts as a quantity, in one expression without look-around, as its own CRDs have it.
    public const string QuantityPattern =
        @"^[+-]?([0-9]+|[0-9]+\.[0-9]*|\.[0-9]+)(([KMGTPE]i)|[numkMGTPE]|([eE][+-]?[0-9]+))?$";

    public static JsonObject Generate(JsonTypeInfo type, XmlDocs docs)
    {
        var options = new JsonSchemaExporterOptions
        {
            TreatNullObliviousAsNonNullable = true,
            TransformSchemaNode = (context, node) => Transform(context, node, docs),
        };
        return (JsonObject)type.GetJsonSchemaAsNode(options);
    }

    private static JsonNode Transform(JsonSchemaExporterContext context, JsonNode exported, XmlDocs docs)
    {
        var property = context.PropertyInfo?.AttributeProvider as PropertyInfo;
        var type = context.TypeInfo.Type;
        var description = (property is null ? null : docs.Of(property)) ?? docs.Of(type);
        var schema = new JsonObject();
        if (description is not null) schema["description"] = description;
        var shape = property?.GetCustomAttribute<ShapeAttribute>()?.Shape;
        if (shape is not null) SetShape(schema, shape.Value);
        else if (exported is JsonObject known) CopyShape(schema, known, Nullable.GetUnderlyingType(type) ?? type);
        if (property is not null) SetLimits(schema, property);
        SetRules(schema, type.GetCustomAttributes<RuleAttribute>(inherit: true)
            .Concat(property?.GetCustomAttributes<RuleAttribute>() ?? []));
        return schema;
    }

    private static void SetShape(JsonObject schema, Shape shape)
    {
        switch (shape)
        {
            case Shape.AnyObject:
                schema["type"] = "object";
                schema["x-kubernetes-preserve-unknown-fields"] = true;
                break;
            case Shape.AnyObjects:
                schema["type"] = "array";
                schema["items"] = Any();
                break;
            case Shape.Toml:
                schema["x-kubernetes-preserve-unknown-fields"] = true;
                break;
            case Shape.Quantities:
                schema["type"] = "object";
                schema["additionalProperties"] = new JsonObject
                {
                    ["anyOf"] = new JsonArray(
                        new JsonObject { ["type"] = "integer" }, new JsonObject { ["type"] = "string" }),
                    ["pattern"] = QuantityPattern,
                    ["x-kubernetes-int-or-string"] = true,
                };
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(shape), shape, "has no schema");
        }
    }

    private static JsonObject Any() =>
        new() { ["type"] = "object", ["x-kubernetes-preserve-unknown-fields"] = true };

    // The exporter writes "type": ["string", "null"] for what may be absent; a CRD wants one type.
    private static void CopyShape(JsonObject schema, JsonObject exported, Type type)
    {
        schema["type"] = exported["type"] switch
        {
            JsonArray types => types.First(one => (string?)one != "null")!.DeepClone(),
            JsonValue one => one.DeepClone(),
            _ => throw new NotSupportedException($"{type} has no structural schema; give its property a Shape"),
        };
        if (Format(type) is { } format) schema["format"] = format;
        foreach (var part in (string[])["items", "additionalProperties", "properties"])
        {
            if (exported[part] is { } inner) schema[part] = inner.DeepClone();
        }

        if (schema["properties"] is not JsonObject properties) return;
        schema["properties"] = new JsonObject(properties.OrderBy(one => one.Key, StringComparer.Ordinal)
            .Select(one => KeyValuePair.Create(one.Key, one.Value?.DeepClone())));
        var mandatory = Mandatory(type);
        if (mandatory.Count > 0) schema["required"] = mandatory;
    }

    private static string? Format(Type type) =>
        type == typeof(int) ? "int32"
        : type == typeof(long) ? "int64"
        : type == typeof(DateTimeOffset) ? "date-time"
        : null;

    private static JsonArray Mandatory(Type type)
    {
        var names = TidbClusterJson.Default.GetTypeInfo(type)?.Properties
            .Where(one => (one.AttributeProvider as PropertyInfo)?.IsDefined(typeof(MandatoryAttribute)) == true)
            .Select(one => one.Name)
            .Order(StringComparer.Ordinal) ?? Enumerable.Empty<string>();
        return new JsonArray([.. names.Select(name => (JsonNode)name)]);
    }

    private static void SetLimits(JsonObject schema, PropertyInfo property)
    {
        if (property.GetCustomAttribute<FilledInAttribute>() is { } filledIn)
            schema["default"] = JsonNode.Parse(filledIn.Json);
        if (property.GetCustomAttribute<ValuesAttribute>() is { } values)
            schema["enum"] = new JsonArray([.. values.Values.Select(value => (JsonNode)value)]);
        if (property.GetCustomAttribute<LimitsAttribute>() is { } limits)
        {
            if (limits.Minimum != long.MinValue) schema["minimum"] = limits.Minimum;
            if (limits.Maximum != long.MaxValue) schema["maximum"] = limits.Maximum;
            if (limits.MinLength >= 0) schema["minLength"] = limits.MinLength;
            if (limits.MaxLength >= 0) schema["maxLength"] = limits.MaxLength;
            if (limits.MinItems >= 0) schema["minItems"] = limits.MinItems;
            if (limits.MaxItems >= 0) schema["maxItems"] = limits.MaxItems;
            if (limits.Pattern is { } pattern) schema["pattern"] = pattern;
        }

        if (property.GetCustomAttribute<ListMapAttribute>() is not { } map) return;
        schema["x-kubernetes-list-type"] = "map";
        schema["x-kubernetes-list-map-keys"] = new JsonArray([.. map.Keys.Select(key => (JsonNode)key)]);
    }

    private static void SetRules(JsonObject schema, IEnumerable<RuleAttribute> rules)
    {
        var written = new JsonArray();
        foreach (var rule in rules)
        {
            var one = new JsonObject { ["rule"] = rule.Expression, ["message"] = rule.Message };
            if (rule.FieldPath is { } path) one["fieldPath"] = path;
            written.Add(one);
        }

        if (written.Count > 0) schema["x-kubernetes-validations"] = written;
    }
}
