using System.Globalization;
using Tidekeeper.Model.Toml;

namespace Tidekeeper.Playground.Databases.TiDB.Processes;

/// <summary>A value in the configuration that the binary refuses to start with.</summary>
internal sealed class ConfigFault(string what) : Exception(what);

/// <summary>Reads values with the type that the binary expects of them.</summary>
internal static class TypedConfig
{
    private const StringSplitOptions Listed = StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries;

    public static string? Text(this TomlTable file, string name, string owner) => file.Find(name) switch
    {
        null => null,
        TomlString text => text.Value,
        var other => throw Wrong(name, owner, "string", other),
    };

    public static long? Number(this TomlTable file, string name, string owner) => file.Find(name) switch
    {
        null => null,
        TomlInteger { Value: >= 0 } number => number.Value,
        var other => throw Wrong(name, owner, "uint64", other),
    };

    public static IReadOnlyList<string>? Texts(this TomlTable file, string name, string owner) => file.Find(name) switch
    {
        null => null,
        TomlString text => text.Value.Split(',', Listed),
        TomlArray list when list.Items.All(i => i is TomlString) => [.. list.Items.Select(i => ((TomlString)i).Value)],
        var other => throw Wrong(name, owner, "[]string", other),
    };

    /// <summary>The entries of a table, such as labels, as text.</summary>
    public static IEnumerable<(string Key, string Value)> Entries(this TomlTable file, string name) =>
        file.Find(name) is TomlTable table
            ? table.Entries.Select(e => (e.Key, e.Value is TomlString text ? text.Value : e.Value.ToString()))
            : [];

    /// <summary>The port of an address such as <c>0.0.0.0:2379</c> or <c>http://0.0.0.0:2379</c>.</summary>
    public static int Port(this TomlTable file, string name, string owner, int otherwise)
    {
        if (file.Text(name, owner) is not { Length: > 0 } address)
            return otherwise;
        var port = address.TrimEnd('/')[(address.LastIndexOf(':') + 1)..];
        return int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number is > 0 and < 65536
            ? number
            : throw new ConfigFault($"{name}: invalid address \"{address}\": it needs a port from 1 to 65535");
    }

    private static ConfigFault Wrong(string name, string owner, string type, TomlValue given) =>
        new($"incompatible types: TOML value has type {Kind(given)}; {owner} field {name} is of type {type}");

    private static string Kind(TomlValue value) => value switch
    {
        TomlString => "string",
        TomlInteger => "integer",
        TomlFloat => "float",
        TomlBoolean => "bool",
        TomlArray => "array",
        _ => "table",
    };
}
