using System.Globalization;
using System.Text.Json.Nodes;
using Tidekeeper.Model.Toml;

namespace Tidekeeper.Playground.Databases.TiDB.Processes;

/// <summary>
/// What a binary knows of its configuration: one line per item with name, kind, default, and <c>online</c> when the
/// process takes a new value while it runs. Items of which the binary knows nothing are passed over, as the real ones
/// do; values of the wrong kind end the start.
/// </summary>
internal sealed class ConfigItems
{
    private static readonly string[] Levels = ["debug", "info", "warn", "warning", "error", "fatal"];
    private readonly SortedDictionary<string, Item> _items = new(StringComparer.Ordinal);

    public ConfigItems(string table)
    {
        foreach (var line in table.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            _items.Add(words[0], new Item(words[1], words[2] == "-" ? "" : words[2], words is [.., "online"]));
        }
    }

    private sealed record Item(string Kind, string Default, bool IsOnline);

    /// <summary>Throws <see cref="ConfigFault"/> for the first value that is not of its item's kind.</summary>
    public void Check(TomlTable file)
    {
        foreach (var (name, item) in _items)
        {
            if (file.Find(name) is { } value && Json(item.Kind, value) is null)
                throw new ConfigFault(
                    $"invalid type: {Describe(value)}, expected {Expected(item.Kind)} for key `{name}`");
        }
    }

    /// <summary>The whole configuration: defaults, then the file, then what was changed since the start.</summary>
    public JsonObject Effective(TomlTable file, IReadOnlyDictionary<string, string> changed)
    {
        var whole = new JsonObject();
        foreach (var (name, item) in _items)
            Put(whole, name.Split('.'), Parse(item.Kind, item.Default));
        PutAll(whole, "", file);
        foreach (var (name, text) in changed)
            Put(whole, name.Split('.'), Parse(_items[name].Kind, text));
        return whole;
    }

    /// <summary>Why a value is not taken while the process runs; null when it is.</summary>
    public string? Refusal(string name, string text)
    {
        if (!_items.TryGetValue(name, out var item))
            return $"unexpect fields: {name[(name.LastIndexOf('.') + 1)..].Replace('-', '_')}";
        if (!item.IsOnline)
            return $"config {name} can not be changed";
        return Parse(item.Kind, text) is null ? $"invalid value \"{text}\" for {name}, expected {Expected(item.Kind)}"
            : null;
    }

    private void PutAll(JsonObject whole, string prefix, TomlTable table)
    {
        foreach (var (key, value) in table.Entries)
        {
            var name = prefix + key;
            if (value is TomlTable inner)
                PutAll(whole, name + ".", inner);
            else
                Put(whole, name.Split('.'), _items.TryGetValue(name, out var item) ? Json(item.Kind, value)
                    : Plain(value));
        }
    }

    private static void Put(JsonObject into, ReadOnlySpan<string> path, JsonNode? value)
    {
        if (path.Length == 1)
        {
            into[path[0]] = value;
            return;
        }

        if (into[path[0]] is not JsonObject inner)
            into[path[0]] = inner = [];
        Put(inner, path[1..], value);
    }

    /// <summary>The value as the binary prints it; null when it is not of that kind.</summary>
    private static JsonNode? Json(string kind, TomlValue value) => (kind, value) switch
    {
        ("texts", TomlArray list) => new JsonArray([.. list.Items.Select(Plain)]),
        ("bool", TomlBoolean flag) => flag.Value,
        ("size" or "uint" or "int" or "float", TomlInteger number) =>
            Parse(kind, number.Value.ToString(CultureInfo.InvariantCulture)),
        ("float", TomlFloat number) => number.Value,
        ("bool" or "uint" or "int" or "float", _) => null,
        (_, TomlString text) => Parse(kind, text.Value),
        _ => null,
    };

    private static JsonNode? Plain(TomlValue value) => value switch
    {
        TomlString text => text.Value,
        TomlInteger number => number.Value,
        TomlFloat number => number.Value,
        TomlBoolean flag => flag.Value,
        TomlArray list => new JsonArray([.. list.Items.Select(Plain)]),
        _ => value.ToString(),
    };

    private static JsonNode? Parse(string kind, string text) => kind switch
    {
        "size" => ReadableSize.Normal(text),
        "duration" => ReadableDuration.Normal(text),
        "uint" => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null,
        "int" => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number : null,
        "float" => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number : null,
        "bool" => text is "true" or "false" ? text == "true" : null,
        "level" => Levels.Contains(text, StringComparer.Ordinal) ? text : null,
        "texts" => new JsonArray([.. text.Split(',', StringSplitOptions.RemoveEmptyEntries)
            .Select(t => JsonValue.Create(t))]),
        "text" => text,
        _ => kind.Split('|').Contains(text, StringComparer.Ordinal) ? text : null,
    };

    private static string Expected(string kind) => kind switch
    {
        "size" => "valid size",
        "duration" => "valid duration",
        "uint" => "usize",
        "int" => "i64",
        "float" => "f64",
        "bool" => "a boolean",
        "level" => "one of " + string.Join(", ", Levels),
        "text" => "a string",
        "texts" => "a sequence",
        _ => "one of " + kind.Replace("|", ", ", StringComparison.Ordinal),
    };

    private static string Describe(TomlValue value) => value switch
    {
        TomlString text => $"string \"{text.Value}\"",
        TomlInteger number => $"integer `{number.Value}`",
        TomlFloat number => string.Create(CultureInfo.InvariantCulture, $"floating point `{number.Value}`"),
        TomlBoolean flag => $"boolean `{(flag.Value ? "true" : "false")}`",
        TomlArray => "sequence",
        _ => "map",
    };
}
