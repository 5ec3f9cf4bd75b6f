using System.Globalization;
using System.Text;

namespace Tidekeeper.Model.Toml;

/// <summary>Writes TOML 1.0, in the order of the tables: first what is plain, then the inner tables.</summary>
internal static class TomlWriter
{
    public static string Document(TomlTable table)
    {
        var text = new StringBuilder();
        WriteBody(text, table, "");
        return text.ToString();
    }

    private static void WriteBody(StringBuilder text, TomlTable table, string path)
    {
        foreach (var (key, value) in table.Entries)
        {
            if (!HasHeader(value)) text.Append(Key(key)).Append(" = ").Append(Inline(value)).Append('\n');
        }

        foreach (var (key, value) in table.Entries)
        {
            var inner = path.Length == 0 ? Key(key) : $"{path}.{Key(key)}";
            if (value is TomlTable one) WriteTable(text, one, inner);
            if (value is not TomlArray { IsOfTables: true } many) continue;
            foreach (var item in many.Items)
            {
                Separate(text).Append("[[").Append(inner).Append("]]\n");
                WriteBody(text, (TomlTable)item, inner);
            }
        }
    }

    // A table that only holds tables needs no header of its own, unless it is empty and would be lost.
    private static void WriteTable(StringBuilder text, TomlTable table, string path)
    {
        if (table.Entries.Count == 0 || table.Entries.Any(entry => !HasHeader(entry.Value)))
            Separate(text).Append('[').Append(path).Append("]\n");
        WriteBody(text, table, path);
    }

    private static StringBuilder Separate(StringBuilder text) => text.Length == 0 ? text : text.Append('\n');

    private static bool HasHeader(TomlValue value) => value is TomlTable or TomlArray { IsOfTables: true };

    public static string Inline(TomlValue value) => value switch
    {
        TomlString text => Quote(text.Value),
        TomlInteger number => number.Value.ToString(CultureInfo.InvariantCulture),
        TomlFloat number => Float(number.Value),
        TomlBoolean truth => truth.Value ? "true" : "false",
        TomlTime time => time.Value,
        TomlArray array => $"[{string.Join(", ", array.Items.Select(Inline))}]",
        TomlTable { Entries.Count: 0 } => "{}",
        TomlTable table =>
            $"{{ {string.Join(", ", table.Entries.Select(one => $"{Key(one.Key)} = {Inline(one.Value)}"))} }}",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static string Float(double number)
    {
        if (double.IsNaN(number)) return "nan";
        if (double.IsInfinity(number)) return number > 0 ? "inf" : "-inf";
        var text = number.ToString("R", CultureInfo.InvariantCulture);
        return text.AsSpan().IndexOfAny('.', 'E') < 0 ? text + ".0" : text;
    }

    private static string Key(string key) => key.Length > 0 && key.All(TomlParser.IsBare) ? key : Quote(key);

    private static string Quote(string value)
    {
        var text = new StringBuilder("\"");
        foreach (var one in value)
        {
            text.Append(one switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\t' => "\\t",
                '\r' => "\\r",
                _ when char.IsControl(one) => "\\u" + ((int)one).ToString("X4", CultureInfo.InvariantCulture),
                _ => one.ToString(),
            });
        }

        return text.Append('"').ToString();
    }
}
