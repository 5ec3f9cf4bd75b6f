using System.Text.Json.Nodes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Controllers;

/// <summary>Stamps pods from the template of a workload.</summary>
internal static class PodTemplate
{
    public static JsonObject Stamp(JsonObject template, string? ns, JsonObject owner)
    {
        var metadata = new JsonObject { ["namespace"] = ns };
        if (template.ObjectAt("metadata", "labels") is { } labels)
            metadata["labels"] = labels.DeepClone();
        if (template.ObjectAt("metadata", "annotations") is { } annotations)
            metadata["annotations"] = annotations.DeepClone();
        if (template.At("metadata", "finalizers") is { } finalizers)
            metadata["finalizers"] = finalizers.DeepClone();
        metadata["ownerReferences"] = new JsonArray(owner.DeepClone());
        return new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Pod",
            ["metadata"] = metadata,
            ["spec"] = template["spec"]?.DeepClone() ?? new JsonObject(),
        };
    }

    /// <summary>The owner reference of a controller to what it made.</summary>
    public static JsonObject OwnerReference(string apiVersion, string kind, JsonObject owner) => new()
    {
        ["apiVersion"] = apiVersion,
        ["kind"] = kind,
        ["name"] = owner.Name(),
        ["uid"] = owner.Uid(),
        ["controller"] = true,
        ["blockOwnerDeletion"] = true,
    };
}
