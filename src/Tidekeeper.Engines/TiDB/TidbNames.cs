using Tidekeeper.Model.Crds;

namespace Tidekeeper.Engines.TiDB;

/// <summary>
/// The names and addresses of everything that belongs to a cluster. They are those of the Go operator (v1), because
/// members know each other, and claims are found, by name.
/// </summary>
public static class TidbNames
{
    /// <summary>For example <c>basic-pd</c>: the StatefulSet and, for PD and TiDB, the Service for clients.</summary>
    public static string Set(TidbCluster cluster, string component) => $"{cluster.Metadata.Name}-{component}";

    /// <summary>For example <c>basic-pd-peer</c>: the headless Service that gives every pod a DNS name.</summary>
    public static string Peer(TidbCluster cluster, string component) => $"{cluster.Metadata.Name}-{component}-peer";

    /// <summary>For example <c>basic-pd-0</c>.</summary>
    public static string Pod(TidbCluster cluster, string component, int ordinal) =>
        $"{cluster.Metadata.Name}-{component}-{ordinal}";

    /// <summary>For example <c>basic-pd-0.basic-pd-peer.shop.svc</c>.</summary>
    public static string Host(TidbCluster cluster, string component, string pod) =>
        $"{pod}.{Peer(cluster, component)}.{cluster.Metadata.Namespace}.svc{Domain(cluster)}";

    /// <summary>
    /// PD's name of the member in that pod: the pod's name, or its whole host name with a cluster domain.
    /// </summary>
    public static string Member(TidbCluster cluster, string pod) =>
        Domain(cluster).Length == 0 ? pod : Host(cluster, "pd", pod);

    /// <summary>Where PD answers as a whole.</summary>
    public static string PdUrl(TidbCluster cluster) =>
        $"http://{Set(cluster, "pd")}.{cluster.Metadata.Namespace}.svc{Domain(cluster)}:{TidbPorts.PdClient(cluster)}";

    /// <summary>PD as the components in the same namespace name it, for example <c>http://basic-pd:2379</c>.</summary>
    public static string PdClientUrl(TidbCluster cluster) => $"http://{PdClientAddress(cluster)}";

    /// <summary>The same without the scheme.</summary>
    public static string PdClientAddress(TidbCluster cluster) => $"{Set(cluster, "pd")}:{TidbPorts.PdClient(cluster)}";

    /// <summary>Where one PD member answers.</summary>
    public static string PdMemberUrl(TidbCluster cluster, string pod) =>
        $"http://{Host(cluster, "pd", pod)}:{TidbPorts.PdClient(cluster)}";

    /// <summary>Where one TiDB server tells its health.</summary>
    public static string TidbStatusUrl(TidbCluster cluster, string pod) =>
        $"http://{Host(cluster, "tidb", pod)}:{TidbPorts.TidbStatus(cluster)}/status";

    private static string Domain(TidbCluster cluster) =>
        cluster.Spec.ClusterDomain is { Length: > 0 } domain ? "." + domain : "";
}
