using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tidekeeper.Model.Toml;

/// <summary>
/// A table of TOML: a configuration file or a part of it. Keys stay in the order in which they came; two tables are
/// equal when they say the same in any order.
/// </summary>
public sealed record TomlTable : TomlValue
{
    // Small and ordered: a list is faster than a dictionary here, and its order does not depend on hashes.
    private readonly List<KeyValuePair<string, TomlValue>> _entries = [];

    public IReadOnlyList<KeyValuePair<string, TomlValue>> Entries => _entries;

    /// <summary>How it came to be, which decides what the rest of a file may still add to it.</summary>
    internal TomlOrigin Origin { get; set; }

    /// <exception cref="TomlException">The text is no TOML 1.0.</exception>
    public static TomlTable Parse(string text) => TomlParser.Parse(text);

    /// <summary>From JSON, as a user may write a configuration too. Nulls are left out.</summary>
    public static TomlTable FromJson(JsonObject json)
    {
        var table = new TomlTable();
        foreach (var (key, value) in json)
        {
            if (value is not null) table[key] = ValueFromJson(value);
        }

        return table;
    }

    private static TomlValue ValueFromJson(JsonNode node) => node.GetValueKind() switch
    {
        JsonValueKind.Object => FromJson((JsonObject)node),
        JsonValueKind.Array => new TomlArray(
            [.. ((JsonArray)node).Where(item => item is not null).Select(item => ValueFromJson(item!))]),
        JsonValueKind.String => new TomlString(node.GetValue<string>()),
        JsonValueKind.True => new TomlBoolean(true),
        JsonValueKind.False => new TomlBoolean(false),
        _ => Number(node.ToJsonString()),
    };

    private static TomlValue Number(string digits) => long.TryParse(digits, out var whole)
        ? new TomlInteger(whole)
        : new TomlFloat(double.Parse(digits, System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>The value of a key of this table itself; setting replaces the value and keeps its place.</summary>
    public TomlValue? this[string key]
    {
        get => _entries.Find(entry => entry.Key == key).Value;
        set
        {
            var index = _entries.FindIndex(entry => entry.Key == key);
            if (value is null)
            {
                if (index >= 0) _entries.RemoveAt(index);
                return;
            }

            var entry = KeyValuePair.Create(key, value);
            if (index >= 0) _entries[index] = entry;
            else _entries.Add(entry);
        }
    }

    /// <summary>The value at a path such as <c>security.cert-path</c>; null where there is none.</summary>
    public TomlValue? Find(string path)
    {
        TomlValue? value = this;
        foreach (var key in path.Split('.'))
        {
            value = (value as TomlTable)?[key];
            if (value is null) return null;
        }

        return value;
    }

    /// <summary>The text at a path; null where there is none or something else.</summary>
    public string? FindText(string path) => (Find(path) as TomlString)?.Value;

    /// <summary>Sets the value at a path; what is no table on the way there is replaced by one.</summary>
    public void Set(string path, TomlValue value)
    {
        var keys = path.Split('.');
        var table = this;
        foreach (var key in keys[..^1])
        {
            if (table[key] is not TomlTable inner) table[key] = inner = new TomlTable();
            table = inner;
        }

        table[keys[^1]] = value;
    }

    /// <summary>Takes out what is at a path, and the tables on the way there that are empty without it.</summary>
    public void Remove(string path)
    {
        var dot = path.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0)
        {
            this[path] = null;
            return;
        }

        if (this[path[..dot]] is not TomlTable inner) return;
        inner.Remove(path[(dot + 1)..]);
        if (inner.Entries.Count == 0) this[path[..dot]] = null;
    }

    /// <summary>Sets the value at a path only where the user left it out.</summary>
    public void SetIfAbsent(string path, TomlValue value)
    {
        if (Find(path) is null) Set(path, value);
    }

    /// <summary>A copy that shares nothing that can change.</summary>
    public TomlTable Copy()
    {
        var copy = new TomlTable();
        foreach (var (key, value) in _entries) copy._entries.Add(KeyValuePair.Create(key, Copy(value)));
        return copy;
    }

    private static TomlValue Copy(TomlValue value) => value switch
    {
        TomlTable table => table.Copy(),
        TomlArray array => new TomlArray([.. array.Items.Select(Copy)]),
        _ => value,
    };

    /// <summary>The same in ordinal order of the keys: the same text for everything that means the same.</summary>
    public TomlTable Sorted()
    {
        var sorted = new TomlTable();
        foreach (var (key, value) in _entries.OrderBy(entry => entry.Key, StringComparer.Ordinal))
            sorted._entries.Add(KeyValuePair.Create(key, Sorted(value)));
        return sorted;
    }

    private static TomlValue Sorted(TomlValue value) => value switch
    {
        TomlTable table => table.Sorted(),
        TomlArray array => new TomlArray([.. array.Items.Select(Sorted)]),
        _ => value,
    };

    /// <summary>The table as a whole file.</summary>
    public string Write() => TomlWriter.Document(this);

    public bool Equals(TomlTable? other) =>
        other is not null && _entries.Count == other._entries.Count
        && _entries.TrueForAll(entry => entry.Value.Equals(other[entry.Key]));

    public override int GetHashCode() => _entries.Count;
}

/// <summary>How a table came to be in a file.</summary>
internal enum TomlOrigin
{
    /// <summary>On the way to another, as <c>a</c> in <c>[a.b]</c>: it may still get a header of its own.</summary>
    Implied,

    /// <summary>By a header.</summary>
    Header,

    /// <summary>By a dotted key: only dotted keys beside it may add to it.</summary>
    DottedKey,

    /// <summary>By <c>{ … }</c>: nothing may be added.</summary>
    Inline,
}
