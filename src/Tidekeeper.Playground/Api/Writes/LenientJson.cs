using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tidekeeper.Playground.Api.Writes;

/// <summary>
/// Reads JSON as the real server does: of a field that is there twice the last one counts, and somebody may want to
/// know about it.
/// </summary>
internal static class LenientJson
{
    /// <param name="doubled">Gets the paths of fields that were there more than once.</param>
    public static JsonNode? Parse(byte[] body, List<string>? doubled = null)
    {
        using var document = JsonDocument.Parse(body);
        return Node(document.RootElement, "", doubled);
    }

    private static JsonNode? Node(JsonElement element, string path, List<string>? doubled)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var fields = new JsonObject();
                foreach (var field in element.EnumerateObject())
                {
                    var at = path.Length == 0 ? field.Name : $"{path}.{field.Name}";
                    if (fields.ContainsKey(field.Name))
                        doubled?.Add(at);
                    fields[field.Name] = Node(field.Value, at, doubled);
                }

                return fields;
            case JsonValueKind.Array:
                var list = new JsonArray();
                foreach (var (at, item) in element.EnumerateArray().Index())
                    list.Add(Node(item, $"{path}[{at}]", doubled));
                return list;
            case JsonValueKind.Null:
                return null;
            default:
                return JsonValue.Create(element.Clone());
        }
    }
}
