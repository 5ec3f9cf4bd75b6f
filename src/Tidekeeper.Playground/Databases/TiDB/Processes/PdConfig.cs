using Tidekeeper.Model.Toml;

namespace Tidekeeper.Playground.Databases.TiDB.Processes;

/// <summary>
/// The configuration file of PD. What of it is shared by the members counts at the first start of a cluster only;
/// afterwards PD keeps it itself.
/// </summary>
internal static class PdConfig
{
    private static readonly ConfigItems Items = new("""
        name text -
        data-dir text -
        lease int 5
        log.level level info
        log.format text|json text
        log.file.filename text -
        log.file.max-size uint 300
        log.file.max-days uint 0
        log.file.max-backups uint 0
        tso-save-interval duration 3s
        tso-update-physical-interval duration 50ms
        tick-interval duration 500ms
        election-interval duration 3s
        enable-prevote bool true
        quota-backend-bytes size 8GiB
        auto-compaction-mode periodic|revision periodic
        auto-compaction-retention-v2 text 1h
        metric.interval duration 15s
        schedule.max-snapshot-count uint 64
        schedule.max-pending-peer-count uint 64
        schedule.max-merge-region-size uint 54
        schedule.max-merge-region-keys uint 540000
        schedule.split-merge-interval duration 1h
        schedule.patrol-region-interval duration 10ms
        schedule.max-store-down-time duration 30m
        schedule.leader-schedule-limit uint 4
        schedule.region-schedule-limit uint 2048
        schedule.replica-schedule-limit uint 64
        schedule.merge-schedule-limit uint 8
        schedule.hot-region-schedule-limit uint 4
        schedule.tolerant-size-ratio float 0
        schedule.low-space-ratio float 0.8
        schedule.high-space-ratio float 0.7
        schedule.enable-remove-down-replica bool true
        schedule.enable-replace-offline-replica bool true
        schedule.enable-make-up-replica bool true
        schedule.enable-remove-extra-replica bool true
        schedule.enable-location-replacement bool true
        replication.max-replicas uint 3
        replication.strictly-match-label bool false
        replication.enable-placement-rules bool true
        replication.isolation-level text -
        pd-server.use-region-storage bool true
        pd-server.flow-round-by-digit int 3
        pd-server.metric-storage text -
        dashboard.internal-proxy bool false
        dashboard.public-path-prefix text /dashboard
        security.cacert-path text -
        security.cert-path text -
        security.key-path text -
        security.cert-allowed-cn texts -
        security.redact-info-log bool false
        """);

    /// <summary>Throws <see cref="ConfigFault"/> for what PD does not start with.</summary>
    public static void Check(TomlTable file)
    {
        Items.Check(file);
        var (low, high) = (Ratio(file, "schedule.low-space-ratio", 0.8), Ratio(file, "schedule.high-space-ratio", 0.7));
        if (low <= high)
            throw new ConfigFault("low-space-ratio should be larger than high-space-ratio");
        if (file.FindText("replication.isolation-level") is { Length: > 0 } level
            && file.Texts("replication.location-labels", "config.ReplicationConfig")?.Contains(level) != true)
            throw new ConfigFault("isolation-level must be one of location-labels or empty");
    }

    private static double Ratio(TomlTable file, string name, double otherwise)
    {
        var ratio = file.Find(name) switch
        {
            TomlFloat given => given.Value,
            TomlInteger given => given.Value,
            _ => otherwise,
        };
        return ratio is >= 0 and <= 1 ? ratio
            : throw new ConfigFault($"{name["schedule.".Length..]} should between 0 and 1");
    }
}
