using System.Text.Json.Nodes;
using Tidekeeper.Playground.Api.Writes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Api.Kinds;

/// <summary>Persistent volumes: kept by default, and protected while a claim is bound to them.</summary>
internal sealed class PersistentVolumeRules : IKindRules
{
    private const string Protection = "kubernetes.io/pv-protection";

    private static readonly string[] Modes =
        ["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"];

    // In the order in which the real server looks for them.
    private static readonly string[] Sources =
    [
        "hostPath", "gcePersistentDisk", "awsElasticBlockStore", "glusterfs", "flocker", "nfs", "rbd", "quobyte",
        "cephfs", "iscsi", "cinder", "fc", "flexVolume", "azureFile", "vsphereVolume", "photonPersistentDisk",
        "portworxVolume", "azureDisk", "scaleIO", "local", "storageos", "csi",
    ];

    public string GroupKind => "PersistentVolume";

    public void Default(JsonObject item)
    {
        var spec = item.Section("spec");
        PodSpecDefaults.Set(spec, "persistentVolumeReclaimPolicy", "Retain");
        PodSpecDefaults.Set(spec, "volumeMode", "Filesystem");
        if (spec["hostPath"] is JsonObject path)
            PodSpecDefaults.Set(path, "type", "");
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
        CheckModes(item, errors);
        CheckCapacity(item.ObjectAt("spec", "capacity"), errors);
        if (item.Text("spec", "persistentVolumeReclaimPolicy") is not ("Delete" or "Recycle" or "Retain"))
        {
            errors.Unsupported("spec.persistentVolumeReclaimPolicy",
                item.At("spec", "persistentVolumeReclaimPolicy"), "Delete", "Recycle", "Retain");
        }

        CheckSource(item.ObjectAt("spec") ?? [], errors);
        if (item.Text("spec", "storageClassName") is { Length: > 0 } name)
            NameRules.CheckSubdomain(name, "spec.storageClassName", errors);
        CheckVolumeMode(item, errors);
    }

    public void ValidateUpdate(JsonObject item, JsonObject old, FieldErrors errors)
    {
        ValidateCreate(item, errors);
        var (before, after) = (SourceOf(old), SourceOf(item));
        if (before.Kind != after.Kind || !ObjectFields.Same(before.Source, after.Source))
        {
            errors.Forbidden("spec.persistentvolumesource", "spec.persistentvolumesource is immutable after creation\n"
                + InternalDiff.Between(InternalForm.VolumeSource(before), InternalForm.VolumeSource(after)));
        }

        if (!ObjectFields.Same(item.At("spec", "volumeMode"), old.At("spec", "volumeMode")))
            errors.Invalid("spec.volumeMode", item.At("spec", "volumeMode")?.DeepClone(), "field is immutable");
    }

    public static void CheckModes(JsonObject item, FieldErrors errors)
    {
        var modes = item.TextsAt("spec", "accessModes").ToList();
        foreach (var mode in modes.Where(each => !Modes.Contains(each)))
            errors.Unsupported("spec.accessModes", mode, Modes);
        if (modes.Count > 1 && modes.Contains("ReadWriteOncePod"))
        {
            errors.Forbidden("spec.accessModes",
                "may not use ReadWriteOncePod with other access modes");
        }
    }

    public static void CheckVolumeMode(JsonObject item, FieldErrors errors)
    {
        if (item.Text("spec", "volumeMode") is not (null or "Block" or "Filesystem"))
            errors.Unsupported("spec.volumeMode", item.At("spec", "volumeMode"), "Block", "Filesystem");
    }

    private static void CheckCapacity(JsonObject? capacity, FieldErrors errors)
    {
        if (capacity is not { Count: > 0 })
        {
            errors.Required("spec.capacity");
            return;
        }

        if (capacity["storage"] is null || capacity.Count > 1)
        {
            errors.Unsupported("spec.capacity", capacity.DeepClone(), "storage");
        }

        foreach (var (name, amount) in capacity)
            QuantityValidation.CheckPositive(amount, $"spec.capacity[{name}]", errors);
    }

    private static void CheckSource(JsonObject spec, FieldErrors errors)
    {
        var sources = Sources.Where(each => spec[each] is not null).ToList();
        if (sources.Count == 0)
            errors.Required("spec", "must specify a volume type");
        foreach (var extra in sources.Skip(1))
            errors.Forbidden("spec." + extra, "may not specify more than 1 volume type");
        if (spec.ObjectAt("hostPath") is { } path)
            VolumeValidation.CheckHostPath(path, "spec.hostPath", errors);
        if (spec["local"] is not null && spec["nodeAffinity"] is null)
            errors.Required("spec.nodeAffinity", "Local volume requires node affinity");
    }

    private static (string Kind, JsonObject? Source) SourceOf(JsonObject item)
    {
        var kind = Sources.FirstOrDefault(each => item.At("spec", each) is not null) ?? "";
        return (kind, item.ObjectAt("spec", kind));
    }
}
