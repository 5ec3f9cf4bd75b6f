using System.Text.Json.Nodes;
using Tidekeeper.Model;
using Tidekeeper.Playground.Api.Writes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Api.Kinds;

/// <summary>Claims: protection while in use, and growth as the only change.</summary>
internal sealed class PersistentVolumeClaimRules : IKindRules
{
    private const string Protection = "kubernetes.io/pvc-protection";

    public string GroupKind => "PersistentVolumeClaim";

    public void Default(JsonObject item)
    {
        PodSpecDefaults.Set(item.Section("spec"), "volumeMode", "Filesystem");
        if (item["status"] is null)
            item["status"] = new JsonObject { ["phase"] = "Pending" };
    }

    public void PrepareCreate(JsonObject item, KindContext context)
    {
        item["status"] = new JsonObject { ["phase"] = "Pending" };
        if (item.Metadata()["finalizers"] is not JsonArray finalizers)
            item.Metadata()["finalizers"] = finalizers = [];
        if (!item.TextsAt("metadata", "finalizers").Contains(Protection))
            finalizers.Add((JsonNode)Protection);
    }

    /// <summary>A bound claim grows only where its class says that its volumes can.</summary>
    public void PrepareUpdate(JsonObject item, JsonObject old, KindContext context)
    {
        if (old.Text("status", "phase") != "Bound" || Storage(item) is not { } asked || Storage(old) is not { } had
            || asked <= had)
            return;
        var name = item.Text("spec", "storageClassName") ?? "";
        var kind = name.Length == 0 ? null : context.Get("storage.k8s.io/v1/storageclasses", null, name);
        if (kind.Flag("allowVolumeExpansion") == true)
            return;
        throw ApiFault.Forbidden(context.Api.Catalog.Get("v1/persistentvolumeclaims"), item.Name(),
            "only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support"
            + " resize");
    }

    public void ValidateCreate(JsonObject item, FieldErrors errors)
    {
        if (item.ArrayAt("spec", "accessModes") is not { Count: > 0 })
            errors.Required("spec.accessModes", "at least 1 access mode is required");
        LabelSelectorValidation.Check(item.ObjectAt("spec", "selector"), "spec.selector", errors);
        PersistentVolumeRules.CheckModes(item, errors);
        if (item.At("spec", "resources", "requests", "storage") is not { } asked)
            errors.Required("spec.resources[storage]");
        else
            QuantityValidation.CheckPositive(asked, "spec.resources[storage]", errors);
        if (item.Text("spec", "storageClassName") is { Length: > 0 } name)
            NameRules.CheckSubdomain(name, "spec.storageClassName", errors);
        PersistentVolumeRules.CheckVolumeMode(item, errors);
    }

    public void ValidateUpdate(JsonObject item, JsonObject old, FieldErrors errors)
    {
        var isBound = old.Text("status", "phase") == "Bound";
        var now = item.ObjectAt("spec")?.Copy() ?? [];
        var before = old.ObjectAt("spec")?.Copy() ?? [];

        // The binder sets the volume once, and a default class may be given to a claim that has none.
        foreach (var field in (ReadOnlySpan<string>)["volumeName", "storageClassName"])
        {
            if (before[field] is null || before.Text(field) == "")
            {
                now.Remove(field);
                before.Remove(field);
            }
        }

        if (isBound)
        {
            now.ObjectAt("resources", "requests")?.Remove("storage");
            before.ObjectAt("resources", "requests")?.Remove("storage");
            now.Remove("volumeAttributesClassName");
            before.Remove("volumeAttributesClassName");
        }

        if (!ObjectFields.Same(now, before))
        {
            errors.Forbidden("spec", "spec is immutable after creation except resources.requests and "
                + "volumeAttributesClassName for bound claims\n" + ClaimSpecDiff.Between(old, item));
        }
        else if (isBound && Storage(item) is { } asked && Storage(old) is { } had && asked < had)
        {
            errors.Forbidden("spec.resources.requests.storage",
                "field can not be less than status.capacity");
        }
    }

    private static Quantity? Storage(JsonObject item) =>
        Quantity.TryParse(item.Text("spec", "resources", "requests", "storage"), out var parsed) ? parsed : null;
}
