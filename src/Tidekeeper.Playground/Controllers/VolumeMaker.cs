using System.Text.Json.Nodes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Controllers;

/// <summary>Composes the volume that a provisioner makes for a claim.</summary>
internal static class VolumeMaker
{
    /// <param name="path">
    /// The folder that the volume is, for who must not need a driver to attach it; null for what clouds make.
    /// </param>
    public static JsonObject Compose(JsonObject claim, JsonObject kind, JsonObject? node, string? path = null)
    {
        var name = NameFor(claim);
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
        var affinity = StorageClasses.AffinityFor(kind, node);
        if (path is not null)
            spec[affinity is null ? "hostPath" : "local"] = new JsonObject { ["path"] = path };
        else if (kind.Text("parameters", "locality") == "node")
            spec["local"] = new JsonObject { ["path"] = "/playground/disks/" + name };
        else
            spec["csi"] = new JsonObject { ["driver"] = kind.Text("provisioner"), ["volumeHandle"] = name };
        if (affinity is not null)
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

    public static string NameFor(JsonObject claim) => "pvc-" + claim.Uid();

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
