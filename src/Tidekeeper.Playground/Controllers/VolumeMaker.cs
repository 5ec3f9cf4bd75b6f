using System.Text.Json.Nodes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Controllers;

/// <summary>Composes the volume that a provisioner makes for a claim.</summary>
internal static class VolumeMaker
{
    public static JsonObject Compose(JsonObject claim, JsonObject kind, JsonObject? node)
    {
        var name = "pvc-" + claim.Uid();
        var spec = new JsonObject
        {
            ["capacity"] = new JsonObject
            {
                ["storage"] = claim.At("spec", "resources", "requests", "storage")?.DeepClone(),
            },
            ["accessModes"] = claim.At("spec", "accessModes")?.DeepClone(),
            ["claimRef"] = ClaimReference(claim),
            ["persistentVolumeReclaimPolicy"] = kind.Text("reclaimPolicy") ?? "Delete",
            ["storageClassName"] = kind.Name(),
            ["volumeMode"] = claim.Text("spec", "volumeMode") ?? "Filesystem",
        };
        if (kind.Text("parameters", "locality") == "node")
            spec["local"] = new JsonObject { ["path"] = "/playground/disks/" + name };
        else
            spec["csi"] = new JsonObject { ["driver"] = kind.Text("provisioner"), ["volumeHandle"] = name };
        if (StorageClasses.AffinityFor(kind, node) is { } affinity)
            spec["nodeAffinity"] = affinity;
        return new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "PersistentVolume",
            ["metadata"] = new JsonObject
            {
                ["name"] = name,
                ["annotations"] = new JsonObject
                {
                    ["pv.kubernetes.io/provisioned-by"] = kind.Text("provisioner"),
                },
            },
            ["spec"] = spec,
        };
    }

    public static JsonObject ClaimReference(JsonObject claim) => new()
    {
        ["kind"] = "PersistentVolumeClaim",
        ["namespace"] = claim.Namespace(),
        ["name"] = claim.Name(),
        ["uid"] = claim.Uid(),
        ["apiVersion"] = "v1",
        ["resourceVersion"] = claim.Text("metadata", "resourceVersion"),
    };
}
