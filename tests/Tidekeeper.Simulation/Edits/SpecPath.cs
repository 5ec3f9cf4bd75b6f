using System.Text.Json.Nodes;

namespace Tidekeeper.Simulation.Edits;

/// <summary>Properties of a spec by their path, such as <c>spec.tikv.requests.storage</c>.</summary>
internal static class SpecPath
{
    public static JsonNode? Get(JsonObject spec, string path)
    {
        JsonNode? node = spec;
        foreach (var name in Names(path))
            node = (node as JsonObject)?[name];
        return node;
    }

    /// <summary>Makes what is missing on the way; null removes the property and leaves its parents.</summary>
    public static void Set(JsonObject spec, string path, JsonNode? value)
    {
        var names = Names(path);
        var parent = spec;
        foreach (var name in names[..^1])
        {
            if (parent[name] is not JsonObject inner)
            {
                if (value is null)
                    return;
                parent[name] = inner = [];
            }

            parent = inner;
        }

        if (value is null)
            parent.Remove(names[^1]);
        else
            parent[names[^1]] = value;
    }

    public static string Last(string path) => path[(path.LastIndexOf('.') + 1)..];

    private static string[] Names(string path) => path.Split('.')[1..];
}
