using System.Text.Json;
using System.Text.Json.Nodes;
using Tidekeeper.Model;

namespace Tidekeeper.Simulation.Edits.Oracles;

/// <summary>
/// Whether an object says what a spec asks. Kubernetes adds defaults, so that what is asked must be there and more may
/// be; quantities are equal when they are the same amount.
/// </summary>
internal static class Agreement
{
    /// <summary>Null when they agree; otherwise how they differ.</summary>
    public static string? Difference(JsonNode? asked, JsonNode? found) => asked switch
    {
        null => found is null or JsonObject { Count: 0 } or JsonArray { Count: 0 } ? null
            : $"nothing is asked, {found.ToJsonString()} is there",
        JsonObject map => OfMaps(map, found as JsonObject),
        JsonArray list => OfLists(list, found as JsonArray),
        _ => found is not null && Same(asked, found) ? null
            : $"{asked.ToJsonString()} is asked, {found?.ToJsonString() ?? "nothing"} is there",
    };

    private static string? OfMaps(JsonObject asked, JsonObject? found)
    {
        if (found is null)
            return asked.Count == 0 ? null : $"{asked.ToJsonString()} is asked, nothing is there";
        return asked.Select(one => one.Value is null || Difference(one.Value, found[one.Key]) is not { } difference
            ? null : $"{one.Key}: {difference}").FirstOrDefault(one => one is not null);
    }

    private static string? OfLists(JsonArray asked, JsonArray? found)
    {
        if (asked.Count != (found?.Count ?? 0))
            return $"{asked.ToJsonString()} is asked, {found?.ToJsonString() ?? "nothing"} is there";
        return Enumerable.Range(0, asked.Count).Select(i => Difference(asked[i], found![i]) is { } difference
            ? $"[{i}]: {difference}" : null).FirstOrDefault(one => one is not null);
    }

    private static bool Same(JsonNode asked, JsonNode found)
    {
        if (asked.GetValueKind() is JsonValueKind.True or JsonValueKind.False)
            return asked.GetValueKind() == found.GetValueKind();
        var (left, right) = (Text(asked), Text(found));
        return left == right
            || (Quantity.TryParse(left, out var a) && Quantity.TryParse(right, out var b) && a == b);
    }

    private static string Text(JsonNode node) =>
        node.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : node.ToJsonString();
}
