using System.Text.Json.Nodes;

namespace Tidekeeper.UnitTests.Deploy;

/// <summary>
/// A structural schema of a CustomResourceDefinition as a JSON schema for helm. Where the API server prunes what it
/// does
/// not know, this one refuses it: a typo in values is found before anything is sent.
/// </summary>
internal static class ValuesSchema
{
    private static readonly string[] Kept =
    [
        "description", "type", "enum", "pattern", "minimum", "maximum", "minLength", "maxLength", "minItems",
        "maxItems", "minProperties", "maxProperties", "required", "uniqueItems",
    ];

    public static JsonObject Of(JsonObject schema)
    {
        var result = new JsonObject();
        foreach (var word in Kept)
            if (schema[word] is { } value)
                result[word] = value.DeepClone();
        if (Flag(schema, "x-kubernetes-int-or-string"))
            result["type"] = new JsonArray("integer", "string");
        // Helm takes null for "leave out what the chart says", and hands on what has no such default.
        if (Flag(schema, "nullable"))
            result["type"] = new JsonArray((string)result["type"]!, "null");
        if (schema["properties"] is JsonObject properties)
        {
            result["properties"] = new JsonObject(properties.Select(property =>
                KeyValuePair.Create(property.Key, (JsonNode?)Of(property.Value!.AsObject()))));
            if (!Flag(schema, "x-kubernetes-preserve-unknown-fields"))
                result["additionalProperties"] = false;
        }

        if (schema["additionalProperties"] is JsonObject values)
            result["additionalProperties"] = Of(values);
        if (schema["items"] is JsonObject items)
            result["items"] = Of(items);
        return result;
    }

    private static bool Flag(JsonObject schema, string name) => (bool?)schema[name] == true;
}
