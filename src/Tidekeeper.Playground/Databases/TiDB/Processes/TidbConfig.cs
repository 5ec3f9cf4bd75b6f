using Tidekeeper.Model.Admin.TiDB;
using Tidekeeper.Model.Toml;

namespace Tidekeeper.Playground.Databases.TiDB.Processes;

/// <summary>The configuration file of TiDB, without what is set by system variables.</summary>
internal static class TidbConfig
{
    public static readonly ConfigItems Items = new("""
        host text 0.0.0.0
        advertise-address text -
        port uint 4000
        path text -
        store tikv|unistore|mocktikv tikv
        cors text -
        lease text 45s
        split-table bool true
        token-limit uint 1000
        temp-dir text /tmp/tidb
        tmp-storage-path text -
        tmp-storage-quota int -1
        server-version text -
        graceful-wait-before-shutdown uint 0
        enable-telemetry bool false
        new_collations_enabled_on_first_bootstrap bool true
        max-index-length uint 3072
        index-limit uint 64
        table-column-count-limit uint 1017
        repair-mode bool false
        deprecate-integer-display-length bool true
        enable-32bits-connection-id bool true
        enable-global-kill bool true
        log.level level info
        log.format text|json|console text
        log.enable-timestamp bool true
        log.slow-query-file text tidb-slow.log
        log.slow-threshold uint 300
        log.file.filename text -
        log.file.max-size uint 300
        log.file.max-days uint 0
        log.file.max-backups uint 0
        status.report-status bool true
        status.status-host text 0.0.0.0
        status.status-port uint 10080
        status.metrics-interval uint 15
        performance.max-procs uint 0
        performance.server-memory-quota uint 0
        performance.tcp-keep-alive bool true
        performance.cross-join bool true
        performance.stats-lease text 3s
        performance.bind-info-lease text 3s
        performance.txn-entry-size-limit uint 6291456
        performance.txn-total-size-limit uint 104857600
        performance.max-txn-ttl uint 3600000
        performance.gogc uint 100
        prepared-plan-cache.enabled bool true
        tikv-client.grpc-connection-count uint 4
        tikv-client.commit-timeout text 41s
        tikv-client.max-batch-size uint 128
        tikv-client.copr-cache.capacity-mb float 1000
        pessimistic-txn.max-retry-count uint 256
        isolation-read.engines texts tikv,tiflash,tidb
        instance.max_connections uint 0
        instance.tidb_slow_log_threshold uint 300
        instance.tidb_general_log bool false
        security.ssl-ca text -
        security.ssl-cert text -
        security.ssl-key text -
        security.cluster-ssl-ca text -
        security.cluster-ssl-cert text -
        security.cluster-ssl-key text -
        security.skip-grant-table bool false
        security.enable-sem bool false
        proxy-protocol.networks text -
        proxy-protocol.header-timeout uint 5
        """);

    /// <summary>Throws <see cref="ConfigFault"/> for what TiDB does not start with.</summary>
    public static void Check(TomlTable file)
    {
        Items.Check(file);
        if (file.Find("max-index-length") is TomlInteger { Value: < 3072 or > 12288 } length)
            throw new ConfigFault($"max-index-length should be [3072, 12288], got {length.Value}");
        if (file.Find("index-limit") is TomlInteger { Value: < 64 or > 512 })
            throw new ConfigFault("index-limit should be [64, 512]");
        if (file.Find("table-column-count-limit") is TomlInteger { Value: < 1017 or > 4096 })
            throw new ConfigFault("table-column-limit should be [1017, 4096]");
        if (file.Find("performance.txn-total-size-limit") is TomlInteger { Value: > 1L << 40 })
            throw new ConfigFault("txn-total-size-limit should be less than 1099511627776");
        if (file.FindText("lease") is { } lease && GoDuration.Parse(lease) is null)
            throw new ConfigFault($"invalid lease: time: invalid duration \"{lease}\"");
    }
}
