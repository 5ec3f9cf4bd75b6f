using System.Text.Json.Nodes;

namespace Tidekeeper.Operator;

/// <summary>JSON merge patches (RFC 7386).</summary>
public static class MergePatch
{
    /// <summary>What makes <paramref name="to"/> of <paramref name="from"/>; null when they are equal.</summary>
    public static JsonObject? Between(JsonObject from, JsonObject to)
    {
        var patch = new JsonObject();
        foreach (var (name, _) in from)
            if (!to.ContainsKey(name))
                patch[name] = null;
        foreach (var (name, value) in to)
        {
            from.TryGetPropertyValue(name, out var before);
            if (before is JsonObject left && value is JsonObject right)
            {
                if (Between(left, right) is { } inner)
                    patch[name] = inner;
            }
            else if (!JsonNode.DeepEquals(before, value))
            {
                patch[name] = value?.DeepClone();
            }
        }

        return patch.Count == 0 ? null : patch;
    }
}
