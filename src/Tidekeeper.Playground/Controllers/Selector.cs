using System.Text.Json.Nodes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Controllers;

/// <summary>A label selector as it stands in specs: <c>matchLabels</c> and <c>matchExpressions</c>.</summary>
internal static class Selector
{
    /// <summary>Null selects nothing, an empty selector everything.</summary>
    public static bool Selects(this JsonNode? selector, JsonObject o) =>
        selector is JsonObject given
        && given.Pairs("matchLabels").All(l => o.Label(l.Key) == l.Value)
        && given.ObjectsAt("matchExpressions").All(e => Holds(e, o.Label(e.Text("key") ?? "")));

    /// <summary>A plain map of labels, as in a Service; empty selects nothing.</summary>
    public static bool MapSelects(this JsonNode? map, JsonObject o) =>
        map is JsonObject { Count: > 0 } && map.Pairs().All(l => o.Label(l.Key) == l.Value);

    /// <summary>One requirement of a label selector or of a node selector term.</summary>
    public static bool Holds(JsonObject requirement, string? value) => requirement.Text("operator") switch
    {
        "In" => value is not null && requirement.TextsAt("values").Contains(value, StringComparer.Ordinal),
        "NotIn" => value is null || !requirement.TextsAt("values").Contains(value, StringComparer.Ordinal),
        "Exists" => value is not null,
        "DoesNotExist" => value is null,
        "Gt" => Compare(value, requirement) > 0,
        "Lt" => Compare(value, requirement) < 0,
        _ => false,
    };

    private static int Compare(string? value, JsonObject requirement) =>
        long.TryParse(value, out var have)
        && long.TryParse(requirement.TextsAt("values").FirstOrDefault(), out var want)
            ? have.CompareTo(want)
            : 0;
}
