using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tidekeeper.Playground.Api.Schemas;

namespace Tidekeeper.Playground.Api.OpenApi;

/// <summary>
/// The OpenAPI v2 document in the only form that older kubectls accept: the protocol buffers of gnostic's OpenAPIv2.
/// The numbers are field numbers of its messages.
/// </summary>
internal static class OpenApiProtobuf
{
    public static byte[] Write(JsonObject document)
    {
        using var output = new MemoryStream();
        Text(output, 1, document["swagger"]);
        Message(output, 2, info =>
        {
            Text(info, 1, document["info"]?["title"]);
            Text(info, 2, document["info"]?["version"]);
        });
        Message(output, 8, paths =>
        {
            foreach (var (path, item) in (JsonObject)document["paths"]!)
                Named(paths, 2, path, value => PathItem(value, (JsonObject)item!));
        });
        Message(output, 9, definitions =>
        {
            foreach (var (name, schema) in (JsonObject)document["definitions"]!)
                Named(definitions, 1, name, value => Schema(value, (JsonObject)schema!));
        });
        return output.ToArray();
    }

    private static void PathItem(Stream output, JsonObject item)
    {
        foreach (var (verb, operation) in item)
        {
            var field = verb switch { "get" => 2, "put" => 3, "post" => 4, "delete" => 5, _ => 8 };
            Message(output, field, value => Operation(value, (JsonObject)operation!));
        }
    }

    private static void Operation(Stream output, JsonObject operation)
    {
        Text(output, 5, operation["operationId"]);
        foreach (var type in operation["consumes"] as JsonArray ?? [])
            Text(output, 7, type);
        foreach (var parameter in operation["parameters"] as JsonArray ?? [])
        {
            // ParametersItem → Parameter → NonBodyParameter → QueryParameterSubSchema
            Message(output, 8, item => Message(item, 1, any => Message(any, 2, other => Message(other, 3, query =>
            {
                Text(query, 2, parameter!["in"]);
                Text(query, 4, parameter["name"]);
                Text(query, 6, parameter["type"]);
            }))));
        }

        Message(output, 9, responses => Named(responses, 1, "200", value =>
            Message(value, 1, response => Text(response, 1, "OK"))));
        Extensions(output, 13, operation);
    }

    private static void Schema(Stream output, JsonObject schema)
    {
        Text(output, 1, schema["$ref"]);
        Text(output, 2, schema["format"]);
        Text(output, 3, schema["title"]);
        Text(output, 4, schema["description"]);
        if (schema["default"] is { } given)
            Message(output, 5, any => Text(any, 2, given.ToJsonString(RelaxedJson.Options)));
        Number(output, 7, schema["maximum"]);
        Number(output, 9, schema["minimum"]);
        Text(output, 13, schema["pattern"]);
        foreach (var required in schema["required"] as JsonArray ?? [])
            Text(output, 19, required);
        if (schema["additionalProperties"] is JsonObject values)
            Message(output, 21, item => Message(item, 1, value => Schema(value, values)));
        if (schema["type"] is { } type)
            Message(output, 22, item => Text(item, 1, type));
        if (schema["items"] is JsonObject items)
            Message(output, 23, item => Message(item, 1, value => Schema(value, items)));
        if (schema["properties"] is JsonObject { Count: > 0 } properties)
        {
            Message(output, 25, all =>
            {
                foreach (var (name, property) in properties)
                    Named(all, 1, name, value => Schema(value, (JsonObject)property!));
            });
        }

        Extensions(output, 31, schema);
    }

    /// <summary>Extensions are kept as YAML, of which JSON is a part.</summary>
    private static void Extensions(Stream output, int field, JsonObject source)
    {
        foreach (var (name, value) in source)
        {
            if (name.StartsWith("x-", StringComparison.Ordinal) && value is not null)
                Named(output, field, name, any => Text(any, 2, value.ToJsonString(RelaxedJson.Options)));
        }
    }

    private static void Named(Stream output, int field, string name, Action<Stream> value) =>
        Message(output, field, entry =>
        {
            Text(entry, 1, name);
            Message(entry, 2, value);
        });

    private static void Message(Stream output, int field, Action<Stream> write)
    {
        using var inner = new MemoryStream();
        write(inner);
        Bytes(output, field, inner.ToArray());
    }

    private static void Text(Stream output, int field, JsonNode? value)
    {
        if (value is JsonValue text && text.GetValueKind() == JsonValueKind.String)
            Bytes(output, field, Encoding.UTF8.GetBytes(text.GetValue<string>()));
    }

    private static void Number(Stream output, int field, JsonNode? value)
    {
        if (value is not JsonValue number
            || !double.TryParse(number.ToJsonString(), CultureInfo.InvariantCulture, out var real))
            return;
        Varint(output, (ulong)((field << 3) | 1));
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteDoubleLittleEndian(bytes, real);
        output.Write(bytes);
    }

    private static void Bytes(Stream output, int field, byte[] bytes)
    {
        Varint(output, (ulong)((field << 3) | 2));
        Varint(output, (ulong)bytes.Length);
        output.Write(bytes);
    }

    private static void Varint(Stream output, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            output.WriteByte((byte)(value | 0x80));
        output.WriteByte((byte)value);
    }
}
