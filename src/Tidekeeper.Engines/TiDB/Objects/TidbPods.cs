using System.Text.Json.Nodes;
using Tidekeeper.Model.Crds;

namespace Tidekeeper.Engines.TiDB.Objects;

/// <summary>TiDB's pods.</summary>
internal static class TidbPods
{
    private const string LogPath = "/var/log/tidb";
    private const string LogVolume = "slowlog";
    private const string BootstrapVolume = "bootstrap-sql";

    public static PodParts Of(Component component, TidbSpec spec, string configMap)
    {
        var parts = new PodParts
        {
            MetricsPort = TidbPorts.TidbStatus(component.Cluster),
            Main = Main(component, spec)
        };
        parts.Annotations["kubectl.kubernetes.io/default-container"] = component.Name;
        parts.Volumes.Add(Volumes.OfPodInfo());
        parts.Volumes.Add(Volumes.OfConfigMap(Volumes.Config, configMap, (ConfigFiles.ConfigKey, "tidb.toml")));
        parts.Volumes.Add(
            Volumes.OfConfigMap(Volumes.Script, configMap, (ConfigFiles.ScriptKey, "tidb_start_script.sh")));
        if (spec.BootstrapSQLConfigMapName is { Length: > 0 } sql)
            parts.Volumes.Add(Volumes.OfConfigMap(BootstrapVolume, sql, ("bootstrap-sql", "bootstrap.sql")));
        if (spec.SeparateSlowLog == false)
            return parts;

        var mount = LogMount(component, spec);
        if ((string?)mount["name"] == LogVolume)
            parts.Volumes.Add(new JsonObject { ["name"] = LogVolume, ["emptyDir"] = new JsonObject() });
        LogTailers.Add(
            parts, component, LogVolume, SlowLogFile(component, spec), mount, spec.SlowLogTailer, first: true);
        return parts;
    }

    private static JsonObject Main(Component component, TidbSpec spec)
    {
        var cluster = component.Cluster;
        var server = TidbPorts.Tidb(cluster);
        var status = TidbPorts.TidbStatus(cluster);
        var command = new JsonArray("/bin/sh", $"{Volumes.ScriptPath}/tidb_start_script.sh");
        foreach (var argument in spec.Arguments ?? [])
            command.Add((JsonNode)argument);
        var container = new JsonObject
        {
            ["name"] = component.Name,
            ["image"] = component.Image,
            ["imagePullPolicy"] = component.PullPolicy,
            ["command"] = command,
            ["ports"] = new JsonArray(Container.Port("server", server), Container.Port("status", status)),
            ["env"] = Environment(component, spec, server, status),
            ["resources"] = Container.Resources(spec.Requests, spec.Limits),
            ["readinessProbe"] = Container.Readiness(component, server, new JsonArray(
                "curl", $"http://127.0.0.1:{status}/status", "--fail", "--location", "--silent", "--max-time", "5")),
            ["securityContext"] = PodSecurity.ForContainer(spec.SecurityContext),
            ["volumeMounts"] = new JsonArray(
                Container.ReadOnlyMount(Volumes.PodInfo, Volumes.PodInfoPath),
                Container.ReadOnlyMount(Volumes.Config, "/etc/tidb"),
                Container.ReadOnlyMount(Volumes.Script, Volumes.ScriptPath))
        };
        container.Set("lifecycle", spec.Lifecycle);
        var mounts = container["volumeMounts"]!.AsArray();
        var log = LogMount(component, spec);
        if (spec.SeparateSlowLog != false && (string?)log["name"] == LogVolume)
            mounts.Add(log);
        if (spec.BootstrapSQLConfigMapName is { Length: > 0 })
            mounts.Add(Container.ReadOnlyMount(BootstrapVolume, "/etc/tidb-bootstrap"));
        return container;
    }

    private static JsonArray Environment(Component component, TidbSpec spec, int server, int status)
    {
        var environment = new PodEnvironment(component)
            .Value("BINLOG_ENABLED", "false")
            .Value("SLOW_LOG_FILE", spec.SeparateSlowLog == false ? "" : SlowLogFile(component, spec))
            .Value("TIDEKEEPER_PD", TidbNames.PdClientAddress(component.Cluster))
            .Value("TIDEKEEPER_SERVER_PORT", server.ToString())
            .Value("TIDEKEEPER_STATUS_PORT", status.ToString());
        if (spec.Plugins is { Count: > 0 } plugins)
            environment.Value("TIDEKEEPER_PLUGINS", string.Join(',', plugins));
        return environment.With(spec.Env);
    }

    private static string SlowLogFile(Component component, TidbSpec spec)
    {
        var mount = (string)LogMount(component, spec)["mountPath"]!;
        var wanted = Configuration.Read(spec.Config).FindText("log.slow-query-file");
        return wanted is not null && wanted.StartsWith(mount + "/", StringComparison.Ordinal)
            ? wanted
            : $"{mount.TrimEnd('/')}/slowlog";
    }

    private static JsonObject LogMount(Component component, TidbSpec spec) =>
        Volumes.MountOf(component, spec.SlowLogVolumeName) ?? Container.Mount(LogVolume, LogPath);
}
