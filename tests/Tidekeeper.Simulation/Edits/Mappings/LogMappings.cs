using System.Text.Json.Nodes;
using Tidekeeper.Playground.Store;
using Tidekeeper.Simulation.Edits.Oracles;

namespace Tidekeeper.Simulation.Edits.Mappings;

/// <summary>Containers that copy logs, and the one that prepares TiFlash.</summary>
internal static class LogMappings
{
    private static readonly string[] Fields =
        ["image", "imagePullPolicy", "requests", "limits", "useSidecar", "sleepTimeSeconds", "securityContext"];

    public static IReadOnlyList<Mapping> All { get; } =
    [
        new([.. Fields.Select(field => $"spec.tikv.logTailer.{field}")], Reach.Component,
            "containers raftlog and rocksdblog", (v, _) => [.. Tailer(v, "tikv", "logTailer", "raftlog"),
                .. Tailer(v, "tikv", "logTailer", "rocksdblog")]),
        new([.. Fields.Select(field => $"spec.tidb.slowLogTailer.{field}")], Reach.Component, "container slowlog",
            (v, _) => Tailer(v, "tidb", "slowLogTailer", "slowlog")),
        new([.. Fields.Select(field => $"spec.tiflash.logTailer.{field}")], Reach.Component,
            "containers serverlog, errorlog and clusterlog", (v, _) =>
            [
                .. Tailer(v, "tiflash", "logTailer", "serverlog"), .. Tailer(v, "tiflash", "logTailer", "errorlog"),
                .. Tailer(v, "tiflash", "logTailer", "clusterlog"),
            ]),
        new([.. Fields.Where(field => field is "requests" or "limits" or "securityContext")
            .Select(field => $"spec.tiflash.initializer.{field}")], Reach.Component, "init container init", (v, _) =>
        [
            .. Resources(v.Spec["tiflash"]?["initializer"], "tiflash: init", v.Container("tiflash", "init")),
        ]),
        new(["spec.helper.image"], Reach.All, "image of every small container",
            (v, _) => Helpers(v, "image", "busybox:1.36"))
        { Components = ["tidb"] },
        new(["spec.helper.imagePullPolicy"], Reach.Nobody, "imagePullPolicy of every small container", (v, _) =>
            Helpers(v, "imagePullPolicy", v.Either("tiflash", "imagePullPolicy")?.DeepClone() ?? "IfNotPresent"))
        { Components = ["tidb"] },
        Switch("spec.tikv.separateRaftLog", "raftlog", otherwise: false),
        Switch("spec.tikv.separateRocksDBLog", "rocksdblog", otherwise: false),
        Switch("spec.tidb.separateSlowLog", "slowlog", otherwise: true),
        Volume("spec.tikv.raftLogVolumeName", "raftlog"), Volume("spec.tikv.rocksDBLogVolumeName", "rocksdblog"),
        Volume("spec.tidb.slowLogVolumeName", "slowlog"),
    ];

    private static Mapping Switch(string path, string container, bool otherwise) =>
        new([path], Reach.Component, $"container {container}", (v, c) => [new($"{c}: container {container} exists",
            v.Spec[c].Flag(SpecPath.Last(path)) ?? otherwise, v.Container(c, container) is not null)]);

    private static Mapping Volume(string path, string container) =>
        new([path], Reach.Component, $"container {container}: volumeMounts", (v, c) =>
            v.Spec[c].Text(SpecPath.Last(path)) is { Length: > 0 } name && v.Container(c, container) is { } tailer
                ? [new($"{c}: volume of {container}", true, tailer.ObjectsAt("volumeMounts")
                    .Any(one => one.Text("name") == name || one.Text("name") == $"{c}-{name}"))]
                : []);

    private static IEnumerable<Claim> Tailer(View view, string component, string field, string container)
    {
        if (view.Container(component, container) is not { } found)
            yield break;
        var wanted = view.Spec[component]?[field];
        var place = $"{component}: {container}";
        yield return new($"{place}.image", wanted?["image"] ?? Helper(view, "image") ?? "busybox:1.36", found["image"]);
        yield return new($"{place}.imagePullPolicy", wanted?["imagePullPolicy"] ?? Helper(view, "imagePullPolicy")
            ?? view.Either(component, "imagePullPolicy") ?? "IfNotPresent", found["imagePullPolicy"]);
        yield return new($"{place} is an init container that goes on", wanted.Flag("useSidecar") == true,
            found.Text("restartPolicy") == "Always");
        yield return new($"{place}.sleep", wanted.Number("sleepTimeSeconds") is > 0 and var pause ? $"{pause}" : null,
            found.ObjectsAt("env").FirstOrDefault(one => one.Text("name") == "TIDEKEEPER_LOG_PAUSE")?["value"]);
        foreach (var claim in Resources(wanted, place, found))
            yield return claim;
    }

    private static IEnumerable<Claim> Resources(JsonNode? wanted, string place, JsonObject? found)
    {
        yield return new($"{place}.limits", Without(wanted?["limits"]), found.At("resources", "limits"));
        yield return new($"{place}.requests", Without(wanted?["requests"]), found.At("resources", "requests"));
        yield return new($"{place}.securityContext", wanted?["securityContext"] ?? new JsonObject
        {
            ["allowPrivilegeEscalation"] = false,
        }, found?["securityContext"]);
    }

    private static JsonObject? Without(JsonNode? map)
    {
        var copy = map?.DeepClone() as JsonObject;
        copy?.Remove("storage");
        return copy;
    }

    // The tailers are looked at with their own settings.
    private static IEnumerable<Claim> Helpers(View view, string field, JsonNode otherwise) =>
        view.Container("tiflash", "init") is { } init
            ? [new($"tiflash: init.{field}", Helper(view, field) ?? otherwise, init[field])] : [];

    private static JsonNode? Helper(View view, string field) => view.Spec["helper"]?[field];
}
