using System.Text.Json.Nodes;

namespace Tidekeeper.Playground.Api.Writes;

/// <summary>RFC 7386: objects are merged, null removes, everything else replaces.</summary>
internal static class MergePatch
{
    public static JsonObject Apply(JsonObject target, JsonNode? patch)
    {
        if (patch is not JsonObject changes)
            throw ApiFault.BadPatch("array", "map[string]interface {}");
        foreach (var (name, change) in changes)
        {
            if (change is null)
                target.Remove(name);
            else if (change is JsonObject inner)
                target[name] = Apply((target[name] as JsonObject)?.DeepClone() as JsonObject ?? [], inner);
            else
                target[name] = change.DeepClone();
        }

        return target;
    }
}
