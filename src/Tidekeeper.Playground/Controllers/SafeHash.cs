using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tidekeeper.Playground.Controllers;

/// <summary>
/// The short hashes in names of ControllerRevisions and ReplicaSets. For ControllerRevisions it is the very hash that
/// the real controller computes (FNV-1 over the JSON text and the collision count), so that names agree.
/// </summary>
internal static class SafeHash
{
    private const string Alphabet = "bcdfghjklmnpqrstvwxz2456789";

    // Go escapes these three in JSON; anything else non-ASCII stays as it is.
    private static readonly JsonWriterOptions AsGo = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Of(JsonNode content, long collisions)
    {
        var text = Encoding.UTF8.GetString(Write(Sorted(content)!));
        text = text.Replace("<", "\\u003c", StringComparison.Ordinal)
            .Replace(">", "\\u003e", StringComparison.Ordinal)
            .Replace("&", "\\u0026", StringComparison.Ordinal);
        var hash = 2166136261u;
        foreach (var b in Encoding.UTF8.GetBytes(text + collisions.ToString(CultureInfo.InvariantCulture)))
            hash = (hash * 16777619u) ^ b;
        return string.Concat(hash.ToString(CultureInfo.InvariantCulture).Select(c => Alphabet[c % Alphabet.Length]));
    }

    private static byte[] Write(JsonNode node)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, AsGo))
            node.WriteTo(writer);
        return buffer.ToArray();
    }

    /// <summary>The same content with the keys of all objects in order.</summary>
    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject o => new JsonObject(o.OrderBy(p => p.Key, StringComparer.Ordinal)
            .Select(p => KeyValuePair.Create(p.Key, Sorted(p.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Sorted)]),
        null => null,
        _ => node.DeepClone(),
    };
}
