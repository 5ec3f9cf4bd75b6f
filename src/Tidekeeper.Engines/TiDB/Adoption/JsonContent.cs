using System.Text.Json.Nodes;
using Tidekeeper.Model;

namespace Tidekeeper.Engines.TiDB.Adoption;

/// <summary>
/// Whether what a user wrote is in what the API server made of it, which fills in defaults and reorders.
/// </summary>
internal static class JsonContent
{
    /// <summary>
    /// Whether every field of <paramref name="wanted"/> is in <paramref name="has"/> with the same value; elements of
    /// lists are found by name where they have one.
    /// </summary>
    public static bool Contains(JsonNode? has, JsonNode? wanted) => wanted switch
    {
        null => true,
        JsonObject map => map.All(field => field.Value is null
            || (has is JsonObject other && Contains(other[field.Key], field.Value)) || IsEmpty(field.Value)),
        JsonArray list => list.All(item => (has as JsonArray ?? []).Any(one => IsSame(one, item))),
        JsonValue value => has is JsonValue other && SameValue(other, value),
        _ => false
    };

    private static bool IsSame(JsonNode? one, JsonNode? wanted) =>
        (one is not JsonObject || wanted is not JsonObject
            || (string?)one["name"] == ((string?)wanted["name"] ?? (string?)one["name"]))
        && Contains(one, wanted);

    private static bool IsEmpty(JsonNode node) => node is JsonObject { Count: 0 } or JsonArray { Count: 0 };

    /// <summary>
    /// Quantities are equal by what they mean: <c>1024Mi</c> is <c>1Gi</c>, and <c>1</c> is <c>"1"</c>.
    /// </summary>
    private static bool SameValue(JsonValue one, JsonValue other)
    {
        var (a, b) = (one.ToString(), other.ToString());
        return a == b || (Quantity.TryParse(a, out var x) && Quantity.TryParse(b, out var y) && x == y);
    }
}
