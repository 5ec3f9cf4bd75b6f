using System.Text.Json.Nodes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Api.Writes;

/// <summary>The form in which every object is stored: one order of metadata fields, nothing that is empty.</summary>
internal static class MetadataForm
{
    /// <summary>Set by the server alone.</summary>
    public static readonly IReadOnlyList<string> ServerFields =
    [
        "uid", "resourceVersion", "generation", "creationTimestamp", "deletionTimestamp",
        "deletionGracePeriodSeconds", "selfLink",
    ];

    private static readonly IReadOnlyList<string> Order =
    [
        "name", "generateName", "namespace", "uid", "resourceVersion", "generation", "creationTimestamp",
        "deletionTimestamp", "deletionGracePeriodSeconds", "labels", "annotations", "ownerReferences", "finalizers",
        "managedFields",
    ];

    public static void Tidy(JsonObject item)
    {
        var metadata = item.Metadata();
        if (!IsTidy(metadata))
            item["metadata"] = Tidied(metadata);
        if (item.GetAt(0).Key == "kind" && item.Count > 2 && item.GetAt(2).Key == "metadata")
            return;
        var order = item.Select(each => each.Key).OrderBy(name => name switch
        {
            "kind" => 0,
            "apiVersion" => 1,
            "metadata" => 2,
            "status" => 4,
            _ => 3,
        }).ToList();
        foreach (var name in order)
        {
            var value = item[name];
            item.Remove(name);
            item[name] = value;
        }
    }

    private static bool IsTidy(JsonObject metadata)
    {
        var last = -1;
        foreach (var (name, value) in metadata)
        {
            var at = -1;
            for (var i = 0; i < Order.Count && at < 0; i++)
                at = Order[i] == name ? i : -1;
            if (at <= last || IsEmpty(value))
                return false;
            last = at;
        }

        return true;
    }

    private static JsonObject Tidied(JsonObject metadata)
    {
        var tidied = new JsonObject();
        foreach (var name in Order)
        {
            var value = metadata[name];
            metadata.Remove(name);
            if (!IsEmpty(value))
                tidied[name] = value;
        }

        return tidied;
    }

    private static bool IsEmpty(JsonNode? value) => value switch
    {
        null => true,
        JsonObject { Count: 0 } or JsonArray { Count: 0 } => true,
        JsonValue simple => simple.Text() is "",
        _ => false,
    };
}
