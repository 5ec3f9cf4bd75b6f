using System.Buffers;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tidekeeper.Playground.Api.Schemas;

namespace Tidekeeper.Playground.Api;

/// <summary>JSON as it goes over the wire.</summary>
public static class JsonText
{
    private static readonly JsonWriterOptions Writing = new()
    {
        Encoder = RelaxedJson.Options.Encoder,
        SkipValidation = true,
    };

    public static byte[] Bytes(JsonNode node) => Write(writer => node.WriteTo(writer));

    /// <summary>A list, without copying its items: those belong to the store.</summary>
    /// <param name="bare">Items are written without kind and apiVersion, as those of builtin kinds are.</param>
    public static byte[] ListBytes(
        string kind, string apiVersion, JsonObject metadata, IEnumerable<JsonObject> items, bool bare) =>
        Write(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("kind", kind);
            writer.WriteString("apiVersion", apiVersion);
            writer.WritePropertyName("metadata");
            metadata.WriteTo(writer);
            writer.WriteStartArray("items");
            foreach (var item in items)
                WriteItem(writer, item, bare);
            writer.WriteEndArray();
            writer.WriteEndObject();
        });

    /// <summary>A moment as Kubernetes writes it: UTC, whole seconds.</summary>
    public static string Moment(DateTimeOffset moment) =>
        moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public static DateTimeOffset? ReadMoment(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var moment) ? moment : null;

    private static void WriteItem(Utf8JsonWriter writer, JsonObject item, bool bare)
    {
        writer.WriteStartObject();
        foreach (var (name, value) in item)
        {
            if (bare && (name is "kind" or "apiVersion"))
                continue;
            writer.WritePropertyName(name);
            if (value is null)
                writer.WriteNullValue();
            else
                value.WriteTo(writer);
        }

        writer.WriteEndObject();
    }

    private static byte[] Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var writer = new Utf8JsonWriter(buffer, Writing))
            write(writer);
        return buffer.WrittenSpan.ToArray();
    }
}
