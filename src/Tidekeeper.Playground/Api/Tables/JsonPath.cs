using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Api.Tables;

/// <summary>
/// The part of kubectl's JSON paths that printer columns use: <c>.spec.x</c>, <c>['a.b/c']</c>, <c>[0]</c>,
/// <c>[-1]</c>,
/// <c>[*]</c>, <c>[1:3]</c> and <c>[?(@.type=="Ready")]</c>. A path that leads nowhere finds nothing.
/// </summary>
internal sealed partial class JsonPath
{
    private readonly List<Func<JsonNode?, IEnumerable<JsonNode?>>> _steps = [];

    private JsonPath() { }

    public IReadOnlyList<JsonNode?> Select(JsonNode? root) => [.. _steps.Aggregate(
        (IEnumerable<JsonNode?>)[root], (nodes, step) => nodes.SelectMany(step)).Where(n => n is not null)];

    public static JsonPath Parse(string text)
    {
        var path = new JsonPath();
        var rest = text.Trim().TrimStart('{').TrimEnd('}').TrimStart('$');
        while (rest.Length > 0 && Step().Match(rest) is { Success: true } match)
        {
            rest = rest[match.Length..];
            path.Add(match);
        }

        // What cannot be read finds nothing, as a column with a mistake shows nothing.
        if (rest.Length > 0)
            path._steps.Add(_ => []);
        return path;
    }

    private void Add(Match match)
    {
        if (match.Groups["filter"].Success)
        {
            var filter = Filter(match);
            _steps.Add(node => Children(node).Where(filter));
        }
        else if (match.Groups["all"].Success)
            _steps.Add(Children);
        else if (match.Groups["from"].Success || match.Groups["to"].Success)
            _steps.Add(node => Slice(node, match.Groups["from"].Value, match.Groups["to"].Value));
        else if (match.Groups["index"].Success)
        {
            var index = int.Parse(match.Groups["index"].Value, CultureInfo.InvariantCulture);
            _steps.Add(node => node is JsonArray list && (index < 0 ? index + list.Count : index) is var at
                && at >= 0 && at < list.Count ? [list[at]] : []);
        }
        else
        {
            var name = (match.Groups["name"].Success ? match.Groups["name"] : match.Groups["quoted"]).Value
                .Replace("\\.", ".", StringComparison.Ordinal);
            _steps.Add(node => node is JsonObject o && o.TryGetPropertyValue(name, out var child) ? [child] : []);
        }
    }

    private static Func<JsonNode?, bool> Filter(Match match)
    {
        var left = Parse(match.Groups["left"].Value);
        var (symbol, right) = (match.Groups["op"].Value, match.Groups["right"].Value.Trim('"', '\''));
        return node =>
        {
            var found = left.Select(node);
            if (symbol.Length == 0)
                return found.Count > 0;
            if (found.Count == 0)
                return false;
            var value = found[0]!.Text() ?? found[0]!.ToJsonString();
            var order = double.TryParse(value, CultureInfo.InvariantCulture, out var a)
                && double.TryParse(right, CultureInfo.InvariantCulture, out var b)
                    ? a.CompareTo(b) : string.CompareOrdinal(value, right);
            return symbol switch
            {
                "==" => order == 0,
                "!=" => order != 0,
                "<" => order < 0,
                "<=" => order <= 0,
                ">" => order > 0,
                _ => order >= 0,
            };
        };
    }

    private static IEnumerable<JsonNode?> Slice(JsonNode? node, string from, string to)
    {
        if (node is not JsonArray list)
            return [];
        int At(string text, int otherwise) => text.Length == 0 ? otherwise
            : int.Parse(text, CultureInfo.InvariantCulture) is var at && at < 0 ? at + list.Count : at;
        return list.Skip(At(from, 0)).Take(At(to, list.Count) - At(from, 0));
    }

    private static IEnumerable<JsonNode?> Children(JsonNode? node) => node switch
    {
        JsonArray list => list,
        JsonObject o => o.Select(p => p.Value),
        _ => [],
    };

    [GeneratedRegex("""
        ^(?:
          \[\?\((?<filter>\s*@(?<left>[^=!<>)]*?)\s*(?:(?<op>==|!=|<=|>=|<|>)\s*(?<right>"[^"]*"|'[^']*'|[^)\s]+)\s*)?)\)\]
          | \.?\[(?<all>\*)\] | \.(?<all>\*)
          | \[(?<from>-?\d*):(?<to>-?\d*)\]
          | \[(?<index>-?\d+)\]
          | \.?\[['"](?<quoted>[^'"]+)['"]\]
          | \.(?<name>(?:\\\.|[^.\[\]])+)
        )
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Step();
}
