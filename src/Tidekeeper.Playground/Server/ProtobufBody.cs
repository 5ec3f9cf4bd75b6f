using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Tidekeeper.Playground.Api;
using Tidekeeper.Playground.Api.Schemas;

namespace Tidekeeper.Playground.Server;

/// <summary>
/// Turns protocol buffers into JSON: <c>kubectl create namespace</c> and its like send builtin kinds in this form and
/// do
/// not fall back. Types come from the schemas, field numbers from <see cref="ProtobufFields"/>. Answers are always
/// JSON.
/// </summary>
internal static class ProtobufBody
{
    private static readonly byte[] Magic = [(byte)'k', (byte)'8', (byte)'s', 0];

    public static bool IsMeant(string contentType) =>
        contentType.StartsWith("application/vnd.kubernetes.protobuf", StringComparison.Ordinal);

    /// <exception cref="FormatException">The bytes are no object, or one of a kind that is not known.</exception>
    public static byte[] ToJson(byte[] body)
    {
        if (!body.AsSpan().StartsWith(Magic))
            throw new FormatException("the body does not begin as a Kubernetes protocol buffer does");
        string apiVersion = "", kind = "";
        byte[] raw = [];
        foreach (var field in ProtobufReader.Read(body.AsMemory(Magic.Length)))
        {
            if (field.Number == 2)
                raw = field.Bytes.ToArray();
            foreach (var type in field.Number == 1 ? ProtobufReader.Read(field.Bytes) : [])
            {
                if (type.Number == 1)
                    apiVersion = type.Text;
                else if (type.Number == 2)
                    kind = type.Text;
            }
        }

        var result = new JsonObject { ["apiVersion"] = apiVersion, ["kind"] = kind };
        var slash = apiVersion.IndexOf('/', StringComparison.Ordinal);
        var schema = BuiltinSchemas.Find(slash < 0 ? "" : apiVersion[..slash], apiVersion[(slash + 1)..], kind);

        // Reviews are answered whatever they ask; of any other kind without a schema nothing could be kept.
        if (schema is null && !kind.EndsWith("Review", StringComparison.Ordinal))
            throw new FormatException($"{kind} in {apiVersion} is not known in this form; send it as application/json");
        if (schema is not null)
            Fill(result, schema, schema.Definition!, raw);
        return JsonText.Bytes(result);
    }

    private static void Fill(JsonObject target, Schema schema, string definition, ReadOnlyMemory<byte> bytes)
    {
        foreach (var field in ProtobufReader.Read(bytes))
        {
            if (ProtobufFields.Find(definition, field.Number) is not { } known)
                continue;
            if (known.IsInline)
                Fill(target, schema, known.Name, field.Bytes);
            else if (schema.Property(known.Name) is { } property)
                Add(target, known, property, field);
        }
    }

    private static void Add(JsonObject target, ProtobufField known, Schema schema, ProtobufValue field)
    {
        if (schema.Items is { } items && schema.Type == "array")
        {
            var list = target[known.Name] as JsonArray ?? [];
            target[known.Name] = list;
            list.Add(Value(items, field));
            return;
        }

        if (schema.AdditionalProperties is { } values)
        {
            var map = target[known.Name] as JsonObject ?? [];
            target[known.Name] = map;
            var entry = ProtobufReader.Read(field.Bytes).ToArray();
            map[entry.FirstOrDefault(e => e.Number == 1)?.Text ?? ""] =
                entry.FirstOrDefault(e => e.Number == 2) is { } value ? Value(values, value) : "";
            return;
        }

        // Fields that are no pointers in Go are always sent; their zero means that nothing was said.
        var read = Value(schema, field);
        var isZero = read is null || (read is JsonValue v && v.ToJsonString() is "\"\"" or "0" or "false");
        if (read is not null && (known.IsPointer || !isZero))
            target[known.Name] = read;
    }

    private static JsonNode? Value(Schema schema, ProtobufValue field)
    {
        if (schema.IntOrString)
            return IntOrString(field);
        if (schema.Format == "quantity")
            return ProtobufReader.Read(field.Bytes).FirstOrDefault(f => f.Number == 1)?.Text ?? "0";
        if (schema.PreserveUnknownFields)
        {
            return ProtobufReader.Read(field.Bytes).FirstOrDefault(f => f.Number == 1) is { Bytes.Length: > 0 } raw
                ? JsonNode.Parse(raw.Bytes.Span) : null;
        }

        switch (schema.Type)
        {
            case "integer":
                return JsonValue.Create(schema.Format == "int32" ? (int)field.Whole : (long)field.Whole);
            case "boolean":
                return JsonValue.Create(field.Whole != 0);
            case "string" when schema.Format == "date-time":
                return Moment(field, schema.Definition?.EndsWith("MicroTime", StringComparison.Ordinal) == true);
            case "string":
                return JsonValue.Create(schema.Format == "byte" ? Convert.ToBase64String(field.Bytes.Span)
                    : field.Text);
            default:
                var inner = new JsonObject();
                if (schema.Definition is { } definition)
                    Fill(inner, schema, definition, field.Bytes);
                return inner;
        }
    }

    private static JsonNode IntOrString(ProtobufValue field)
    {
        var parts = ProtobufReader.Read(field.Bytes).ToArray();
        ulong Whole(int number) => parts.FirstOrDefault(p => p.Number == number)?.Whole ?? 0;
        return Whole(1) == 0
            ? JsonValue.Create((int)Whole(2)) : JsonValue.Create(parts.FirstOrDefault(p => p.Number == 3)?.Text ?? "");
    }

    private static JsonNode? Moment(ProtobufValue field, bool isMicro)
    {
        var parts = ProtobufReader.Read(field.Bytes).ToArray();
        if (parts.FirstOrDefault(p => p.Number == 1) is not { } seconds)
            return null;
        var at = DateTimeOffset.FromUnixTimeSeconds((long)seconds.Whole)
            .AddTicks((long)(parts.FirstOrDefault(p => p.Number == 2)?.Whole ?? 0) / 100);
        return JsonValue.Create(isMicro
            ? at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture)
                : JsonText.Moment(at));
    }
}

/// <summary>One field on the wire: a number, or bytes.</summary>
internal sealed record ProtobufValue(int Number, ulong Whole, ReadOnlyMemory<byte> Bytes)
{
    public string Text => Encoding.UTF8.GetString(Bytes.Span);
}

/// <summary>Cuts a message into its fields.</summary>
internal static class ProtobufReader
{
    public static IEnumerable<ProtobufValue> Read(ReadOnlyMemory<byte> message)
    {
        for (var at = 0; at < message.Length;)
        {
            var key = Varint(message, ref at);
            var number = (int)(key >> 3);
            switch (key & 7)
            {
                case 0:
                    yield return new ProtobufValue(number, Varint(message, ref at), default);
                    break;
                case 2:
                    var length = (int)Math.Min(Varint(message, ref at), int.MaxValue);
                    yield return new ProtobufValue(number, 0, Slice(message, ref at, length));
                    break;
                case 1:
                    Slice(message, ref at, 8);
                    break;
                case 5:
                    Slice(message, ref at, 4);
                    break;
                default:
                    throw new FormatException("the body is no protocol buffer");
            }
        }
    }

    private static ReadOnlyMemory<byte> Slice(ReadOnlyMemory<byte> message, ref int at, int length)
    {
        if (length > message.Length - at)
            throw new FormatException("the protocol buffer ends in the middle of a field");
        at += length;
        return message.Slice(at - length, length);
    }

    private static ulong Varint(ReadOnlyMemory<byte> message, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; shift < 64 && at < message.Length; shift += 7)
        {
            var next = message.Span[at++];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
                return value;
        }

        throw new FormatException("the protocol buffer ends in the middle of a number");
    }
}
