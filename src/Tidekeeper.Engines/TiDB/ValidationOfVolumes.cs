using System.Text.Json.Nodes;
using Tidekeeper.Model;
using Tidekeeper.Model.Crds;

namespace Tidekeeper.Engines.TiDB;

/// <summary>Additional volumes: what is mounted is there, and nothing is mounted over something else.</summary>
internal static class ValidationOfVolumes
{
    public static IEnumerable<Problem> Check(TidbCluster cluster)
    {
        foreach (var (field, name, spec) in Validation.Components(cluster))
        {
            foreach (var problem in Claimed(field, name, spec)) yield return problem;
            foreach (var problem in Mounts(field, name, spec)) yield return problem;
        }

        var logs = new (string Field, string? Volume, string Name, ReplicatedSpec? Spec)[]
        {
            ("spec.tikv.rocksDBLogVolumeName", cluster.Spec.Tikv?.RocksDBLogVolumeName, "tikv", cluster.Spec.Tikv),
            ("spec.tikv.raftLogVolumeName", cluster.Spec.Tikv?.RaftLogVolumeName, "tikv", cluster.Spec.Tikv),
            ("spec.tidb.slowLogVolumeName", cluster.Spec.Tidb?.SlowLogVolumeName, "tidb", cluster.Spec.Tidb),
        };
        foreach (var (field, volume, name, spec) in logs)
        {
            if (volume is not { Length: > 0 } || spec is null || Volumes(name, spec).Contains(volume)) continue;
            // v1 lets users name a storage volume with or without the component's prefix.
            if (Volumes(name, spec).Contains($"{name}-{volume}")) continue;
            yield return new Problem(field, volume, "names no volume of the component",
                $"name one of spec.{name}.storageVolumes or spec.{name}.additionalVolumes");
        }
    }

    private static IEnumerable<Problem> Claimed(string field, string name, ReplicatedSpec spec)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        var paths = new SortedList<string, string>(StringComparer.Ordinal) { [DataPath(name)] = "the data" };
        for (var i = 0; i < spec.StorageVolumes?.Count; i++)
        {
            var volume = spec.StorageVolumes[i];
            var path = $"{field}.storageVolumes[{i}]";
            if (!names.Add(volume.Name))
                yield return new Problem($"{path}.name", volume.Name, "is there twice", "give each a name of its own");
            if (Quantity.TryParse(volume.StorageSize, out var size) && (size.IsZero || size.IsNegative))
            {
                yield return new Problem($"{path}.storageSize", volume.StorageSize, "is no size",
                    "write for example 10Gi");
            }

            if (volume.MountPath is not { Length: > 0 } mount) continue;
            if (mount[0] != '/')
                yield return new Problem($"{path}.mountPath", mount, "is not absolute", "begin it with /");
            else if (!paths.TryAdd(mount.TrimEnd('/'), volume.Name))
            {
                yield return new Problem($"{path}.mountPath", mount,
                    $"is where {paths[mount.TrimEnd('/')]} is mounted already", "choose another directory");
            }
        }
    }

    private static IEnumerable<Problem> Mounts(string field, string name, ReplicatedSpec spec)
    {
        var mounts = spec.AdditionalVolumeMounts ?? [];
        for (var i = 0; i < mounts.Count; i++)
        {
            var volume = Text((mounts[i] as JsonObject)?["name"]);
            if (!Volumes(name, spec).Contains(volume))
            {
                yield return new Problem($"{field}.additionalVolumeMounts[{i}].name", volume,
                    volume.Length == 0 ? "is missing" : "names no volume of the pod",
                    $"add the volume to {field}.additionalVolumes or remove the mount");
            }
        }
    }

    private static SortedSet<string> Volumes(string name, ReplicatedSpec spec)
    {
        var volumes = new SortedSet<string>(StringComparer.Ordinal) { name, "annotations", "config", "startup-script" };
        if (spec is TidbSpec) volumes.Add("slowlog");
        if (spec is TiflashSpec tiflash)
        {
            for (var i = 0; i < tiflash.StorageClaims.Count; i++) volumes.Add($"data{i}");
        }

        foreach (var volume in spec.StorageVolumes ?? []) volumes.Add($"{name}-{volume.Name}");
        foreach (var volume in spec.AdditionalVolumes ?? []) volumes.Add(Text((volume as JsonObject)?["name"]));
        volumes.Remove("");
        return volumes;
    }

    private static string DataPath(string name) => name == "tiflash" ? "/data0" : $"/var/lib/{name}";

    private static string Text(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";
}
