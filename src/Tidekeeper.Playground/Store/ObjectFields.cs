using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tidekeeper.Playground.Store;

/// <summary>
/// Reading of Kubernetes objects kept as JSON. A field of another type than expected reads as absent: what the
/// schema would refuse never reaches a caller that relies on it.
/// </summary>
public static class ObjectFields
{
    public static string Name(this JsonObject item) => item.Text("metadata", "name") ?? "";
    public static string? Namespace(this JsonObject item) => item.Text("metadata", "namespace");
    public static string Uid(this JsonObject item) => item.Text("metadata", "uid") ?? "";
    public static string Kind(this JsonObject item) => item.Text("kind") ?? "";

    /// <summary>The version at which the object was last written; 0 when it carries none.</summary>
    public static long ResourceVersion(this JsonObject item) =>
        long.TryParse(item.Text("metadata", "resourceVersion"), out var version) ? version : 0;

    public static bool IsBeingDeleted(this JsonObject item) => item.At("metadata", "deletionTimestamp") is not null;

    /// <summary>The metadata of an object that may be changed; made when missing.</summary>
    public static JsonObject Metadata(this JsonObject item) => item.Section("metadata");

    /// <summary>A member that is an object; made when missing, replaced when it is something else.</summary>
    public static JsonObject Section(this JsonObject item, string name)
    {
        if (item[name] is JsonObject found)
            return found;
        var made = new JsonObject();
        item[name] = made;
        return made;
    }

    /// <summary>The node at a path of member names, or null.</summary>
    public static JsonNode? At(this JsonNode? node, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (node is not JsonObject parent || !parent.TryGetPropertyValue(name, out node))
                return null;
        }

        return node;
    }

    public static JsonObject? ObjectAt(this JsonNode? node, params ReadOnlySpan<string> path) =>
        node.At(path) as JsonObject;

    public static JsonArray? ArrayAt(this JsonNode? node, params ReadOnlySpan<string> path) =>
        node.At(path) as JsonArray;

    /// <summary>The objects in an array; anything else in it is passed over.</summary>
    public static IEnumerable<JsonObject> ObjectsAt(this JsonNode? node, params ReadOnlySpan<string> path) =>
        node.At(path) is JsonArray array ? array.OfType<JsonObject>() : [];

    public static IEnumerable<string> TextsAt(this JsonNode? node, params ReadOnlySpan<string> path) =>
        node.At(path) is JsonArray array ? array.Select(each => each.Text()).OfType<string>() : [];

    public static string? Text(this JsonNode? node, params ReadOnlySpan<string> path) =>
        node.At(path) is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    /// <summary>A whole number, whichever .NET type the value was made from.</summary>
    public static long? Number(this JsonNode? node, params ReadOnlySpan<string> path)
    {
        if (node.At(path) is not JsonValue value || value.GetValueKind() != JsonValueKind.Number)
            return null;
        if (value.TryGetValue(out long wide))
            return wide;
        if (value.TryGetValue(out int narrow))
            return narrow;
        return value.TryGetValue(out double real) && Math.Floor(real) == real ? (long)real : null;
    }

    public static bool? Flag(this JsonNode? node, params ReadOnlySpan<string> path) =>
        node.At(path) is JsonValue value && value.TryGetValue(out bool flag) ? flag : null;

    public static JsonObject Copy(this JsonObject item) => (JsonObject)item.DeepClone();

    /// <summary>Deep equality where a missing node equals only a missing node.</summary>
    public static bool Same(JsonNode? left, JsonNode? right) => JsonNode.DeepEquals(left, right);
}
