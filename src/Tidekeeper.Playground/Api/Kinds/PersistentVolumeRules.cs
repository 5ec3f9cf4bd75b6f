using System.Text.Json.Nodes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Api.Kinds;

/// <summary>Persistent volumes: kept by default, and protected while a claim is bound to them.</summary>
internal sealed class PersistentVolumeRules : IKindRules
{
    private const string Protection = "kubernetes.io/pv-protection";

    public string GroupKind => "PersistentVolume";

    public void Default(JsonObject item)
    {
        var spec = item.Section("spec");
        PodSpecDefaults.Set(spec, "persistentVolumeReclaimPolicy", "Retain");
        PodSpecDefaults.Set(spec, "volumeMode", "Filesystem");
        if (item["status"] is null)
            item["status"] = new JsonObject { ["phase"] = "Pending" };
    }

    public void PrepareCreate(JsonObject item, KindContext context)
    {
        item["status"] = new JsonObject { ["phase"] = "Pending" };
        if (item.TextsAt("metadata", "finalizers").Contains(Protection))
            return;
        if (item.Metadata()["finalizers"] is not JsonArray finalizers)
            item.Metadata()["finalizers"] = finalizers = [];
        finalizers.Add((JsonNode)Protection);
    }

    public void ValidateCreate(JsonObject item, FieldErrors errors)
    {
        if (item.ArrayAt("spec", "accessModes") is not { Count: > 0 })
            errors.Required("spec.accessModes");
        if (item.At("spec", "capacity", "storage") is null)
            errors.Required("spec.capacity");
    }
}
