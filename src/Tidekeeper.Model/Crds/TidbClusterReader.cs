using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tidekeeper.Model.Crds;

/// <summary>Reads a TidbCluster as it is stored, which may be older than today's rules.</summary>
public static class TidbClusterReader
{
    private static readonly Lazy<SchemaRule> Rules =
        new(() => new SchemaRule((JsonObject)CrdDocument.Schema(XmlDocs.None)["properties"]!["spec"]!));

    /// <summary>
    /// The cluster, and what in its spec breaks the schema. What cannot be read at all is left out of the cluster and
    /// named among the problems, so that the rest can still be judged. The cluster is null only where the item has no
    /// metadata to act upon. A status that cannot be read is left out without a word, since the operator wrote it and
    /// makes it anew.
    /// </summary>
    public static (TidbCluster? Cluster, IReadOnlyList<Problem> Problems) Read(JsonElement item)
    {
        var problems = new List<Problem>();
        if (item.ValueKind != JsonValueKind.Object) return (null, [NoObject("the item")]);
        var metadata = TryRead(item, "metadata", TidbClusterJson.Default.ClusterMetadata);
        if (metadata is null) return (null, [NoObject("metadata")]);
        var cluster = new TidbCluster
        {
            Metadata = metadata,
            Spec = ReadSpec(item, problems),
            Status = TryRead(item, "status", TidbClusterJson.Default.TidbClusterStatus),
        };
        return (cluster, problems);
    }

    private static TidbClusterSpec ReadSpec(JsonElement item, List<Problem> problems)
    {
        if (!item.TryGetProperty("spec", out var spec) || spec.ValueKind != JsonValueKind.Object)
        {
            problems.Add(new Problem("spec", "", "is missing", "write what the cluster shall be"));
            return new TidbClusterSpec();
        }

        var unreadable = new List<string>();
        Rules.Value.Check(spec, "spec", problems, unreadable);
        try
        {
            return unreadable.Count == 0
                ? spec.Deserialize(TidbClusterJson.Default.TidbClusterSpec)!
                : Without(spec, unreadable).Deserialize(TidbClusterJson.Default.TidbClusterSpec)!;
        }
        catch (JsonException fault)
        {
            // The schema is made from the same types, so this would be a fault of the check above: still only this
            // cluster's problem, and still named.
            problems.Add(new Problem($"spec{fault.Path?.TrimStart('$')}", "", "cannot be read", "correct it"));
            return new TidbClusterSpec();
        }
    }

    private static T? TryRead<T>(
        JsonElement item, string name, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) where T : class
    {
        try
        {
            return item.TryGetProperty(name, out var part) ? part.Deserialize(type) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // Paths are those that SchemaRule makes. Nothing below an unreadable value is checked, so no path contains another.
    private static JsonNode Without(JsonElement spec, List<string> unreadable)
    {
        var root = JsonNode.Parse(spec.GetRawText())!;
        Prune(root, "spec", new SortedSet<string>(unreadable, StringComparer.Ordinal));
        return root;
    }

    private static void Prune(JsonNode node, string path, SortedSet<string> unreadable)
    {
        if (node is JsonObject map)
        {
            foreach (var name in map.Select(entry => entry.Key).ToList())
            {
                var inner = SchemaRule.Join(path, name);
                if (unreadable.Contains(inner)) map.Remove(name);
                else if (map[name] is { } value) Prune(value, inner, unreadable);
            }
        }
        else if (node is JsonArray list)
        {
            for (var i = list.Count - 1; i >= 0; i--)
            {
                var inner = $"{path}[{i}]";
                if (unreadable.Contains(inner)) list.RemoveAt(i);
                else if (list[i] is { } value) Prune(value, inner, unreadable);
            }
        }
    }

    private static Problem NoObject(string field) =>
        new(field, "", "is no object", "give the whole object with its metadata");
}
