using Tidekeeper.Model.Crds;

namespace Tidekeeper.Engines.TiDB;

/// <summary>The ports of a cluster: v1's, unless the user's configuration says otherwise.</summary>
public static class TidbPorts
{
    /// <summary>PD's port for clients.</summary>
    public static int PdClient(TidbCluster cluster) => 2379;

    /// <summary>PD's port for its peers.</summary>
    public static int PdPeer(TidbCluster cluster) => 2380;

    /// <summary>TiKV's port.</summary>
    public static int Tikv(TidbCluster cluster) => 20160;

    /// <summary>TiKV's port for status and metrics.</summary>
    public static int TikvStatus(TidbCluster cluster) => 20180;

    /// <summary>TiDB's port for SQL.</summary>
    public static int Tidb(TidbCluster cluster) => 4000;

    /// <summary>TiDB's port for status and metrics.</summary>
    public static int TidbStatus(TidbCluster cluster) => 10080;
}
