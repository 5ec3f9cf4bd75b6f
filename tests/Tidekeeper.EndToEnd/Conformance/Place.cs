using System.Globalization;
using System.Text.Json.Nodes;

namespace Tidekeeper.EndToEnd.Conformance;

/// <summary>A place in a document: names and numbers with dots between them.</summary>
internal static class Place
{
    public static JsonNode? Find(JsonNode? document, string place)
    {
        foreach (var part in place.Split('.'))
        {
            document = document switch
            {
                JsonObject map => map[part.Replace('|', '.')],
                JsonArray list when int.TryParse(part, CultureInfo.InvariantCulture, out var at) && at < list.Count =>
                    list[at],
                _ => null,
            };
        }

        return document;
    }
}
