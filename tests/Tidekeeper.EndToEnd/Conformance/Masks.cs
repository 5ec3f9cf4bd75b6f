using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Tidekeeper.EndToEnd.Conformance;

/// <summary>
/// What is another one on every server and at every time: identifiers, versions, moments, drawn suffixes, addresses.
/// That something is there is compared all the same.
/// </summary>
internal sealed partial class Masks
{
    private static readonly SortedSet<string> Names = new(StringComparer.Ordinal)
    {
        "uid", "resourceVersion", "clusterIP", "token", "volumeName",
    };

    private readonly SortedDictionary<string, string> _words = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, string> _exact = new(StringComparer.Ordinal);

    /// <summary>Words shorter than this are too common to be masked.</summary>
    private const int Shortest = 3;

    public void Add(string word, string value)
    {
        _exact[value] = "$" + word;
        if (value.Length >= Shortest && !value.All(char.IsAsciiDigit))
            _words[value] = "$" + word;
    }

    public JsonNode? Over(JsonNode? node, string name = "") => node switch
    {
        JsonObject map => Map(map),
        JsonArray list => new JsonArray([.. Ordered(list, name).Select(each => Over(each))]),
        JsonValue value when value.TryGetValue<string>(out var text) => Text(name, text),
        JsonValue value when name == "nodePort" && _exact.TryGetValue(value.ToJsonString(), out var word) => word,
        _ => node?.DeepClone(),
    };

    private JsonObject Map(JsonObject map)
    {
        var masked = new JsonObject();
        foreach (var (key, value) in map)
            masked[Uid().Replace(Words(key), "*uid*")] = Over(value, key);

        // The version of a list moves with whatever else the server does.
        if ((map.ContainsKey("items") || map.ContainsKey("rows"))
            && masked["metadata"] is JsonObject list && list.ContainsKey("resourceVersion"))
            list["resourceVersion"] = "*";
        return masked;
    }

    // The order of owners is that of their times, to the second; causes come out of maps.
    private static IEnumerable<JsonNode?> Ordered(JsonArray list, string name) => name switch
    {
        "managedFields" or "causes" => list.OrderBy(each =>
            $"{each?["manager"]} {each?["operation"]} {each?["subresource"]} {each?["apiVersion"]} {each?["field"]}"
            + $" {each?["message"]}", StringComparer.Ordinal),
        "conditions" => list.OrderBy(each => each?["type"]?.ToString(), StringComparer.Ordinal),
        _ => list,
    };

    private string Text(string name, string text)
    {
        if (name == "continue" && text.Length > 0)
            return "*";
        if (text.Length > 0 && text != "None" && Names.Contains(name))
            return _exact.GetValueOrDefault(text, "*");
        text = Words(name == "message" ? InOrder(text) : text);
        text = Uid().Replace(text, "*uid*");
        text = Moment().Replace(text, "*time*");
        text = Address().Replace(text, "*address*");
        text = Version().Replace(text, "$1*");
        text = Token().Replace(text, "$1-*");
        return Age().IsMatch(text) ? "*age*" : text;
    }

    /// <summary>Several mistakes in one message: some of them were found by going through a map.</summary>
    private static string InOrder(string message)
    {
        const string begin = " is invalid: [";
        var at = message.IndexOf(begin, StringComparison.Ordinal);
        return at < 0 || message[^1] != ']' ? message : message[..(at + begin.Length)] + string.Join(", ",
            message[(at + begin.Length)..^1].Split(", ").Order(StringComparer.Ordinal)) + "]";
    }

    private string Words(string text)
    {
        foreach (var (value, word) in _words.OrderByDescending(each => each.Key.Length))
            text = text.Replace(value, word, StringComparison.Ordinal);
        return text;
    }

    [GeneratedRegex(@"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b")]
    private static partial Regex Uid();

    [GeneratedRegex(@"\b\d{4}-\d\d-\d\dT[\d:.]+Z")]
    private static partial Regex Moment();

    [GeneratedRegex(@"\b10\.0\.\d+\.\d+\b")]
    private static partial Regex Address();

    [GeneratedRegex("""((?:resource version|current): |(?:ResourceVersion in )?(?:precondition|record) \(|resourceVersion\\*":\\*")\d+""")]
    private static partial Regex Version();

    [GeneratedRegex(@"\b(default-token|kube-api-access|H_)-?[a-z0-9]{5}\b")]
    private static partial Regex Token();

    [GeneratedRegex(@"^(\d+[smhd])+$|^<invalid>$")]
    private static partial Regex Age();
}
