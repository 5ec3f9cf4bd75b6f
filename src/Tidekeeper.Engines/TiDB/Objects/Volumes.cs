using System.Text.Json.Nodes;
using Tidekeeper.Model.Crds;

namespace Tidekeeper.Engines.TiDB.Objects;

/// <summary>Claims and volumes, named as v1 names them, since data is found by the claim's name.</summary>
internal static class Volumes
{
    public const string PodInfo = "annotations";
    public const string Config = "config";
    public const string Script = "startup-script";
    public const string PodInfoPath = "/etc/podinfo";
    public const string ScriptPath = "/usr/local/bin";

    /// <summary>One claim of each pod.</summary>
    public static JsonObject Claim(string name, string size, string? storageClass, string? attributesClass)
    {
        var spec = new JsonObject
        {
            ["accessModes"] = new JsonArray("ReadWriteOnce"),
            ["resources"] = new JsonObject { ["requests"] = new JsonObject { ["storage"] = size } }
        };
        spec.Set("storageClassName", storageClass);
        spec.Set("volumeAttributesClassName", attributesClass);
        return new JsonObject { ["metadata"] = new JsonObject { ["name"] = name }, ["spec"] = spec };
    }

    /// <summary>The claim that holds the data of PD and TiKV: <c>requests.storage</c>.</summary>
    public static JsonObject DataClaim(Component component)
    {
        var spec = component.Replicated!;
        var size = spec.Requests?.GetValueOrDefault("storage") ?? "";
        return Claim(component.Name, size, spec.StorageClassName, spec.VolumeAttributesClassName);
    }

    /// <summary>The claims of <c>storageVolumes</c>; a class of their own goes before the component's.</summary>
    public static IEnumerable<JsonObject> MoreClaims(Component component)
    {
        var spec = component.Replicated!;
        return from volume in spec.StorageVolumes ?? []
               select Claim(
                   NameOf(component, volume), volume.StorageSize,
                   volume.StorageClassName ?? spec.StorageClassName,
                   volume.VolumeAttributesClassName ?? spec.VolumeAttributesClassName);
    }

    public static IEnumerable<JsonObject> MoreMounts(Component component) =>
        from volume in component.Replicated!.StorageVolumes ?? []
        where volume.MountPath is { Length: > 0 }
        select Container.Mount(NameOf(component, volume), volume.MountPath!);

    public static string NameOf(Component component, StorageVolume volume) => $"{component.Name}-{volume.Name}";

    /// <summary>
    /// The mount of a volume that the user names in, for example, <c>slowLogVolumeName</c>: one of the storage volumes,
    /// or an additional volume that is mounted. Null where there is none.
    /// </summary>
    public static JsonObject? MountOf(Component component, string? name)
    {
        if (string.IsNullOrEmpty(name))
            return null;
        var storage = component.Replicated!.StorageVolumes?.FirstOrDefault(volume => volume.Name == name);
        if (storage?.MountPath is { Length: > 0 } path)
            return Container.Mount(NameOf(component, storage), path);
        var mount = (component.Spec.AdditionalVolumeMounts ?? []).OfType<JsonObject>()
            .FirstOrDefault(item => (string?)item["name"] == name);
        return mount is null ? null : Document.Copy(mount);
    }

    /// <summary>The pod's annotations as a file, for debug mode.</summary>
    public static JsonObject OfPodInfo() => new()
    {
        ["name"] = PodInfo,
        ["downwardAPI"] = new JsonObject
        {
            ["items"] = new JsonArray(new JsonObject
            {
                ["path"] = "annotations",
                ["fieldRef"] = new JsonObject { ["fieldPath"] = "metadata.annotations" }
            })
        }
    };

    /// <summary>Some keys of a ConfigMap as files.</summary>
    public static JsonObject OfConfigMap(string volume, string map, params (string Key, string File)[] items)
    {
        var list = new JsonArray();
        foreach (var (key, file) in items)
            list.Add(new JsonObject { ["key"] = key, ["path"] = file });
        return new JsonObject
        {
            ["name"] = volume,
            ["configMap"] = new JsonObject { ["name"] = map, ["items"] = list }
        };
    }
}
