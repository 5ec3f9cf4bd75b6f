using System.Text.Json.Nodes;

namespace Tidekeeper.Engines.TiDB.Objects;

/// <summary>
/// The user's containers, laid over ours by name as a strategic merge patch would: maps are merged, lists with a key
/// are merged by it, other lists and values are replaced, null removes.
/// </summary>
internal static class Merge
{
    /// <summary>Containers with a known name change that container; others are appended.</summary>
    public static JsonArray Containers(JsonArray ours, JsonArray? theirs)
    {
        var merged = List(ours, theirs, "name");
        // The protocol is part of a port's key: server-side apply of Kubernetes 1.20 fails (500) where it is missing.
        foreach (var container in merged.OfType<JsonObject>())
            foreach (var port in (container["ports"] as JsonArray ?? []).OfType<JsonObject>())
                port["protocol"] ??= "TCP";
        return merged;
    }

    private static JsonArray List(JsonArray ours, JsonArray? theirs, string key)
    {
        var merged = Document.Copy(ours);
        foreach (var item in theirs ?? [])
        {
            var place = item is JsonObject ? IndexOf(merged, key, item[key]) : -1;
            if (place < 0)
                merged.Add(item?.DeepClone());
            else
                merged[place] = Maps((JsonObject)merged[place]!, (JsonObject)item!);
        }

        return merged;
    }

    private static JsonObject Maps(JsonObject ours, JsonObject theirs)
    {
        var merged = Document.Copy(ours);
        foreach (var (field, value) in theirs)
        {
            if (value is null)
                merged.Remove(field);
            else if (value is JsonObject map && merged[field] is JsonObject mine)
                merged[field] = Maps(mine, map);
            else if (value is JsonArray list && merged[field] is JsonArray my && KeyOf(field) is { } key)
                merged[field] = List(my, list, key);
            else
                merged[field] = value.DeepClone();
        }

        return merged;
    }

    private static string? KeyOf(string field) => field switch
    {
        "env" => "name",
        "volumeMounts" => "mountPath",
        "ports" => "containerPort",
        "volumeDevices" => "devicePath",
        _ => null
    };

    private static int IndexOf(JsonArray list, string key, JsonNode? value)
    {
        for (var at = 0; at < list.Count; at++)
        {
            if (value is not null && list[at] is JsonObject item && JsonNode.DeepEquals(item[key], value))
                return at;
        }

        return -1;
    }
}
