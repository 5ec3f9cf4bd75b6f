using System.Text.Json.Nodes;

namespace Tidekeeper.Engines.TiDB.Adoption;

/// <summary>
/// Where two specs differ, as paths that a person can look up; what the API server fills in is no difference.
/// </summary>
internal static class Differences
{
    /// <summary>Lists whose elements are told apart by a field, so that those that go are seen as well.</summary>
    private static readonly SortedDictionary<string, string> Keys = new(StringComparer.Ordinal)
    {
        ["containers"] = "name",
        ["initContainers"] = "name",
        ["volumes"] = "name",
        ["ports"] = "name"
    };

    public static IReadOnlyList<string> Of(JsonNode has, JsonNode wanted)
    {
        var paths = new SortedSet<string>(StringComparer.Ordinal);
        Collect(has, wanted, "", paths);
        paths.Remove("replicas");
        paths.RemoveWhere(path => path.StartsWith("updateStrategy", StringComparison.Ordinal));
        return [.. paths.Select(path => path.Replace("template.spec.", "", StringComparison.Ordinal))];
    }

    private static void Collect(JsonNode? has, JsonNode? wanted, string path, SortedSet<string> paths)
    {
        if (wanted is JsonObject map && has is JsonObject)
        {
            foreach (var (field, value) in map)
                Field(has[field], value, field, path, paths);
        }
        else if (!JsonContent.Contains(has, wanted))
        {
            paths.Add(path);
        }
    }

    private static void Field(JsonNode? has, JsonNode? wanted, string field, string path, SortedSet<string> paths)
    {
        var here = path.Length == 0 ? field : $"{path}.{field}";
        if (!Keys.TryGetValue(field, out var key) || wanted is not JsonArray list)
        {
            // Labels and annotations, probes and mounts are named as a whole.
            var isDeep = field is "template" or "spec" or "metadata";
            if (isDeep)
                Collect(has, wanted, here, paths);
            else if (!JsonContent.Contains(has, wanted))
                paths.Add(here);
            return;
        }

        foreach (var item in list)
        {
            var name = (string?)item?[key];
            var other = (has as JsonArray)?.FirstOrDefault(one => (string?)one?[key] == name);
            if (other is null)
                paths.Add($"{here}[+{name}]");
            else if (field is "containers" or "initContainers")
                Collect(other, item, $"{here}[{name}]", paths);
            else if (!JsonContent.Contains(other, item))
                paths.Add($"{here}[{name}]");
        }

        foreach (var item in has as JsonArray ?? [])
        {
            if (list.All(one => (string?)one?[key] != (string?)item?[key]))
                paths.Add($"{here}[-{(string?)item?[key]}]");
        }
    }
}
