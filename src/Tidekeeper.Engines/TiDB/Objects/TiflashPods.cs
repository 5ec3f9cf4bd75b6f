using System.Text.Json.Nodes;
using Tidekeeper.Engines.TiDB.Scripts;
using Tidekeeper.Model.Crds;

namespace Tidekeeper.Engines.TiDB.Objects;

/// <summary>TiFlash's pods.</summary>
internal static class TiflashPods
{
    public static PodParts Of(Component component, TiflashSpec spec, string configMap)
    {
        var cluster = component.Cluster;
        var mounts = new JsonArray(
            Container.ReadOnlyMount(Volumes.PodInfo, Volumes.PodInfoPath),
            Container.ReadOnlyMount(Volumes.Script, Volumes.ScriptPath));
        for (var disk = 0; disk < spec.StorageClaims.Count; disk++)
            mounts.Add(Container.Mount($"data{disk}", $"/data{disk}"));

        var parts = new PodParts
        {
            MetricsPort = TidbPorts.TiflashMetrics(cluster),
            Main = new JsonObject
            {
                ["name"] = component.Name,
                ["image"] = component.Image,
                ["imagePullPolicy"] = component.PullPolicy,
                ["command"] = new JsonArray("/bin/sh", $"{Volumes.ScriptPath}/tiflash_start_script.sh"),
                ["ports"] = new JsonArray(
                    Container.Port("tiflash", TidbPorts.Tiflash(cluster)),
                    Container.Port("proxy", TidbPorts.TiflashProxy(cluster)),
                    Container.Port("metrics", TidbPorts.TiflashMetrics(cluster)),
                    Container.Port("proxy-metrics", TidbPorts.TiflashProxyStatus(cluster))),
                ["env"] = Environment(component, spec).With(spec.Env),
                ["resources"] = Container.Resources(spec.Requests, spec.Limits),
                ["readinessProbe"] = Container.Readiness(component, TidbPorts.Tiflash(cluster)),
                ["securityContext"] =
                    PodSecurity.ForContainer(TikvPods.Wanted(spec.SecurityContext, spec.Privileged)),
                ["volumeMounts"] = mounts
            }
        };
        parts.Annotations["tiflash.proxy.prometheus.io/port"] = TidbPorts.TiflashProxyStatus(cluster).ToString();
        parts.Volumes.Add(Volumes.OfPodInfo());
        parts.Volumes.Add(Volumes.OfConfigMap(
            Volumes.Config, configMap,
            (ConfigFiles.TiflashKey, ConfigFiles.TiflashKey),
            (ConfigFiles.TiflashProxyKey, ConfigFiles.TiflashProxyKey)));
        parts.Volumes.Add(
            Volumes.OfConfigMap(Volumes.Script, configMap, (ConfigFiles.ScriptKey, "tiflash_start_script.sh")));
        parts.Init.Add(Initializer(component, spec));
        AddClaims(parts, spec);
        AddLogs(parts, component, spec);
        return parts;
    }

    private static PodEnvironment Environment(Component component, TiflashSpec spec) => new PodEnvironment(component)
        .Value("CAPACITY", TikvPods.Capacity(spec.Limits?.GetValueOrDefault("storage")))
        .Value("TIDEKEEPER_PD", TidbNames.PdClientAddress(component.Cluster));

    private static JsonObject Initializer(Component component, TiflashSpec spec) => new()
    {
        ["name"] = "init",
        ["image"] = component.HelperImage,
        ["imagePullPolicy"] = component.HelperPullPolicy,
        ["command"] = new JsonArray("sh", "-c", TiflashScript.InitText),
        ["env"] = Environment(component, spec).With(null),
        ["resources"] = Container.Resources(spec.Initializer?.Requests, spec.Initializer?.Limits),
        ["securityContext"] = PodSecurity.ForContainer(spec.Initializer?.SecurityContext),
        ["volumeMounts"] = new JsonArray(
            Container.Mount("data0", "/data0"), Container.ReadOnlyMount(Volumes.Config, "/etc/tiflash"))
    };

    private static void AddClaims(PodParts parts, TiflashSpec spec)
    {
        for (var disk = 0; disk < spec.StorageClaims.Count; disk++)
        {
            var claim = spec.StorageClaims[disk];
            parts.Claims.Add(Volumes.Claim(
                $"data{disk}", claim.Resources.Requests?.GetValueOrDefault("storage") ?? "",
                claim.StorageClassName, claim.VolumeAttributesClassName));
        }
    }

    private static void AddLogs(PodParts parts, Component component, TiflashSpec spec)
    {
        var config = Configuration.Tiflash(component.Cluster, spec);
        (string Container, string Key)[] logs =
            [("serverlog", "logger.log"), ("errorlog", "logger.errorlog"), ("clusterlog", "flash.flash_cluster.log")];
        foreach (var (name, key) in logs)
        {
            var file = config.FindText(key) ?? "";
            var disk = Enumerable.Range(0, spec.StorageClaims.Count)
                .FirstOrDefault(i => file.StartsWith($"/data{i}/", StringComparison.Ordinal));
            LogTailers.Add(
                parts, component, name, file, Container.Mount($"data{disk}", $"/data{disk}"), spec.LogTailer,
                first: false);
        }
    }
}
