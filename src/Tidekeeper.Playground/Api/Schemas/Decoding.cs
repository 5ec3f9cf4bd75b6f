using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Tidekeeper.Model;

namespace Tidekeeper.Playground.Api.Schemas;

/// <summary>What a real server's decoder makes of the JSON of a builtin kind, with its error texts.</summary>
public static partial class Decoding
{
    /// <summary>The first field with a wrong type, in the words of Go's decoder; null when all fit.</summary>
    public static string? WrongType(Schema schema, JsonObject value) =>
        Check(schema, value, ShortName(schema.Definition), "");

    /// <summary>
    /// Drops what does not survive decoding and encoding again: nulls, and empty maps and lists that need not be there.
    /// </summary>
    public static void Normalise(Schema schema, JsonObject value)
    {
        if (schema.PreserveUnknownFields)
            return;
        foreach (var (name, child) in value.ToArray())
        {
            var known = schema.Child(name);
            if (child is null && known is not null && schema.IsMap && known.Type == "string")
                value[name] = "";
            else if (child is null && known is not null and not { Type: null })
                value.Remove(name);
            else if (known is null)
                continue;
            else if (known.Format == "quantity")
                value[name] = Canonical(child!);
            else if (child is JsonObject o)
                Normalise(known, o);
            else if (child is JsonArray list && known.Items is { } items)
            {
                foreach (var item in list.OfType<JsonObject>())
                    Normalise(items, item);
            }

            var empty = child is JsonArray { Count: 0 }
                || (child is JsonObject { Count: 0 } && known is { IsMap: true });
            if (empty && !schema.IsMap && !schema.Required.Contains(name))
                value.Remove(name);
        }
    }

    /// <summary>Quantities are kept in their shortest form: <c>1000m</c> is stored as <c>1</c>.</summary>
    private static JsonNode Canonical(JsonNode quantity)
    {
        var text = Kind(quantity) == JsonValueKind.String ? quantity.GetValue<string>() : quantity.ToJsonString();
        var hasExponent = text.AsSpan().TrimEnd("0123456789+-").TrimEnd('.') is [.., 'e' or 'E'];
        var canonical = !hasExponent && Quantity.TryParse(text, out var parsed) ? parsed.ToString() : text;
        return canonical == text && Kind(quantity) == JsonValueKind.String
            ? quantity
            : JsonValue.Create(canonical);
    }

    private static string? Check(Schema schema, JsonNode? value, string owner, string path)
    {
        if (value is null || schema.Type is null || schema.PreserveUnknownFields)
            return null;
        if (schema.IntOrString)
        {
            return Kind(value) is JsonValueKind.String or JsonValueKind.Number
                ? null : Mismatch(value, owner, path, "intstr.IntOrString");
        }

        if (schema.Format == "quantity")
            return CheckQuantity(value, owner, path);
        return (schema.Type, value) switch
        {
            ("object", JsonObject o) => CheckObject(schema, o, owner, path),
            ("array", JsonArray list) => list.Select(item => Check(schema.Items!, item, owner, path))
                .FirstOrDefault(error => error is not null),
            ("string", JsonValue v) when Kind(v) == JsonValueKind.String => CheckText(schema, v.GetValue<string>()),
            ("boolean", JsonValue v) when Kind(v) is JsonValueKind.True or JsonValueKind.False => null,
            ("integer", JsonValue v) when Kind(v) == JsonValueKind.Number =>
                IsWhole(v, schema.Format) ? null : Mismatch(value, owner, path, GoType(schema)),
            ("number", JsonValue v) when Kind(v) == JsonValueKind.Number => null,
            _ => Mismatch(value, owner, path, GoType(schema)),
        };
    }

    private static string? CheckObject(Schema schema, JsonObject value, string owner, string path)
    {
        // The decoder names the struct that holds the field, and the fields that lead there, without keys and indexes.
        var self = schema.Properties.Count > 0 ? ShortName(schema.Definition) : owner;
        foreach (var (name, child) in value)
        {
            if (schema.Child(name) is not { } known)
                continue;
            var at = schema.Property(name) is null ? path : path.Length == 0 ? name : $"{path}.{name}";
            if (Check(known, child, self, at) is { } error)
                return error;
        }

        return null;
    }

    private static string? CheckText(Schema schema, string text)
    {
        if (schema.Format == "date-time" && !DateTimeOffset.TryParse(
                text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out _))
            return $"parsing time \"\\\"{text}\\\"\" as \"\\\"2006-01-02T15:04:05Z07:00\\\"\": cannot parse " +
                $"\"{text}\\\"\" as \"2006\"";
        if (schema.Definition?.EndsWith(".MicroTime", StringComparison.Ordinal) == true && !MicroTime().IsMatch(text))
            return $"parsing time \"{text}\" as \"2006-01-02T15:04:05.000000Z07:00\": cannot parse"
                + $" \"{text[Math.Min(19, text.Length)..]}\" as \".000000\"";
        if (schema.Format == "byte" && FirstBadByte(text) is { } at)
            return $"illegal base64 data at input byte {at}";
        return null;
    }

    private static string? CheckQuantity(JsonNode value, string owner, string path)
    {
        if (Kind(value) == JsonValueKind.Number)
            return null;
        if (Kind(value) != JsonValueKind.String)
            return Mismatch(value, owner, path, "resource.Quantity");
        var text = value.GetValue<string>();
        if (!QuantityShape().IsMatch(text))
            return "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
        return QuantityValue().IsMatch(text) ? null : "unable to parse quantity's suffix";
    }

    private static string Mismatch(JsonNode value, string owner, string path, string type)
    {
        var what = Kind(value) switch
        {
            JsonValueKind.String => "string",
            JsonValueKind.Number when type.StartsWith("int", StringComparison.Ordinal)
                && !type.Contains('.') => "number " + value.ToJsonString(),
            JsonValueKind.Number => "number",
            JsonValueKind.True or JsonValueKind.False => "bool",
            JsonValueKind.Array => "array",
            _ => "object",
        };
        return path.Length == 0
            ? $"json: cannot unmarshal {what} into Go value of type {type}"
            : $"json: cannot unmarshal {what} into Go struct field {owner}.{path} of type {type}";
    }

    private static string GoType(Schema schema) => schema.Type switch
    {
        "integer" => schema.Format ?? "int64",
        "boolean" => "bool",
        "number" => "float64",
        "array" => "[]" + GoType(schema.Items!),
        "object" when schema.AdditionalProperties is { } values => "map[string]" + GoType(values),
        "string" when schema.Format == "byte" => "[]uint8",
        "string" when schema.Format == "quantity" => "resource.Quantity",
        "string" when schema.IntOrString => "intstr.IntOrString",
        "string" when schema.Definition is { } name => "v1." + ShortName(name),
        "object" when schema.Definition is { } name => "v1." + ShortName(name),
        _ => schema.Type ?? "interface {}",
    };

    private static bool IsWhole(JsonValue value, string? format) =>
        long.TryParse(value.ToJsonString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)
        && (format != "int32" || whole is >= int.MinValue and <= int.MaxValue);

    private static int? FirstBadByte(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var padding = text[i] == '=' && i >= text.Length - 2;
            if (!char.IsAsciiLetterOrDigit(text[i]) && text[i] is not ('+' or '/' or '\n' or '\r') && !padding)
                return i;
        }

        var length = text.Count(c => c is not ('\n' or '\r'));
        return length % 4 == 0 ? null : length / 4 * 4;
    }

    private static JsonValueKind Kind(JsonNode value) => value.GetValueKind();

    private static string ShortName(string? definition) =>
        definition is null ? "" : definition[(definition.LastIndexOf('.') + 1)..];

    // Written with six digits of a second, and read with as many only.
    [GeneratedRegex(@"^.{19}\.[0-9]{6}(Z|[-+]\d\d:\d\d)$")]
    private static partial Regex MicroTime();

    [GeneratedRegex(@"^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$")]
    private static partial Regex QuantityShape();

    [GeneratedRegex(@"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([numkMGTPE]|[KMGTPE]i|[eE][+-]?[0-9]+)?$")]
    private static partial Regex QuantityValue();
}
