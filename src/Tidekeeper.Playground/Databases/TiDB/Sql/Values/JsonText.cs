using System.Text;
using System.Text.Json.Nodes;

namespace Tidekeeper.Playground.Databases.TiDB.Sql;

/// <summary>JSON as MySQL writes it: a space after colons and commas, keys by length and then by their bytes.</summary>
internal static class JsonText
{
    public static string Write(JsonNode? node)
    {
        var text = new StringBuilder();
        Write(text, node);
        return text.ToString();
    }

    private static void Write(StringBuilder text, JsonNode? node)
    {
        switch (node)
        {
            case null:
                text.Append("null");
                break;
            case JsonObject members:
                text.Append('{');
                WriteMembers(text, members);
                text.Append('}');
                break;
            case JsonArray items:
                text.Append('[');
                for (var i = 0; i < items.Count; i++)
                {
                    text.Append(i == 0 ? "" : ", ");
                    Write(text, items[i]);
                }

                text.Append(']');
                break;
            default:
                text.Append(node.GetValueKind() == System.Text.Json.JsonValueKind.String
                    ? Quote(node.GetValue<string>()) : node.ToJsonString());
                break;
        }
    }

    private static void WriteMembers(StringBuilder text, JsonObject members)
    {
        var first = true;
        foreach (var (name, value) in members.OrderBy(m => m.Key.Length).ThenBy(m => m.Key, StringComparer.Ordinal))
        {
            text.Append(first ? "" : ", ").Append(Quote(name)).Append(": ");
            Write(text, value);
            first = false;
        }
    }

    private static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var c in text)
        {
            _ = c switch
            {
                '"' or '\\' => quoted.Append('\\').Append(c),
                '\n' => quoted.Append("\\n"),
                '\r' => quoted.Append("\\r"),
                '\t' => quoted.Append("\\t"),
                '\b' => quoted.Append("\\b"),
                '\f' => quoted.Append("\\f"),
                < ' ' => quoted.Append($"\\u{(int)c:x4}"),
                _ => quoted.Append(c),
            };
        }

        return quoted.Append('"').ToString();
    }
}
