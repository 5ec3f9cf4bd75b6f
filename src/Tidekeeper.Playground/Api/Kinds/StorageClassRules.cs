using System.Text.Json.Nodes;
using Tidekeeper.Playground.Api.Writes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Api.Kinds;

internal sealed class StorageClassRules : IKindRules
{
    public string GroupKind => "StorageClass.storage.k8s.io";

    public void Default(JsonObject item)
    {
        item.FillIn("reclaimPolicy", "Delete");
        item.FillIn("volumeBindingMode", "Immediate");
    }

    public void ValidateCreate(JsonObject item, FieldErrors errors)
    {
        if (string.IsNullOrEmpty(item.Text("provisioner")))
            errors.Required("provisioner");
        else
            NameRules.CheckQualified(item.Text("provisioner")!.ToLowerInvariant(), "provisioner", errors);
        if (item.Text("reclaimPolicy") is not ("Delete" or "Retain"))
            errors.Unsupported("reclaimPolicy", item["reclaimPolicy"], "Delete", "Retain");
        if (item.Text("volumeBindingMode") is not ("Immediate" or "WaitForFirstConsumer"))
            errors.Unsupported("volumeBindingMode", item["volumeBindingMode"], "Immediate", "WaitForFirstConsumer");
    }

    public void ValidateUpdate(JsonObject item, JsonObject old, FieldErrors errors)
    {
        foreach (var field in new[] { "parameters", "provisioner", "reclaimPolicy" })
        {
            if (!ObjectFields.Same(item[field], old[field]))
                errors.Forbidden(field, $"updates to {field} are forbidden.");
        }

        if (!ObjectFields.Same(item["volumeBindingMode"], old["volumeBindingMode"]))
            errors.Invalid("volumeBindingMode", item["volumeBindingMode"], "field is immutable");
    }
}
