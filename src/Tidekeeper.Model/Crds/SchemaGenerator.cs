using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Tidekeeper.Model.Crds;

/// <summary>
/// Makes the structural OpenAPI schema of a C# type, as a CustomResourceDefinition needs it: every node has one type,
/// nothing is referenced, what is free says so.
/// </summary>
/// <remarks>
/// It walks the contract that the serializer itself uses, so that schema and JSON cannot disagree. The framework's
/// JsonSchemaExporter walks the same contract, but refers to a type that it has seen before by <c>$ref</c>, which a
/// structural schema may not have.
/// </remarks>
internal static class SchemaGenerator
{
    public static JsonObject Generate(JsonTypeInfo type, XmlDocs docs) => OfType(type, property: null, docs);

    private static JsonObject OfType(JsonTypeInfo type, PropertyInfo? property, XmlDocs docs)
    {
        var schema = new JsonObject();
        var description = property is null ? docs.Of(type.Type) : docs.Of(property) ?? docs.Of(type.Type);
        if (description is not null) schema["description"] = description;
        if (property?.GetCustomAttribute<ShapeAttribute>() is { } free) SetFree(schema, free.Shape);
        else SetShape(schema, type, docs);
        if (property is not null) SetLimits(schema, property);
        SetRules(schema, type.Type.GetCustomAttributes<RuleAttribute>(inherit: true)
            .Concat(property?.GetCustomAttributes<RuleAttribute>() ?? []));
        return schema;
    }

    private static void SetFree(JsonObject schema, Shape shape)
    {
        switch (shape)
        {
            case Shape.AnyObject:
                schema["type"] = "object";
                schema["x-kubernetes-preserve-unknown-fields"] = true;
                break;
            case Shape.AnyObjects:
                schema["type"] = "array";
                schema["items"] = new JsonObject
                {
                    ["type"] = "object",
                    ["x-kubernetes-preserve-unknown-fields"] = true,
                };
                break;
            case Shape.Toml:
                schema["x-kubernetes-preserve-unknown-fields"] = true;
                break;
            default:
                schema["type"] = "object";
                schema["additionalProperties"] = new JsonObject
                {
                    ["anyOf"] = new JsonArray(
                        new JsonObject { ["type"] = "integer" }, new JsonObject { ["type"] = "string" }),
                    ["pattern"] = CelRules.QuantityPattern,
                    ["x-kubernetes-int-or-string"] = true,
                };
                break;
        }
    }

    private static void SetShape(JsonObject schema, JsonTypeInfo type, XmlDocs docs)
    {
        switch (type.Kind)
        {
            case JsonTypeInfoKind.Object:
                schema["type"] = "object";
                SetProperties(schema, type, docs);
                break;
            case JsonTypeInfoKind.Enumerable:
                schema["type"] = "array";
                schema["items"] = OfType(Contract(type.ElementType!), property: null, docs);
                break;
            case JsonTypeInfoKind.Dictionary:
                schema["type"] = "object";
                schema["additionalProperties"] = OfType(Contract(type.ElementType!), property: null, docs);
                break;
            default:
                SetScalar(schema, Nullable.GetUnderlyingType(type.Type) ?? type.Type);
                break;
        }
    }

    private static void SetProperties(JsonObject schema, JsonTypeInfo type, XmlDocs docs)
    {
        var properties = new JsonObject();
        var mandatory = new JsonArray();
        foreach (var one in type.Properties.OrderBy(one => one.Name, StringComparer.Ordinal))
        {
            // What is not serialised has a contract without a getter.
            if (one.Get is null) continue;
            var property = (PropertyInfo)one.AttributeProvider!;
            properties[one.Name] = OfType(Contract(one.PropertyType), property, docs);
            if (property.IsDefined(typeof(MandatoryAttribute))) mandatory.Add((JsonNode)one.Name);
        }

        schema["properties"] = properties;
        if (mandatory.Count > 0) schema["required"] = mandatory;
    }

    private static void SetScalar(JsonObject schema, Type type)
    {
        (string name, string? format) = type switch
        {
            _ when type == typeof(string) => ("string", null),
            _ when type == typeof(bool) => ("boolean", null),
            _ when type == typeof(int) => ("integer", "int32"),
            _ when type == typeof(long) => ("integer", "int64"),
            _ when type == typeof(DateTimeOffset) => ("string", "date-time"),
            _ => throw new NotSupportedException($"{type} has no structural schema; give its property a Shape"),
        };
        schema["type"] = name;
        if (format is not null) schema["format"] = format;
    }

    private static JsonTypeInfo Contract(Type type) =>
        TidbClusterJson.Default.GetTypeInfo(type)
        ?? throw new NotSupportedException($"{type} is no part of {nameof(TidbClusterJson)}");

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
            if (rule.Says is { } expression) one["messageExpression"] = expression;
            if (rule.FieldPath is { } path) one["fieldPath"] = path;
            if (rule.Reason is { } reason) one["reason"] = reason;
            written.Add((JsonNode)one);
        }

        if (written.Count > 0) schema["x-kubernetes-validations"] = written;
    }
}
