using System.Text.Json.Nodes;
using Tidekeeper.Playground.Controllers;
using Tidekeeper.Playground.Nodes.Scheduling;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Nodes;

/// <summary>
/// The volumes of one pod: claims and empty directories as <see cref="IVolume"/>, everything that the API projects as
/// files whose text is read from the API when asked for.
/// </summary>
internal sealed class PodVolumes(Cluster cluster, Disks disks, JsonObject pod, PodEnvironment environment)
{
    private readonly SortedDictionary<string, IVolume> _emptyDirs = new(StringComparer.Ordinal);

    /// <summary>
    /// What keeps the pod's volumes from being mounted, in a kubelet's words; null when nothing does.
    /// </summary>
    public string? Obstacle()
    {
        foreach (var volume in pod.ObjectsAt("spec", "volumes"))
        {
            var name = volume.Text("name");
            if (volume.Text("persistentVolumeClaim", "claimName") is { } claim)
            {
                if (cluster.Kubelet.Get(Resources.Claims, pod.Namespace(), claim) is not { } found)
                    return $"MountVolume.SetUp failed for volume \"{name}\" : "
                        + $"persistentvolumeclaim \"{claim}\" not found";
                if (found.IsTerminating())
                    return $"error processing PVC {pod.Namespace()}/{claim}: PVC is being deleted";
                if (found.Text("status", "phase") != "Bound")
                    return $"MountVolume.SetUp failed for volume \"{name}\" : claim \"{claim}\" is not bound";
            }

            if (Missing(volume.ObjectAt("configMap"), "name", Resources.ConfigMaps, "configmap") is { } config)
                return $"MountVolume.SetUp failed for volume \"{name}\" : {config}";
            if (Missing(volume.ObjectAt("secret"), "secretName", Resources.Secrets, "secret") is { } secret)
                return $"MountVolume.SetUp failed for volume \"{name}\" : {secret}";
        }

        return null;
    }

    /// <summary>Disks by mount path, for one container.</summary>
    public SortedDictionary<string, IVolume> MountedBy(JsonObject container)
    {
        var mounted = new SortedDictionary<string, IVolume>(StringComparer.Ordinal);
        foreach (var mount in container.ObjectsAt("volumeMounts"))
        {
            if (Find(mount.Text("name")) is not { } volume || DiskOf(volume) is not { } disk)
                continue;
            mounted[mount.Text("mountPath") ?? ""] =
                mount.Text("subPath") is { Length: > 0 } path ? new SubVolume(disk, path) : disk;
        }

        return mounted;
    }

    /// <summary>Bytes that the claim behind a mount path has; null when there is none.</summary>
    public long? SizeAt(JsonObject container, string path)
    {
        var mount = container.ObjectsAt("volumeMounts").FirstOrDefault(m => m.Text("mountPath") == path);
        return Find(mount.Text("name")).Text("persistentVolumeClaim", "claimName") is { } claim
            && cluster.Kubelet.Get(Resources.Claims, pod.Namespace(), claim)
                .Text("status", "capacity", "storage") is { } size
            ? PodRequests.Milli(size) / 1000
            : null;
    }

    /// <summary>The text of a file that a volume of the API puts at that path; null when there is none.</summary>
    public string? ReadFile(JsonObject container, string path)
    {
        JsonObject? best = null;
        foreach (var mount in container.ObjectsAt("volumeMounts"))
        {
            var at = (mount.Text("mountPath") ?? "").TrimEnd('/');
            if ((path == at || path.StartsWith(at + "/", StringComparison.Ordinal))
                && (best is null || at.Length > (best.Text("mountPath") ?? "").TrimEnd('/').Length))
                best = mount;
        }

        if (best is null || Find(best.Text("name")) is not { } volume)
            return null;
        var inside = path[(best.Text("mountPath") ?? "").TrimEnd('/').Length..].TrimStart('/');
        if (best.Text("subPath") is { Length: > 0 } sub)
            inside = inside.Length == 0 ? sub : $"{sub.TrimEnd('/')}/{inside}";
        return FileIn(volume, inside);
    }

    private JsonObject? Find(string? name) =>
        pod.ObjectsAt("spec", "volumes").FirstOrDefault(v => v.Text("name") == name);

    private IVolume? DiskOf(JsonObject volume)
    {
        if (volume.Text("persistentVolumeClaim", "claimName") is { } claim)
        {
            return cluster.Kubelet.Get(Resources.Claims, pod.Namespace(), claim)?.Text("spec", "volumeName") is { } pv
                ? disks.Open(pv)
                : null;
        }

        if (volume.Text("hostPath", "path") is { } path)
            return disks.Open($"{pod.Text("spec", "nodeName")}{path.Replace('/', '_')}");
        if (volume.ObjectAt("emptyDir") is null)
            return null;
        var name = volume.Text("name") ?? "";
        if (!_emptyDirs.TryGetValue(name, out var disk))
            _emptyDirs[name] = disk = new MemoryVolume();
        return disk;
    }

    private string? FileIn(JsonObject volume, string inside)
    {
        if (volume.ObjectAt("configMap") is { } config)
            return Kept(config, "name", Resources.ConfigMaps, inside);
        if (volume.ObjectAt("secret") is { } secret)
            return Kept(secret, "secretName", Resources.Secrets, inside);
        if (volume.ObjectAt("downwardAPI") is { } downward)
            return Downward(downward, inside);
        foreach (var source in volume.ObjectsAt("projected", "sources"))
        {
            var text = source.ObjectAt("configMap") is { } map ? Kept(map, "name", Resources.ConfigMaps, inside)
                : source.ObjectAt("secret") is { } hidden ? Kept(hidden, "name", Resources.Secrets, inside)
                : source.ObjectAt("downwardAPI") is { } api ? Downward(api, inside)
                : source.Text("serviceAccountToken", "path") == inside ? cluster.World.TokenOf(pod)
                : null;
            if (text is not null)
                return text;
        }

        return null;
    }

    private string? Kept(JsonObject source, string nameField, string resource, string inside)
    {
        if (cluster.Kubelet.Get(resource, pod.Namespace(), source.Text(nameField) ?? "") is not { } kept)
            return null;
        var key = inside;
        if (source.At("items") is not null)
        {
            key = source.ObjectsAt("items").FirstOrDefault(i => i.Text("path") == inside)?.Text("key");
            if (key is null)
                return null;
        }

        return KeptTexts.Of(kept).GetValueOrDefault(key);
    }

    private string? Downward(JsonObject source, string inside)
    {
        var item = source.ObjectsAt("items").FirstOrDefault(i => i.Text("path") == inside);
        if (item is null)
            return null;
        return item.Text("fieldRef", "fieldPath") is { } path
            ? environment.Field(path)
            : item.ObjectAt("resourceFieldRef") is { } resource ? environment.Resource([], resource) : null;
    }

    private string? Missing(JsonObject? source, string nameField, string resource, string word) =>
        source is not null && !source.IsTrue("optional") && source.Text(nameField) is { } name
        && cluster.Kubelet.Get(resource, pod.Namespace(), name) is null
            ? $"{word} \"{name}\" not found"
            : null;
}
