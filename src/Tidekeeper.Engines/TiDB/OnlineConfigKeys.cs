using Tidekeeper.Model.Toml;

namespace Tidekeeper.Engines.TiDB;

/// <summary>
/// The configuration keys that running processes change without a restart, as data. A pattern ends with a dot to name
/// everything below. Sources: the documentation of dynamic configuration of TiDB 8.5 (TiKV, PD), and for TiDB the form
/// values of <c>POST /settings</c>.
/// </summary>
public static class OnlineConfigKeys
{
    /// <summary>Of PD. It keeps them in its own store and reads the file for them only once, when it is new.</summary>
    public static readonly IReadOnlyList<string> Pd =
    [
        "log.level", "schedule.", "replication.max-replicas", "replication.location-labels",
        "replication.strictly-match-label", "replication.enable-placement-rules", "replication.isolation-level",
        "pd-server.use-region-storage", "pd-server.max-gap-reset-ts", "pd-server.key-type", "pd-server.metric-storage",
        "pd-server.dashboard-address", "pd-server.flow-round-by-digit", "replication-mode.replication-mode"
    ];

    /// <summary>Of TiKV.</summary>
    public static readonly IReadOnlyList<string> Tikv =
    [
        "log.level", "quota.", "split.", "gc.", "import.num-threads", "backup.num-threads",
        "storage.block-cache.capacity", "storage.scheduler-worker-pool-size", "storage.flow-control.enable",
        "readpool.unified.max-thread-count", "readpool.unified.max-tasks-per-worker",
        "readpool.unified.auto-adjust-pool-size", "server.snap-io-max-bytes-per-sec", "server.grpc-memory-pool-quota",
        "server.concurrent-send-snap-limit", "server.concurrent-recv-snap-limit", "server.max-grpc-send-msg-len",
        "coprocessor.split-region-on-table", "coprocessor.batch-split-limit", "coprocessor.region-max-size",
        "coprocessor.region-split-size", "coprocessor.region-max-keys", "coprocessor.region-split-keys",
        "pessimistic-txn.wait-for-lock-timeout", "pessimistic-txn.wake-up-delay-duration", "pessimistic-txn.pipelined",
        "pessimistic-txn.in-memory", "rocksdb.max-total-wal-size", "rocksdb.max-background-jobs",
        "rocksdb.max-background-flushes", "rocksdb.max-open-files", "rocksdb.compaction-readahead-size",
        "rocksdb.bytes-per-sync", "rocksdb.wal-bytes-per-sync", "rocksdb.defaultcf.block-cache-size",
        "rocksdb.defaultcf.write-buffer-size", "rocksdb.writecf.block-cache-size", "rocksdb.writecf.write-buffer-size",
        "raftstore.raft-entry-max-size", "raftstore.raft-log-gc-tick-interval", "raftstore.raft-log-gc-threshold",
        "raftstore.raft-log-gc-count-limit", "raftstore.raft-log-gc-size-limit", "raftstore.raft-max-inflight-msgs",
        "raftstore.raft-entry-cache-life-time", "raftstore.split-region-check-tick-interval",
        "raftstore.region-split-check-diff", "raftstore.region-compact-check-interval",
        "raftstore.region-compact-check-step", "raftstore.pd-heartbeat-tick-interval",
        "raftstore.pd-store-heartbeat-tick-interval", "raftstore.snap-gc-timeout", "raftstore.messages-per-tick",
        "raftstore.max-peer-down-duration", "raftstore.max-leader-missing-duration",
        "raftstore.peer-stale-state-check-interval", "raftstore.consistency-check-interval",
        "raftstore.raft-store-max-leader-lease", "raftstore.merge-check-tick-interval", "raftstore.hibernate-timeout",
        "raftstore.apply-pool-size", "raftstore.store-pool-size", "raftstore.apply-max-batch-size",
        "raftstore.store-max-batch-size", "raftstore.store-io-pool-size"
    ];

    /// <summary>Of TiDB.</summary>
    public static readonly IReadOnlyList<string> Tidb = ["log.level", "instance.tidb_general_log"];

    /// <summary>The keys of a configuration that change online with their values, in ordinal order.</summary>
    internal static IReadOnlyList<KeyValuePair<string, TomlValue>> In(TomlTable table, IReadOnlyList<string> patterns)
    {
        var found = new List<KeyValuePair<string, TomlValue>>();
        Collect(table, "", patterns, found);
        return [.. found.OrderBy(entry => entry.Key, StringComparer.Ordinal)];
    }

    private static void Collect(
        TomlTable table, string prefix, IReadOnlyList<string> patterns, List<KeyValuePair<string, TomlValue>> found)
    {
        foreach (var (name, value) in table.Entries)
        {
            var path = prefix + name;
            if (value is TomlTable inner)
                Collect(inner, path + ".", patterns, found);
            else if (patterns.Any(pattern => IsMatch(pattern, path)))
                found.Add(new(path, value));
        }
    }

    private static bool IsMatch(string pattern, string path) =>
        pattern[^1] == '.' ? path.StartsWith(pattern, StringComparison.Ordinal) : pattern == path;
}
