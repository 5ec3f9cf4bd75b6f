using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tidekeeper.Model.Crds;

/// <summary>
/// A map of quantities as the user wrote them, sorted by name. A number is kept as its digits, so that what cannot be
/// read as a quantity can still be shown.
/// </summary>
internal sealed class QuantityMapConverter : JsonConverter<IReadOnlyDictionary<string, string>>
{
    public override IReadOnlyDictionary<string, string> Read(
        ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject) throw new JsonException("is no map of quantities");
        var map = new SortedList<string, string>(StringComparer.Ordinal);
        using var document = JsonDocument.ParseValue(ref reader);
        foreach (var entry in document.RootElement.EnumerateObject())
        {
            map[entry.Name] = entry.Value.ValueKind == JsonValueKind.String
                ? entry.Value.GetString()!
                : entry.Value.GetRawText();
        }

        return map;
    }

    public override void Write(
        Utf8JsonWriter writer, IReadOnlyDictionary<string, string> value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach (var (name, quantity) in value) writer.WriteString(name, quantity);
        writer.WriteEndObject();
    }
}
