using System.Text;
using System.Text.Json.Nodes;
using Tidekeeper.Playground.Controllers;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Nodes;

/// <summary>The entries of a ConfigMap or Secret as texts, in the order of their keys.</summary>
internal static class KeptTexts
{
    public static SortedDictionary<string, string> Of(JsonObject kept)
    {
        var texts = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var isSecret = kept.Text("kind") == "Secret";
        foreach (var (key, value) in kept.Pairs("data"))
            texts[key] = isSecret ? Decode(value) : value;
        foreach (var (key, value) in kept.Pairs("binaryData"))
            texts[key] = Decode(value);
        return texts;
    }

    private static string Decode(string base64)
    {
        var bytes = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, bytes, out var length)
            ? Encoding.UTF8.GetString(bytes, 0, length)
            : "";
    }
}
