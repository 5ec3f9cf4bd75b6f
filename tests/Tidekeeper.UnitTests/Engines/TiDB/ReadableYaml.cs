using System.Text;
using System.Text.Json.Nodes;

namespace Tidekeeper.UnitTests.Engines.TiDB;

/// <summary>
/// Documents as a person would write them, for golden files: owner references and hashes are the same everywhere and
/// left out, and scripts, which have tests of their own, are shortened to their first line.
/// </summary>
internal static class ReadableYaml
{
    public static void Document(StringBuilder text, JsonObject document)
    {
        var copy = (JsonObject)document.DeepClone();
        var metadata = copy["metadata"]!.AsObject();
        metadata.Remove("ownerReferences");
        if (metadata["annotations"] is JsonObject annotations)
        {
            annotations.Remove("tidekeeper.io/rendered");
            if (annotations.Count == 0)
                metadata.Remove("annotations");
        }

        text.Append("---\n");
        Map(text, copy, 0);
    }

    private static void Map(StringBuilder text, JsonObject map, int indent)
    {
        foreach (var (key, value) in map)
            Field(text.Append(' ', indent).Append(key).Append(':'), value, indent);
    }

    private static void Field(StringBuilder text, JsonNode? value, int indent)
    {
        switch (value)
        {
            case JsonObject { Count: > 0 } map:
                Map(text.Append('\n'), map, indent + 2);
                break;
            case JsonArray { Count: > 0 } list:
                List(text.Append('\n'), list, indent);
                break;
            default:
                Scalar(text.Append(' '), value, indent + 2);
                break;
        }
    }

    private static void List(StringBuilder text, JsonArray list, int indent)
    {
        foreach (var item in list)
        {
            text.Append(' ', indent).Append("- ");
            if (item is JsonObject { Count: > 0 } map)
            {
                var first = true;
                foreach (var (key, value) in map)
                {
                    text.Append(' ', first ? 0 : indent + 2).Append(key).Append(':');
                    Field(text, value, indent + 2);
                    first = false;
                }
            }
            else
            {
                Scalar(text, item, indent + 2);
            }
        }
    }

    private static void Scalar(StringBuilder text, JsonNode? value, int indent)
    {
        if (value is not JsonValue scalar || !scalar.TryGetValue<string>(out var words))
        {
            text.Append(value?.ToJsonString() ?? "null").Append('\n');
            return;
        }

        if (!words.Contains('\n', StringComparison.Ordinal))
        {
            text.Append(Quoted(words)).Append('\n');
            return;
        }

        text.Append("|\n");
        var lines = words.TrimEnd('\n').Split('\n');
        var isScript = lines[0] is "#!/bin/sh" or "set -eu";
        foreach (var line in isScript ? lines[..1] : lines)
            text.Append(' ', line.Length > 0 ? indent : 0).Append(line).Append('\n');
    }

    private static string Quoted(string words)
    {
        var plain = words.Length > 0 && char.IsLetter(words[0]) && words is not ("true" or "false" or "null")
            && !words.Contains(": ", StringComparison.Ordinal) && !words.Contains(" #", StringComparison.Ordinal);
        return plain || words.StartsWith('/') ? words : $"\"{words.Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
    }
}
