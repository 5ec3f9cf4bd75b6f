using System.Text.Json.Nodes;
using Tidekeeper.Engines.TiDB.Objects;
using Tidekeeper.Model.Crds;
using Tidekeeper.Model.Toml;

namespace Tidekeeper.Engines.TiDB;

/// <summary>The ports of a cluster: v1's, unless the user's configuration says otherwise.</summary>
public static class TidbPorts
{
    /// <summary>PD's port for clients where nobody says otherwise.</summary>
    public const int PdClientDefault = 2379;

    /// <summary>PD's port for clients.</summary>
    public static int PdClient(TidbCluster cluster) => Port(cluster.Spec.Pd?.Config, "client-urls") ?? PdClientDefault;

    /// <summary>PD's port for its peers.</summary>
    public static int PdPeer(TidbCluster cluster) => Port(cluster.Spec.Pd?.Config, "peer-urls") ?? 2380;

    /// <summary>TiKV's port.</summary>
    public static int Tikv(TidbCluster cluster) => Port(cluster.Spec.Tikv?.Config, "server.addr") ?? 20160;

    /// <summary>TiKV's port for status and metrics.</summary>
    public static int TikvStatus(TidbCluster cluster) => Port(cluster.Spec.Tikv?.Config, "server.status-addr") ?? 20180;

    /// <summary>TiDB's port for SQL.</summary>
    public static int Tidb(TidbCluster cluster) => Number(cluster.Spec.Tidb?.Config, "port") ?? 4000;

    /// <summary>TiDB's port for status and metrics.</summary>
    public static int TidbStatus(TidbCluster cluster) =>
        Number(cluster.Spec.Tidb?.Config, "status.status-port") ?? 10080;

    /// <summary>TiFlash's port.</summary>
    public static int Tiflash(TidbCluster cluster) =>
        Port(cluster.Spec.Tiflash?.Config?.Config, "flash.service_addr") ?? 3930;

    /// <summary>The port of TiFlash's proxy.</summary>
    public static int TiflashProxy(TidbCluster cluster) =>
        Port(cluster.Spec.Tiflash?.Config?.Config, "flash.proxy.addr") ?? 20170;

    /// <summary>The port of the proxy for status and metrics.</summary>
    public static int TiflashProxyStatus(TidbCluster cluster) =>
        Port(cluster.Spec.Tiflash?.Config?.Proxy, "server.status-addr") ?? 20292;

    /// <summary>TiFlash's port for metrics.</summary>
    public static int TiflashMetrics(TidbCluster cluster) =>
        Number(cluster.Spec.Tiflash?.Config?.Config, "status.metrics_port") ?? 8234;

    private static int? Port(JsonNode? config, string path) => Configuration.Port(Configuration.Read(config), path);

    private static int? Number(JsonNode? config, string path) =>
        Configuration.Read(config).Find(path) is TomlInteger { Value: > 0 and < 65536 } port ? (int)port.Value : null;
}
