using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Tidekeeper.Model.Crds;

/// <summary>
/// Writes JSON as YAML, always the same way for the same tree, in the order of the tree. It only writes what YAML 1.1
/// and 1.2 read alike.
/// </summary>
public static partial class YamlText
{
    private const int Width = 110;

    public static string Write(JsonNode? node)
    {
        var text = new StringBuilder();
        switch (node)
        {
            case JsonObject { Count: > 0 } map: WriteMap(text, map, 0); break;
            case JsonArray { Count: > 0 } list: WriteList(text, list, 0); break;
            default: text.Append(Scalar(node)).Append('\n'); break;
        }

        return text.ToString();
    }

    private static void WriteMap(StringBuilder text, JsonObject map, int indent)
    {
        var first = true;
        foreach (var (key, value) in map)
        {
            // The first key of a map in a list stands on the line of the dash.
            if (!first || text.Length == 0 || text[^1] == '\n') text.Append(' ', indent);
            first = false;
            text.Append(Plain(key) ? key : Quoted(key)).Append(':');
            WriteValue(text, value, indent);
        }
    }

    private static void WriteValue(StringBuilder text, JsonNode? value, int indent)
    {
        switch (value)
        {
            case JsonObject { Count: > 0 } inner:
                text.Append('\n');
                WriteMap(text, inner, indent + 2);
                break;
            case JsonArray { Count: > 0 } list:
                text.Append('\n');
                WriteList(text, list, indent);
                break;
            case JsonValue one when one.TryGetValue(out string? words) && CanFold(words, indent):
                WriteFolded(text, words, indent + 2);
                break;
            default:
                text.Append(' ').Append(Scalar(value)).Append('\n');
                break;
        }
    }

    private static void WriteList(StringBuilder text, JsonArray list, int indent)
    {
        foreach (var item in list)
        {
            text.Append(' ', indent).Append('-');
            switch (item)
            {
                case JsonObject { Count: > 0 } map:
                    text.Append(' ');
                    WriteMap(text, map, indent + 2);
                    break;
                case JsonArray { Count: > 0 } inner:
                    text.Append('\n');
                    WriteList(text, inner, indent + 2);
                    break;
                default:
                    text.Append(' ').Append(Scalar(item)).Append('\n');
                    break;
            }
        }
    }

    // Folding joins lines by one space, so the text must have single spaces only.
    private static bool CanFold(string value, int indent) =>
        value.Length + indent > Width && !value.Contains("  ", StringComparison.Ordinal)
        && value[0] != ' ' && value[^1] != ' ' && !value.Any(char.IsControl);

    private static void WriteFolded(StringBuilder text, string value, int indent)
    {
        text.Append(" >-\n").Append(' ', indent);
        var column = indent;
        foreach (var word in value.Split(' '))
        {
            if (column > indent && column + word.Length + 1 > Width)
            {
                text.Append('\n').Append(' ', indent);
                column = indent;
            }
            else if (column > indent)
            {
                text.Append(' ');
                column++;
            }

            text.Append(word);
            column += word.Length;
        }

        text.Append('\n');
    }

    private static string Scalar(JsonNode? node) => node switch
    {
        null => "null",
        JsonObject => "{}",
        JsonArray => "[]",
        _ when node.GetValueKind() == JsonValueKind.String => Text(node.GetValue<string>()),
        _ => node.ToJsonString(),
    };

    private static string Text(string value) => Plain(value) ? value : Quoted(value);

    private static bool Plain(string value) =>
        PlainText().IsMatch(value) && !Ambiguous().IsMatch(value) && !value.Contains(": ", StringComparison.Ordinal)
        && !value.Contains(" #", StringComparison.Ordinal) && value[^1] is not (':' or ' ');

    private static string Quoted(string value)
    {
        if (!value.Any(char.IsControl)) return $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";
        var text = new StringBuilder("\"");
        foreach (var one in value)
        {
            text.Append(one switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\t' => "\\t",
                _ when char.IsControl(one) => "\\u" + ((int)one).ToString("x4", CultureInfo.InvariantCulture),
                _ => one.ToString(),
            });
        }

        return text.Append('"').ToString();
    }

    [GeneratedRegex(@"^[A-Za-z0-9_./<(][^\p{C}]*$")]
    private static partial Regex PlainText();

    // What some reader of YAML takes for a number, a truth, a date, nothing or a merge.
    [GeneratedRegex(@"^([0-9.].*|~|null|true|false|yes|no|on|off|y|n|<<.*|=)$", RegexOptions.IgnoreCase)]
    private static partial Regex Ambiguous();
}
