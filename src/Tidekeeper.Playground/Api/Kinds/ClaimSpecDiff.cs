using System.Text.Json.Nodes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Api.Kinds;

/// <summary>
/// The difference between two claim specs as the real server prints it at the end of a refusal: a unified diff of the
/// Go structure written as indented JSON.
/// </summary>
internal static class ClaimSpecDiff
{
    public static string Between(JsonObject old, JsonObject item) =>
        InternalDiff.Between(Lines(old["spec"]), Lines(item["spec"]));

    private static List<string> Lines(JsonNode? spec)
    {
        var lines = new List<string> { "{" };
        Texts(lines, "AccessModes", spec.At("accessModes"));
        lines.Add(spec.At("selector") is null ? " \"Selector\": null," : " \"Selector\": {},");
        lines.Add(" \"Resources\": {");
        Map(lines, "Limits", spec.At("resources", "limits"), ",");
        Map(lines, "Requests", spec.At("resources", "requests"), "");
        lines.Add(" },");
        lines.Add($" \"VolumeName\": \"{spec.Text("volumeName")}\",");
        lines.Add($" \"StorageClassName\": {Quoted(spec.Text("storageClassName"))},");
        lines.Add($" \"VolumeMode\": {Quoted(spec.Text("volumeMode"))},");
        lines.Add(" \"DataSource\": null,");
        lines.Add(" \"DataSourceRef\": null,");
        lines.Add($" \"VolumeAttributesClassName\": {Quoted(spec.Text("volumeAttributesClassName"))}");
        lines.Add("}");
        return lines;
    }

    private static void Texts(List<string> lines, string name, JsonNode? list)
    {
        var texts = list.TextsAt().ToList();
        lines.Add($" \"{name}\": [");
        lines.AddRange(texts.Select((text, at) => $"  \"{text}\"" + (at < texts.Count - 1 ? "," : "")));
        lines.Add(" ],");
    }

    private static void Map(List<string> lines, string name, JsonNode? map, string comma)
    {
        if (map is not JsonObject { Count: > 0 } entries)
        {
            lines.Add($"  \"{name}\": null{comma}");
            return;
        }

        lines.Add($"  \"{name}\": {{");
        var sorted = entries.OrderBy(each => each.Key, StringComparer.Ordinal).ToList();
        lines.AddRange(sorted.Select((each, at) =>
            $"   \"{each.Key}\": \"{each.Value.Text()}\"" + (at < sorted.Count - 1 ? "," : "")));
        lines.Add("  }" + comma);
    }

    private static string Quoted(string? text) => text is null ? "null" : $"\"{text}\"";
}
