using System.Text.Json.Nodes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Api.Kinds;

/// <summary>A namespace carries its own name as a label and lives until its content is gone.</summary>
internal sealed class NamespaceRules : IKindRules
{
    public string GroupKind => "Namespace";

    public void Default(JsonObject item)
    {
        if (item.Name().Length > 0)
            item.Metadata().Section("labels")["kubernetes.io/metadata.name"] = item.Name();
    }

    public void PrepareCreate(JsonObject item, KindContext context)
    {
        var finalizers = item.TextsAt("spec", "finalizers").ToList();
        if (!finalizers.Contains("kubernetes"))
            finalizers.Add("kubernetes");
        item["spec"] = new JsonObject
        {
            ["finalizers"] = new JsonArray([.. finalizers.Select(each => (JsonNode)each)]),
        };
        item["status"] = new JsonObject { ["phase"] = "Active" };
    }

    public void ValidateStatus(JsonObject item, JsonObject old, FieldErrors errors)
    {
        var phase = item.Text("status", "phase") ?? "";
        if (!item.IsBeingDeleted() && phase != "Active")
            errors.Invalid("status.Phase", phase, "may only be 'Active' if `deletionTimestamp` is empty");
    }

    /// <summary>Its finalizers change through the finalize subresource only.</summary>
    public void PrepareUpdate(JsonObject item, JsonObject old, KindContext context) =>
        item["spec"] = old["spec"]?.DeepClone();
}
