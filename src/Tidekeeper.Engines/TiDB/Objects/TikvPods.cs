using System.Text.Json.Nodes;
using Tidekeeper.Model;
using Tidekeeper.Model.Crds;

namespace Tidekeeper.Engines.TiDB.Objects;

/// <summary>TiKV's pods.</summary>
internal static class TikvPods
{
    public const string DataPath = "/var/lib/tikv";

    public static PodParts Of(Component component, TikvSpec spec, string configMap)
    {
        var cluster = component.Cluster;
        var server = TidbPorts.Tikv(cluster);
        var status = TidbPorts.TikvStatus(cluster);
        var data = DataDirectory.Of(DataPath, spec.DataSubDir);
        var environment = new PodEnvironment(component)
            .Value("CAPACITY", Capacity(spec.Limits?.GetValueOrDefault("storage")))
            .Value("TIDEKEEPER_PD", TidbNames.PdClientUrl(cluster))
            .Value("TIDEKEEPER_SERVER_PORT", server.ToString())
            .Value("TIDEKEEPER_STATUS_PORT", status.ToString())
            .Value("TIDEKEEPER_DATA_DIR", data);
        if (cluster.Spec.EnableDynamicConfiguration == true)
            environment.Value("TIDEKEEPER_ADVERTISE_STATUS", "yes");

        var ports = new JsonArray(Container.Port("server", server));
        if (spec.EnableNamedStatusPort == true)
            ports.Add(Container.Port("status", status));
        var parts = new PodParts
        {
            MetricsPort = status,
            Main = new JsonObject
            {
                ["name"] = component.Name,
                ["image"] = component.Image,
                ["imagePullPolicy"] = component.PullPolicy,
                ["command"] = new JsonArray("/bin/sh", $"{Volumes.ScriptPath}/tikv_start_script.sh"),
                ["ports"] = ports,
                ["env"] = environment.With(spec.Env),
                ["resources"] = Container.Resources(spec.Requests, spec.Limits),
                ["readinessProbe"] = Container.Readiness(component, server),
                ["securityContext"] = PodSecurity.ForContainer(Wanted(spec.SecurityContext, spec.Privileged)),
                ["volumeMounts"] = new JsonArray(
                    Container.ReadOnlyMount(Volumes.PodInfo, Volumes.PodInfoPath),
                    Container.Mount(component.Name, DataPath),
                    Container.ReadOnlyMount(Volumes.Config, "/etc/tikv"),
                    Container.ReadOnlyMount(Volumes.Script, Volumes.ScriptPath))
            }
        };
        parts.Volumes.Add(Volumes.OfPodInfo());
        parts.Volumes.Add(Volumes.OfConfigMap(Volumes.Config, configMap, (ConfigFiles.ConfigKey, "tikv.toml")));
        parts.Volumes.Add(
            Volumes.OfConfigMap(Volumes.Script, configMap, (ConfigFiles.ScriptKey, "tikv_start_script.sh")));
        parts.Claims.Add(Volumes.DataClaim(component));
        if (spec.SeparateRocksDBLog == true)
            AddLog(parts, component, spec, "rocksdblog", spec.RocksDBLogVolumeName, "rocksdb", data);
        if (spec.SeparateRaftLog == true)
            AddLog(parts, component, spec, "raftlog", spec.RaftLogVolumeName, "raftdb", data);
        return parts;
    }

    /// <summary>The container's settings with the old switch laid under them.</summary>
    public static JsonObject? Wanted(JsonObject? context, bool? privileged)
    {
        if (privileged != true)
            return context;
        var wanted = context is null ? new JsonObject() : Document.Copy(context);
        wanted["privileged"] ??= true;
        return wanted;
    }

    /// <summary>
    /// The size of the store as TiKV reads it. GB means 2^30 bytes there, so a limit of 100Gi is 100GB; no limit is 0,
    /// which means the whole disk.
    /// </summary>
    public static string Capacity(string? limit)
    {
        if (!Quantity.TryParse(limit, out var quantity))
            return "0";
        var bytes = quantity.ToInt64();
        return bytes % (1L << 30) == 0 ? $"{bytes >> 30}GB" : $"{bytes >> 20}MB";
    }

    /// <summary>
    /// Since v5 the engines write rocksdb.info and raftdb.info, into info-log-dir or else the data directory.
    /// </summary>
    private static void AddLog(
        PodParts parts, Component component, TikvSpec spec, string name, string? volume, string engine, string data)
    {
        var directory = Configuration.Read(spec.Config).FindText($"{engine}.info-log-dir")?.TrimEnd('/');
        var mount = Volumes.MountOf(component, volume);
        directory ??= (string?)mount?["mountPath"] ?? data;
        mount ??= Container.Mount(component.Name, DataPath);
        LogTailers.Add(
            parts, component, name, $"{directory}/{engine}.info", mount, spec.LogTailer, first: false);
    }
}
