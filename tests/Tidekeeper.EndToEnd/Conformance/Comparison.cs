using System.Text.Json.Nodes;
using Tidekeeper.Playground.Api.Schemas;

namespace Tidekeeper.EndToEnd.Conformance;

/// <summary>One place at which two servers said different things; null is "nothing there".</summary>
internal sealed record Deviation(string Step, string At, string? Real, string? Here)
{
    public override string ToString() => $"{Step}\n  at:   {At}\n  real: {Real ?? "-"}\n  here: {Here ?? "-"}";
}

/// <summary>Compares documents field by field; entries of lists by their names where they have some.</summary>
internal static class Comparison
{
    private static readonly string[] Keys = ["name", "type", "manager", "uid", "port", "key", "ip"];

    /// <summary>
    /// What two servers said to one request. One that refused what the other did is one difference, not a hundred.
    /// </summary>
    public static IEnumerable<Deviation> OfReplies(string step, JsonObject real, JsonObject here)
    {
        if (!JsonNode.DeepEquals(real["status"], here["status"]))
            return [new Deviation(step, "status", Outcome(real), Outcome(here))];
        var found = Of(step, real, here).ToList();

        // The message says all that the causes say.
        return found.Exists(each => each.At == "body.message")
            ? found.Where(each => !each.At.StartsWith("body.details.causes", StringComparison.Ordinal)) : found;
    }

    private static string Outcome(JsonObject reply) =>
        $"{reply["status"]} {(reply["body"] as JsonObject)?["message"]}".Trim();


    private static IEnumerable<Deviation> Of(string step, JsonNode? real, JsonNode? here, string at = "")
    {
        switch (real, here)
        {
            case (JsonObject one, JsonObject other):
                return one.Select(field => field.Key).Union(other.Select(field => field.Key))
                    .SelectMany(name => Field(step, one, other, name, at.Length == 0 ? name : $"{at}.{name}"));
            case (JsonArray one, JsonArray other) when Named(one) is { } names && Named(other) is { } others:
                return names.Keys.Union(others.Keys).SelectMany(name =>
                    names.TryGetValue(name, out var left) && others.TryGetValue(name, out var right)
                        ? Of(step, left, right, $"{at}[{name}]")
                        : [new Deviation(step, $"{at}[{name}]", Show(names.GetValueOrDefault(name)),
                            Show(others.GetValueOrDefault(name)))]);
            case (JsonArray one, JsonArray other):
                return Enumerable.Range(0, Math.Max(one.Count, other.Count)).SelectMany(index =>
                    index < one.Count && index < other.Count
                        ? Of(step, one[index], other[index], $"{at}[{index}]")
                        : [new Deviation(step, $"{at}[{index}]", index < one.Count ? Text(one[index]) : null,
                            index < other.Count ? Text(other[index]) : null)]);
            default:
                return JsonNode.DeepEquals(real, here) ? [] : [new Deviation(step, at, Text(real), Text(here))];
        }
    }

    private static IEnumerable<Deviation> Field(string step, JsonObject one, JsonObject other, string name, string at)
    {
        if (one.ContainsKey(name) && other.ContainsKey(name))
            return Of(step, one[name], other[name], at);
        return [new Deviation(step, at, one.ContainsKey(name) ? Text(one[name]) : null,
            other.ContainsKey(name) ? Text(other[name]) : null)];
    }

    private static SortedDictionary<string, JsonNode>? Named(JsonArray list)
    {
        var named = new SortedDictionary<string, JsonNode>(StringComparer.Ordinal);
        foreach (var each in list)
        {
            // Times in a watch repeat a name; there the order is what counts.
            var isEvent = each is JsonObject { Count: 2 } && each["object"] is not null && each["type"] is not null;
            if (each is not JsonObject map || isEvent || NameOf(map) is not { } name || !named.TryAdd(name, map))
                return null;
        }

        return named;
    }

    private static string? NameOf(JsonObject map) =>
        Keys.Select(key => map[key] ?? (map["cells"] is null ? map : map["object"])?["metadata"]?[key])
            .FirstOrDefault(value => value is JsonValue)?.ToString();

    private static string? Show(JsonNode? node) => node is null ? null : Text(node);

    private static string Text(JsonNode? node) => node?.ToJsonString(RelaxedJson.Options) ?? "null";
}
