using System.Text.Json.Nodes;
using Tidekeeper.Playground.Api.Schemas;
using Tidekeeper.Playground.Api.Writes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Api.Reads;

/// <summary>A parsed label selector: all requirements must hold.</summary>
public sealed class LabelSelector
{
    private sealed record Requirement(string Key, string Operator, IReadOnlyList<string> Values)
    {
        public bool Holds(JsonObject? labels)
        {
            var value = labels.Text(Key);
            return Operator switch
            {
                "exists" => value is not null,
                "!" => value is null,
                "in" or "=" or "==" => value is not null && Values.Contains(value),
                "notin" or "!=" => value is null || !Values.Contains(value),
                "gt" => Compare(value) > 0,
                "lt" => Compare(value) < 0,
                _ => false,
            };
        }

        private int Compare(string? value) =>
            long.TryParse(value, out var left) && long.TryParse(Values[0], out var right) ? left.CompareTo(right) : 0;
    }

    private readonly List<Requirement> _requirements = [];

    public static LabelSelector Everything { get; } = new();

    public bool IsEmpty => _requirements.Count == 0;

    public bool Matches(JsonObject item) => MatchesLabels(item.ObjectAt("metadata", "labels"));

    public bool MatchesLabels(JsonObject? labels) => _requirements.TrueForAll(each => each.Holds(labels));

    /// <summary>
    /// From the text of a query parameter: <c>app=x,tier in (a,b),!gone</c>. Throws <see cref="ApiFault"/>.
    /// </summary>
    public static LabelSelector Parse(string text)
    {
        var tokens = new SelectorTokens(text);
        var selector = new LabelSelector();
        while (true)
        {
            var (kind, literal) = tokens.Peek();
            if (kind == SelectorToken.End)
                return selector;
            if (kind is not (SelectorToken.Word or SelectorToken.Not))
                throw ApiFault.BadRequest($"found '{literal}', expected: !, identifier, or 'end of string'");
            selector._requirements.Add(ParseRequirement(tokens));
            (kind, literal) = tokens.Take();
            if (kind == SelectorToken.End)
                return selector;
            if (kind != SelectorToken.Comma)
                throw ApiFault.BadRequest($"found '{literal}', expected: ',' or 'end of string'");
            var next = tokens.Peek();
            if (next.Kind is not (SelectorToken.Word or SelectorToken.Not))
                throw ApiFault.BadRequest($"found '{next.Literal}', expected: identifier after ','");
        }
    }

    /// <summary>From a LabelSelector of the API; null selects nothing, an empty one everything.</summary>
    public static LabelSelector? From(JsonObject? selector)
    {
        if (selector is null)
            return null;
        var made = new LabelSelector();
        foreach (var (key, value) in selector.ObjectAt("matchLabels") ?? [])
            made._requirements.Add(new Requirement(key, "=", [value.Text() ?? ""]));
        foreach (var each in selector.ObjectsAt("matchExpressions"))
        {
            made._requirements.Add(new Requirement(each.Text("key") ?? "", each.Text("operator") switch
            {
                "In" => "in",
                "NotIn" => "notin",
                "Exists" => "exists",
                _ => "!",
            }, [.. each.TextsAt("values")]));
        }

        return made;
    }

    /// <summary>As the API writes selectors into a text: requirements by key, <c>app=x,tier in (a,b)</c>.</summary>
    public override string ToString() => string.Join(",",
        _requirements.OrderBy(each => each.Key, StringComparer.Ordinal).Select(each => each.Operator switch
        {
            "exists" => each.Key,
            "!" => "!" + each.Key,
            "in" or "notin" =>
                $"{each.Key} {each.Operator} ({string.Join(",", each.Values.Order(StringComparer.Ordinal))})",
            "gt" => $"{each.Key}>{each.Values[0]}",
            "lt" => $"{each.Key}<{each.Values[0]}",
            _ => each.Key + each.Operator + each.Values[0],
        }));

    private static Requirement ParseRequirement(SelectorTokens tokens)
    {
        var (kind, key) = tokens.Take();
        var isNegated = kind == SelectorToken.Not;
        if (isNegated)
            (kind, key) = tokens.Take();
        if (kind != SelectorToken.Word)
            throw Unparsable($"found '{key}', expected: identifier");
        CheckKey(key);
        if (tokens.Peek().Kind is SelectorToken.End or SelectorToken.Comma)
            return new Requirement(key, isNegated ? "!" : "exists", []);
        var (_, literal) = tokens.Take();
        var name = literal switch { ">" => "gt", "<" => "lt", _ => literal };
        return name switch
        {
            "in" or "notin" => Checked(new Requirement(key, name, ParseValues(tokens))),
            "=" or "==" or "!=" or "gt" or "lt" => Checked(new Requirement(key, name, [ParseExact(tokens)])),
            _ => throw Unparsable($"found '{literal}', expected: in, notin, =, ==, !=, gt, lt"),
        };
    }

    private static void CheckKey(string key)
    {
        var errors = new FieldErrors();
        NameRules.CheckQualified(key, "key", errors);
        if (errors.Any)
            throw Unparsable("<nil>: " + errors.First);
    }

    private static Requirement Checked(Requirement requirement)
    {
        var isOrder = requirement.Operator is "gt" or "lt";
        if (isOrder && !long.TryParse(requirement.Values[0], out _))
        {
            throw Unparsable($"values[0]: Invalid value: {RelaxedJson.Quote(requirement.Values[0])}: "
                + "for 'Gt', 'Lt' operators, the value must be an integer");
        }

        foreach (var (at, value) in requirement.Values.Index())
        {
            var errors = new FieldErrors();
            NameRules.CheckLabelValue(value, $"values[{at}][{requirement.Key}]", errors);
            if (errors.Any)
                throw Unparsable($"values[{at}][{requirement.Key}]: {errors.First}");
        }

        return requirement;
    }

    private static string ParseExact(SelectorTokens tokens)
    {
        if (tokens.Peek().Kind is SelectorToken.End or SelectorToken.Comma)
            return "";
        var (kind, literal) = tokens.Take();
        return kind == SelectorToken.Word ? literal : throw Unparsable($"found '{literal}', expected: identifier");
    }

    private static List<string> ParseValues(SelectorTokens tokens)
    {
        var (kind, literal) = tokens.Take();
        if (kind != SelectorToken.Open)
            throw Unparsable($"found '{literal}' expected: '('");
        var values = new List<string>();
        var pending = "";
        while (true)
        {
            (kind, literal) = tokens.Take();
            if (kind == SelectorToken.Word)
                pending = literal;
            else if (kind is SelectorToken.Comma or SelectorToken.Close)
            {
                if (!values.Contains(pending))
                    values.Add(pending);
                pending = "";
            }
            else
                throw Unparsable($"found '{literal}', expected: ',', ')' or identifier");
            if (kind == SelectorToken.Close)
                return values;
        }
    }

    private static ApiFault Unparsable(string why) => ApiFault.BadRequest("unable to parse requirement: " + why);
}
