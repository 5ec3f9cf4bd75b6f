using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Tidekeeper.EndToEnd.Conformance;

/// <summary>
/// A deviation that is known and meant. <c>*</c> stands for anything; what is not given may be anything as well.
/// </summary>
internal sealed record Difference(string Why, Regex Step, Regex At, Regex Real, Regex Here, string Shown)
{
    /// <summary>All of <c>differences.yaml</c>.</summary>
    public static IReadOnlyList<Difference> Read()
    {
        var file = Path.Combine(Topic.Folder, "..", "differences.yaml");
        return [.. Topic.Yaml(file).AsArray().SelectMany(reason => One(reason!.AsObject()))];
    }

    public bool Explains(Deviation found) =>
        Step.IsMatch(found.Step) && At.IsMatch(found.At)
        && Real.IsMatch(found.Real ?? "-") && Here.IsMatch(found.Here ?? "-");

    private static IEnumerable<Difference> One(JsonObject reason)
    {
        var why = (string)reason["why"]!;
        foreach (var place in reason["places"]!.AsArray())
        {
            var map = place!.AsObject();
            yield return new Difference(why, Pattern(map["step"]), Pattern(map["at"]), Pattern(map["real"]),
                Pattern(map["here"]), map.ToJsonString());
        }
    }

    private static Regex Pattern(JsonNode? text) => new(
        "^" + Regex.Escape(text?.ToString() ?? "*").Replace("\\*", ".*", StringComparison.Ordinal) + "$",
        RegexOptions.Singleline | RegexOptions.CultureInvariant);
}
