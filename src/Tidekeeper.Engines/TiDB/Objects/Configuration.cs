using System.Text.Json.Nodes;
using Tidekeeper.Model.Crds;
using Tidekeeper.Model.Toml;

namespace Tidekeeper.Engines.TiDB.Objects;

/// <summary>
/// The configuration files: what the user wrote, with defaults where nothing is written. The text is canonical, so
/// that reformatting a spec changes no file.
/// </summary>
internal static class Configuration
{
    public const string BootstrapFile = "/etc/tidb-bootstrap/bootstrap.sql";

    public static TomlTable Pd(PdSpec spec)
    {
        var table = Read(spec.Config);
        if (spec.EnableDashboardInternalProxy is { } proxy)
            table.SetIfAbsent("dashboard.internal-proxy", proxy);
        return table.Sorted();
    }

    public static TomlTable Tikv(TikvSpec spec) => Read(spec.Config).Sorted();

    public static TomlTable Tidb(TidbSpec spec)
    {
        var table = Read(spec.Config);
        table.SetIfAbsent("log.file.max-backups", 3);
        if (spec.BootstrapSQLConfigMapName is { Length: > 0 })
            table.Set("initialize-sql-file", BootstrapFile);
        return table.Sorted();
    }

    /// <summary>
    /// The template of TiFlash's own file, for v5.4 and later. POD_NUM and PD_ADDR are replaced in the pod.
    /// </summary>
    public static TomlTable Tiflash(TidbCluster cluster, TiflashSpec spec)
    {
        var table = Read(spec.Config?.Config);
        var host = TiflashHost(cluster);
        var disks = Enumerable.Range(0, spec.StorageClaims.Count).Select(TomlValue (i) => $"/data{i}/db");
        table.SetIfAbsent("storage.main.dir", new TomlArray([.. disks]));
        table.SetIfAbsent("storage.raft.dir", new TomlArray(["/data0/kvstore"]));
        table.SetIfAbsent("tmp_path", "/data0/tmp");
        table.SetIfAbsent("flash.tidb_status_addr", TidbStatusAddress(cluster));
        table.SetIfAbsent("flash.service_addr", "0.0.0.0:3930");
        table.SetIfAbsent("flash.flash_cluster.log", "/data0/logs/flash_cluster_manager.log");
        table.SetIfAbsent("flash.proxy.addr", "0.0.0.0:20170");
        table.SetIfAbsent("flash.proxy.advertise-addr", $"{host}:20170");
        table.SetIfAbsent("flash.proxy.data-dir", "/data0/proxy");
        table.SetIfAbsent("flash.proxy.config", "/data0/proxy.toml");
        table.SetIfAbsent("logger.log", "/data0/logs/server.log");
        table.SetIfAbsent("logger.errorlog", "/data0/logs/error.log");
        table.SetIfAbsent("raft.pd_addr", "PD_ADDR");
        return table.Sorted();
    }

    /// <summary>The template of the file of TiFlash's proxy, which is its TiKV side.</summary>
    public static TomlTable TiflashProxy(TidbCluster cluster, TiflashSpec spec)
    {
        var table = Read(spec.Config?.Proxy);
        var host = TiflashHost(cluster);
        table.SetIfAbsent("log-level", "info");
        table.SetIfAbsent("server.engine-addr", $"{host}:3930");
        table.SetIfAbsent("server.status-addr", "0.0.0.0:20292");
        table.SetIfAbsent("server.advertise-status-addr", $"{host}:20292");
        return table.Sorted();
    }

    /// <summary>
    /// The number after the last colon of an address or URL in the configuration; null where there is none.
    /// </summary>
    public static int? Port(TomlTable table, string path)
    {
        var text = table.FindText(path)?.Split(',')[0].TrimEnd('/') ?? "";
        return int.TryParse(text[(text.LastIndexOf(':') + 1)..], out var port) && port is > 0 and < 65536 ? port : null;
    }

    /// <summary>The configuration as the user wrote it, as TOML in a string or as an object.</summary>
    public static TomlTable Read(JsonNode? config) => config switch
    {
        JsonObject map => TomlTable.FromJson(map),
        JsonValue value when value.TryGetValue<string>(out var text) => Parse(text),
        _ => new TomlTable()
    };

    /// <summary>
    /// Validation names what is no TOML, and nothing is done then; yet the cluster is still looked at, by the ports
    /// that it has without a configuration.
    /// </summary>
    private static TomlTable Parse(string text)
    {
        try
        {
            return TomlTable.Parse(text);
        }
        catch (TomlException)
        {
            return new TomlTable();
        }
    }

    private static string TiflashHost(TidbCluster cluster) =>
        TidbNames.Host(cluster, Component.Tiflash, $"{TidbNames.Set(cluster, Component.Tiflash)}-POD_NUM");

    /// <summary>The client Service is optional; the headless one is always there.</summary>
    public static string TidbStatusAddress(TidbCluster cluster)
    {
        var service = cluster.Spec.Tidb?.Service is { ExposeStatus: not false }
            ? TidbNames.Set(cluster, Component.Tidb)
            : TidbNames.Peer(cluster, Component.Tidb);
        return $"{service}.{cluster.Metadata.Namespace}.svc:{TidbPorts.TidbStatus(cluster)}";
    }
}
