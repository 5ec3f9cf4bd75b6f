using System.Text.Json.Nodes;

namespace Tidekeeper.Model.Kubernetes;

/// <summary>
/// Makes the fields that v1 wrote fields that we applied. A server-side apply removes only what its own manager applied
/// before: without this, whatever v1 wrote and we do not (a probe of another kind, a variable, a volume) would stay.
/// </summary>
public static class ManagedFieldsOfV1
{
    /// <summary>The new <c>managedFields</c> of an object; null when they need not change.</summary>
    public static JsonArray? TakenOver(JsonObject metadata)
    {
        var entries = (metadata["managedFields"] as JsonArray ?? []).OfType<JsonObject>().ToList();
        // What we wrote when we gave an object back is as little an apply as what v1 wrote.
        var taken = entries.Where(entry => string.IsNullOrEmpty((string?)entry["subresource"])
            && (IsOurs(entry) ? (string?)entry["operation"] == "Update" : IsV1s(entry))).ToList();
        if (taken.Count == 0)
            return null;
        var ours = entries.FirstOrDefault(entry => IsOurs(entry) && (string?)entry["operation"] == "Apply");
        var fields = new JsonObject();
        foreach (var entry in ours is null ? taken : taken.Append(ours))
            Lay(fields, entry["fieldsV1"] as JsonObject ?? []);
        var next = (JsonObject)(ours ?? taken[0]).DeepClone();
        next["manager"] = Labels.FieldManager;
        next["operation"] = "Apply";
        next["fieldsV1"] = fields;
        return
        [
            next,
            .. entries.Where(entry => entry != ours && !taken.Contains(entry)).Select(entry => entry.DeepClone())
        ];
    }

    private static bool IsV1s(JsonObject entry) =>
        (string?)entry["manager"] == Labels.FieldManagerOfV1
        || entry["fieldsV1"]?["f:metadata"]?["f:annotations"]?[$"f:{Labels.LastAppliedByV1}"] is not null;

    private static bool IsOurs(JsonObject entry) => (string?)entry["manager"] == Labels.FieldManager;

    /// <summary>Sets of fields are trees whose keys are the fields, so their union is the union of keys.</summary>
    private static void Lay(JsonObject onto, JsonObject more)
    {
        foreach (var (key, below) in more)
        {
            if (onto[key] is JsonObject known && below is JsonObject deeper)
                Lay(known, deeper);
            else
                onto[key] ??= below?.DeepClone();
        }
    }
}
