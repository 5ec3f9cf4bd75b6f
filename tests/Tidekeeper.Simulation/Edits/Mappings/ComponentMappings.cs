using System.Text.Json.Nodes;
using Tidekeeper.Model.Toml;
using Tidekeeper.Playground.Store;
using Tidekeeper.Simulation.Edits.Oracles;

namespace Tidekeeper.Simulation.Edits.Mappings;

/// <summary>Properties of components that run in StatefulSets, and how objects and the database show them.</summary>
internal static class ComponentMappings
{
    public static IReadOnlyList<Mapping> All { get; } =
    [
        new(["spec.version", "spec.{c}.version", "spec.{c}.baseImage", "spec.{c}.image"], Reach.All,
            "main container: image = baseImage:version; image alone where there is no baseImage",
            (v, c) => [new($"{c}: image", Image(v, c), v.Main(c)?["image"])]) { Components = View.Replicated },
        new(["spec.{c}.replicas"], Reach.Nobody, "StatefulSet spec.replicas; pods; members and stores of the database",
            (v, c) => [new($"{c}: replicas", v.Spec[c]?["replicas"], v.Workload(c).At("spec", "replicas")),
                new($"{c}: pods", v.Spec[c]?["replicas"], v.Pods(c).Count)]),
        new(["spec.{c}.serviceAccount", "spec.serviceAccount"], Reach.All, "template.spec.serviceAccountName",
            (v, c) => [new($"{c}: serviceAccountName", v.Either(c, "serviceAccount"),
                v.Pod(c).At("serviceAccountName"))]),
        new(["spec.{c}.automountServiceAccountToken"], Reach.Component, "template.spec.automountServiceAccountToken",
            (v, c) => [new($"{c}: automount", v.Spec[c]?["automountServiceAccountToken"] ?? false,
                v.Pod(c).At("automountServiceAccountToken"))]),
        new(["spec.podManagementPolicy", "spec.{c}.podManagementPolicy"], Reach.Nobody,
            "StatefulSet spec.podManagementPolicy; fixed once it exists",
            (v, c) => [new($"{c}: podManagementPolicy", v.Either(c, "podManagementPolicy") ?? "Parallel",
                v.Workload(c).At("spec", "podManagementPolicy"))]),
        new(["spec.suspendAction.suspendStatefulSet", "spec.{c}.suspendAction.suspendStatefulSet"], Reach.All,
            "no StatefulSet while true", (v, c) => v.Spec[c] is null ? [] : [new($"{c}: StatefulSet exists",
                !v.IsSuspended(c), v.Workload(c) is not null)]),
        new(["spec.configUpdateStrategy", "spec.{c}.configUpdateStrategy"], Reach.All,
            "with RollingUpdate every pod mounts the newest ConfigMap", Strategy),
        new(["spec.{c}.storageClassName", "spec.{c}.volumeAttributesClassName", "spec.{c}.storageVolumes[].name",
            "spec.{c}.storageVolumes[].storageSize", "spec.{c}.storageVolumes[].mountPath",
            "spec.{c}.storageVolumes[].storageClassName", "spec.{c}.storageVolumes[].volumeAttributesClassName"],
            Reach.Component, "volumeClaimTemplates and mounts; fixed once the StatefulSet exists", Volumes),
        new(["spec.tiflash.storageClaims[].resources.requests", "spec.tiflash.storageClaims[].storageClassName",
            "spec.tiflash.storageClaims[].volumeAttributesClassName"], Reach.Nobody,
            "volumeClaimTemplates data0, data1…", Disks),
        new(["spec.pd.config"], Reach.All, "ConfigMap: config-file (pd.toml); PD's own settings", (v, c) =>
            [.. File(v, c, "config-file", v.Spec[c]?["config"])]),
        new(["spec.tikv.config"], Reach.All, "ConfigMap: config-file (tikv.toml)", (v, c) =>
            [.. File(v, c, "config-file", v.Spec[c]?["config"])]),
        new(["spec.tidb.config"], Reach.All, "ConfigMap: config-file (tidb.toml)", (v, c) =>
            [.. File(v, c, "config-file", v.Spec[c]?["config"])]),
        new(["spec.tiflash.config.config"], Reach.All, "ConfigMap: config_templ.toml", (v, c) =>
            [.. File(v, c, "config_templ.toml", v.Spec[c].At("config", "config"))]),
        new(["spec.tiflash.config.proxy"], Reach.All, "ConfigMap: proxy_templ.toml", (v, c) =>
            [.. File(v, c, "proxy_templ.toml", v.Spec[c].At("config", "proxy"))]),
        new(["spec.pd.dataSubDir"], Reach.Component, "variable TIDEKEEPER_DATA_DIR", (v, c) => [DataDirectory(v, c)]),
        new(["spec.tikv.dataSubDir"], Reach.Component, "variable TIDEKEEPER_DATA_DIR", (v, c) => [DataDirectory(v, c)]),
        new(["spec.pd.startTimeout"], Reach.Nobody, "variable TIDEKEEPER_START_TIMEOUT; taken at the next restart",
            (v, c) => [new("pd: start timeout", $"{v.Spec[c]?["startTimeout"] ?? 30}",
                v.Variable(c, "TIDEKEEPER_START_TIMEOUT"))]),
        new(["spec.pd.enableDashboardInternalProxy"], Reach.Component, "ConfigMap: dashboard.internal-proxy", (v, c) =>
            v.Spec[c]?["enableDashboardInternalProxy"] is { } proxy && Asked(v.Spec[c]?["config"])
                .Find("dashboard.internal-proxy") is null
                ? [new("pd: dashboard.internal-proxy", proxy.ToJsonString(), Json(v.File(c, "config-file")?.Find(
                    "dashboard.internal-proxy")))] : []),
        new(["spec.tikv.privileged"], Reach.Component, "main container: securityContext.privileged", Privileged),
        new(["spec.tiflash.privileged"], Reach.Component, "main container: securityContext.privileged", Privileged),
        new(["spec.tikv.enableNamedStatusPort"], Reach.Component, "main container: port named status", (v, c) =>
            [new("tikv: port status", v.Spec[c].Flag("enableNamedStatusPort") == true,
                v.Main(c).ObjectsAt("ports").Any(port => port.Text("name") == "status"))]),
        new(["spec.tikv.storeLabels"], Reach.Nobody, "labels of stores at PD", StoreLabels),
        new(["spec.tidb.arguments"], Reach.Component, "main container: end of command", (v, c) =>
            [new("tidb: arguments", v.Spec[c]?["arguments"], new JsonArray([.. v.Main(c).TextsAt("command").Skip(2)
                .Select(text => JsonValue.Create(text))]))]),
        new(["spec.tidb.plugins"], Reach.Component, "variable TIDEKEEPER_PLUGINS", (v, c) =>
            [new("tidb: plugins", v.Spec[c]?["plugins"] is JsonArray { Count: > 0 } list
                ? string.Join(',', list.Select(one => (string?)one)) : null, v.Variable(c, "TIDEKEEPER_PLUGINS"))]),
        new(["spec.tidb.lifecycle"], Reach.Component, "main container: lifecycle",
            (v, c) => [new("tidb: lifecycle", v.Spec[c]?["lifecycle"], v.Main(c)?["lifecycle"])]),
        new(["spec.tidb.bootstrapSQLConfigMapName"], Reach.Component, "volume bootstrap-sql; initialize-sql-file",
            (v, c) => [new("tidb: bootstrap",
                v.Spec[c].Text("bootstrapSQLConfigMapName") is { Length: > 0 } map ? map : null,
                v.Pod(c).ObjectsAt("volumes").FirstOrDefault(one => one.Text("name") == "bootstrap-sql")
                    .At("configMap", "name"))]),
    ];

    /// <summary>The configuration as the user wrote it, in either way.</summary>
    public static TomlTable Asked(JsonNode? config) => config switch
    {
        JsonObject map => TomlTable.FromJson(map),
        JsonValue value when value.TryGetValue(out string? text) => TomlTable.Parse(text),
        _ => new TomlTable(),
    };

    private static string Image(View view, string component)
    {
        var spec = view.Spec[component];
        if (spec.Text("baseImage") is null && spec.Text("image") is { Length: > 0 } whole)
            return whole;
        var image = spec.Text("baseImage") is { Length: > 0 } given ? given : $"pingcap/{component}";
        return (spec.Text("version") ?? view.Spec.Text("version")) is { Length: > 0 } version
            ? $"{image}:{version}" : image;
    }

    private static IEnumerable<Claim> Strategy(View view, string component)
    {
        if (view.Either(component, "configUpdateStrategy").Text() != "RollingUpdate")
            yield break;
        var newest = ConfigMap(view.Pod(component));
        // What a process has taken while it runs it reads from the file only at its next start.
        var online = view.Status.ObjectAt(component, "onlineConfig");
        foreach (var pod in view.Pods(component))
        {
            if ((online?[pod.Name()] ?? online?[component]).Text("state") != "Confirmed")
                yield return new($"{pod.Name()}: ConfigMap", newest, ConfigMap(pod["spec"]));
        }
    }

    public static string? ConfigMap(JsonNode? pod) =>
        pod.ObjectsAt("volumes").FirstOrDefault(one => one.Text("name") == "config").Text("configMap", "name");

    private static IEnumerable<Claim> Volumes(View view, string component)
    {
        var spec = view.Spec[component];
        if (component is "pd" or "tikv")
        {
            yield return new($"{component}: data volume", Volume(component, spec.At("requests", "storage"),
                spec?["storageClassName"], spec?["volumeAttributesClassName"]), Found(view, component, component));
        }

        foreach (var more in spec.ObjectsAt("storageVolumes"))
        {
            var name = $"{component}-{more.Text("name")}";
            yield return new($"{component}: volume {name}", Volume(name, more["storageSize"],
                more["storageClassName"] ?? spec?["storageClassName"],
                more["volumeAttributesClassName"] ?? spec?["volumeAttributesClassName"]), Found(view, component, name));
            yield return new($"{component}: mount of {name}", more["mountPath"], view.Main(component)
                .ObjectsAt("volumeMounts").FirstOrDefault(one => one.Text("name") == name)?["mountPath"]);
        }

        var ordinary = component is "pd" or "tikv" ? 1 : spec.ObjectsAt("storageClaims").Count();
        yield return new($"{component}: volumeClaimTemplates", ordinary + spec.ObjectsAt("storageVolumes").Count(),
            view.Claims(component).Count());
    }

    private static IEnumerable<Claim> Disks(View view, string component)
    {
        foreach (var (disk, i) in view.Spec[component].ObjectsAt("storageClaims").Select((disk, i) => (disk, i)))
        {
            yield return new($"tiflash: data{i}", Volume($"data{i}", disk.At("resources", "requests", "storage"),
                disk["storageClassName"], disk["volumeAttributesClassName"]), Found(view, component, $"data{i}"));
        }
    }

    private static JsonObject Volume(string name, JsonNode? size, JsonNode? storageClass, JsonNode? attributesClass)
    {
        var spec = new JsonObject
        {
            ["resources"] = new JsonObject { ["requests"] = new JsonObject { ["storage"] = size?.DeepClone() } },
        };
        if (storageClass is not null)
            spec["storageClassName"] = storageClass.DeepClone();
        if (attributesClass is not null)
            spec["volumeAttributesClassName"] = attributesClass.DeepClone();
        return new JsonObject { ["metadata"] = new JsonObject { ["name"] = name }, ["spec"] = spec };
    }

    private static JsonObject? Found(View view, string component, string name) =>
        view.Claims(component).FirstOrDefault(one => one.Name() == name);

    // What is asked is in the file; what the operator adds is its own.
    private static IEnumerable<Claim> File(View view, string component, string key, JsonNode? config)
    {
        var file = view.File(component, key);
        return Leaves("", Asked(config)).Select(one =>
            new Claim($"{component}: {key} {one.Path}", Json(one.Value), Json(file?.Find(one.Path))));
    }

    private static IEnumerable<(string Path, TomlValue Value)> Leaves(string prefix, TomlTable table) =>
        table.Entries.SelectMany(one => one.Value is TomlTable inner
            ? Leaves($"{prefix}{one.Key}.", inner) : [($"{prefix}{one.Key}", one.Value)]);

    private static JsonNode? Json(TomlValue? value) => value?.ToString();

    private static Claim DataDirectory(View view, string component) => new($"{component}: data directory",
        view.Spec[component].Text("dataSubDir") is { Length: > 0 } below
            ? $"/var/lib/{component}/{below.Trim('/')}" : $"/var/lib/{component}",
        view.Variable(component, "TIDEKEEPER_DATA_DIR"));

    private static IEnumerable<Claim> Privileged(View view, string component) =>
        view.Spec[component].Flag("privileged") == true
            && view.Spec[component].At("securityContext", "privileged") is null
            ? [new($"{component}: privileged", true, view.Main(component).At("securityContext", "privileged"))] : [];

    private static IEnumerable<Claim> StoreLabels(View view, string component)
    {
        var database = view.World.Databases.WithMember(SimulatedCluster.Namespace, $"{view.Name}-pd-0")[0];
        foreach (var label in view.Spec[component].TextsAt("storeLabels"))
        {
            foreach (var store in database.Pd.State.Stores.Where(store => store.State == 0
                && store.Address.StartsWith($"{view.Name}-tikv-", StringComparison.Ordinal)))
            {
                yield return new($"store {store.Id}: label {label}", true,
                    store.Labels?.Any(one => one.Key == label) == true);
            }
        }
    }
}
