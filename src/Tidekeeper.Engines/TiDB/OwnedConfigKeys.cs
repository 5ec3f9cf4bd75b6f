namespace Tidekeeper.Engines.TiDB;

/// <summary>A key of a configuration that the operator sets and the user may not.</summary>
/// <param name="Key">Path in the TOML file, for example <c>security.ca-path</c>; a key owns all below it.</param>
/// <param name="Remedy">How the user gets what the key is for, as an imperative.</param>
public sealed record OwnedConfigKey(string Key, string Remedy);

/// <summary>
/// The configuration keys that the operator owns, as data: whoever sets one of them is told so, since the value would
/// be overridden by a flag or break the cluster.
/// </summary>
public static class OwnedConfigKeys
{
    private const string NamesAreFixed = "remove it: names and addresses follow from the cluster's name";
    private const string JoinIsFixed = "remove it: the operator decides who begins a cluster and who joins it";
    private const string PathIsFixed = "remove it: data lies in the component's volume; see dataSubDir";
    private const string TlsIsFixed = "remove it: certificates come from spec.tlsCluster";
    private const string SqlTlsIsFixed = "remove it: certificates come from spec.tidb.tlsClient";

    /// <summary>Of PD's file.</summary>
    public static readonly IReadOnlyList<OwnedConfigKey> Pd =
    [
        new("name", NamesAreFixed),
        new("advertise-client-urls", NamesAreFixed),
        new("advertise-peer-urls", NamesAreFixed),
        new("initial-cluster", JoinIsFixed),
        new("initial-cluster-state", JoinIsFixed),
        new("initial-cluster-token", JoinIsFixed),
        new("join", JoinIsFixed),
        new("data-dir", PathIsFixed),
        new("security.cacert-path", TlsIsFixed),
        new("security.cert-path", TlsIsFixed),
        new("security.key-path", TlsIsFixed),
    ];

    /// <summary>Of TiKV's file.</summary>
    public static readonly IReadOnlyList<OwnedConfigKey> Tikv =
    [
        new("server.advertise-addr", NamesAreFixed),
        new("server.advertise-status-addr", "remove it and set spec.enableDynamicConfiguration"),
        new("pd.endpoints", NamesAreFixed),
        new("storage.data-dir", PathIsFixed),
        new("security.ca-path", TlsIsFixed),
        new("security.cert-path", TlsIsFixed),
        new("security.key-path", TlsIsFixed),
    ];

    /// <summary>Of TiDB's file.</summary>
    public static readonly IReadOnlyList<OwnedConfigKey> Tidb =
    [
        new("store", "remove it: rows are stored in TiKV"),
        new("path", NamesAreFixed),
        new("advertise-address", NamesAreFixed),
        new("initialize-sql-file", "remove it and name a ConfigMap in spec.tidb.bootstrapSQLConfigMapName"),
        new("security.cluster-ssl-ca", TlsIsFixed),
        new("security.cluster-ssl-cert", TlsIsFixed),
        new("security.cluster-ssl-key", TlsIsFixed),
        new("security.ssl-ca", SqlTlsIsFixed),
        new("security.ssl-cert", SqlTlsIsFixed),
        new("security.ssl-key", SqlTlsIsFixed),
    ];

    /// <summary>Of TiDB's file while a container of its own copies the slow log.</summary>
    public static readonly OwnedConfigKey SlowLog = new("log.slow-query-file",
        "remove it, set spec.tidb.separateSlowLog to false, or choose the volume with spec.tidb.slowLogVolumeName");

    /// <summary>Of TiFlash's own file.</summary>
    public static readonly IReadOnlyList<OwnedConfigKey> Tiflash =
    [
        new("raft.pd_addr", NamesAreFixed),
        new("flash.proxy.config", "remove it: the file is made from spec.tiflash.config.proxy"),
        new("security.ca_path", TlsIsFixed),
        new("security.cert_path", TlsIsFixed),
        new("security.key_path", TlsIsFixed),
    ];

    /// <summary>Of the file of TiFlash's proxy.</summary>
    public static readonly IReadOnlyList<OwnedConfigKey> TiflashProxy =
    [
        new("pd.endpoints", NamesAreFixed),
        new("security.ca-path", TlsIsFixed),
        new("security.cert-path", TlsIsFixed),
        new("security.key-path", TlsIsFixed),
    ];
}
