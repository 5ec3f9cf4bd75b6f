using Tidekeeper.Model.Toml;

namespace Tidekeeper.Playground.Databases.TiDB.Processes;

/// <summary>The configuration of TiKV: the items that operators and people touch, not all of the thousand.</summary>
internal static class TikvConfig
{
    public static readonly ConfigItems Items = new("""
        log.level level info online
        log.format json|text text
        log.file.filename text -
        log.file.max-size uint 300
        log.file.max-days uint 0
        log.file.max-backups uint 0
        log-level level info
        log-file text -
        slow-log-threshold duration 1s
        memory-usage-limit size 0B
        abort-on-panic bool false
        server.addr text 127.0.0.1:20160
        server.advertise-addr text -
        server.status-addr text 127.0.0.1:20180
        server.advertise-status-addr text -
        server.status-thread-pool-size uint 1
        server.grpc-concurrency uint 5
        server.grpc-concurrent-stream uint 1024
        server.grpc-raft-conn-num uint 1
        server.grpc-memory-pool-quota size 32GiB online
        server.max-grpc-send-msg-len int 10485760 online
        server.concurrent-send-snap-limit uint 32 online
        server.concurrent-recv-snap-limit uint 32 online
        server.snap-io-max-bytes-per-sec size 100MiB online
        server.end-point-request-max-handle-duration duration 1m
        storage.data-dir text ./
        storage.reserve-space size 5GiB
        storage.reserve-raft-space size 1GiB
        storage.scheduler-concurrency uint 524288
        storage.scheduler-worker-pool-size uint 4 online
        storage.engine raft-kv|partitioned-raft-kv raft-kv
        storage.api-version uint 1
        storage.enable-ttl bool false
        storage.block-cache.capacity size 0B online
        storage.flow-control.enable bool true online
        storage.flow-control.memtables-threshold uint 5 online
        storage.io-rate-limit.max-bytes-per-sec size 0B online
        raftstore.capacity size 0B
        raftstore.prevote bool true
        raftstore.raftdb-path text -
        raftstore.raft-base-tick-interval duration 1s
        raftstore.raft-heartbeat-ticks uint 2
        raftstore.raft-election-timeout-ticks uint 10
        raftstore.raft-max-inflight-msgs uint 256 online
        raftstore.raft-entry-cache-life-time duration 30s online
        raftstore.split-region-check-tick-interval duration 10s online
        raftstore.region-compact-check-interval duration 5m online
        raftstore.region-compact-check-step uint 100 online
        raftstore.snap-mgr-gc-tick-interval duration 1m online
        raftstore.snap-gc-timeout duration 4h online
        raftstore.messages-per-tick uint 4096 online
        raftstore.abnormal-leader-missing-duration duration 10m online
        raftstore.consistency-check-interval duration 0s online
        raftstore.raft-store-max-leader-lease duration 9s online
        raftstore.merge-check-tick-interval duration 2s online
        raftstore.hibernate-timeout duration 10m online
        raftstore.raft-entry-max-size size 8MiB online
        raftstore.raft-log-gc-tick-interval duration 3s online
        raftstore.raft-log-gc-threshold uint 50 online
        raftstore.raft-log-gc-count-limit uint 196608 online
        raftstore.raft-log-gc-size-limit size 192MiB online
        raftstore.pd-heartbeat-tick-interval duration 1m online
        raftstore.pd-store-heartbeat-tick-interval duration 10s online
        raftstore.region-split-check-diff size 16MiB online
        raftstore.max-peer-down-duration duration 10m online
        raftstore.max-leader-missing-duration duration 2h online
        raftstore.peer-stale-state-check-interval duration 5m online
        raftstore.hibernate-regions bool true
        raftstore.apply-pool-size uint 2 online
        raftstore.store-pool-size uint 2 online
        raftstore.store-io-pool-size uint 1 online
        raftstore.apply-max-batch-size uint 256 online
        raftstore.store-max-batch-size uint 256 online
        raftstore.sync-log bool true
        coprocessor.split-region-on-table bool false online
        coprocessor.batch-split-limit uint 10 online
        coprocessor.region-max-size size 384MiB online
        coprocessor.region-split-size size 256MiB online
        coprocessor.region-max-keys uint 3840000 online
        coprocessor.region-split-keys uint 2560000 online
        readpool.unified.min-thread-count uint 1
        readpool.unified.max-thread-count uint 4 online
        readpool.unified.stack-size size 10MiB
        readpool.unified.max-tasks-per-worker uint 2000 online
        readpool.unified.auto-adjust-pool-size bool false online
        readpool.storage.use-unified-pool bool true
        readpool.coprocessor.use-unified-pool bool true
        rocksdb.max-open-files int 40960 online
        rocksdb.max-total-wal-size size 4GiB online
        rocksdb.compaction-readahead-size size 0B online
        rocksdb.bytes-per-sync size 1MiB online
        rocksdb.wal-bytes-per-sync size 512KiB online
        rocksdb.max-background-jobs int 9 online
        rocksdb.max-background-flushes int 3 online
        rocksdb.max-sub-compactions uint 3 online
        rocksdb.rate-bytes-per-sec size 10GiB online
        rocksdb.wal-dir text -
        rocksdb.defaultcf.block-size size 32KiB
        rocksdb.defaultcf.block-cache-size size 0B online
        rocksdb.defaultcf.write-buffer-size size 128MiB online
        rocksdb.defaultcf.max-write-buffer-number int 5 online
        rocksdb.writecf.block-cache-size size 0B online
        rocksdb.writecf.write-buffer-size size 128MiB online
        rocksdb.lockcf.write-buffer-size size 32MiB online
        raftdb.max-open-files int 40960 online
        raftdb.max-background-jobs int 4 online
        raft-engine.enable bool true
        raft-engine.dir text -
        raft-engine.purge-threshold size 10GiB online
        pessimistic-txn.wait-for-lock-timeout duration 1s online
        pessimistic-txn.wake-up-delay-duration duration 20ms online
        pessimistic-txn.pipelined bool true online
        pessimistic-txn.in-memory bool true online
        gc.ratio-threshold float 1.1 online
        gc.batch-keys uint 512 online
        gc.max-write-bytes-per-sec size 0B online
        gc.enable-compaction-filter bool true online
        quota.foreground-cpu-time uint 0 online
        quota.foreground-write-bandwidth size 0B online
        quota.foreground-read-bandwidth size 0B online
        quota.max-delay-duration duration 500ms online
        split.qps-threshold uint 3000 online
        split.byte-threshold uint 31457280 online
        import.num-threads uint 8 online
        backup.num-threads uint 4 online
        cdc.min-ts-interval duration 200ms online
        resolved-ts.enable bool true
        resolved-ts.advance-ts-interval duration 20s online
        security.ca-path text -
        security.cert-path text -
        security.key-path text -
        security.cert-allowed-cn texts -
        security.redact-info-log bool false online
        """);

    /// <summary>Throws <see cref="ConfigFault"/> for what TiKV does not start with.</summary>
    public static void Check(TomlTable file)
    {
        Items.Check(file);
        var (beats, ticks) = (Number(file, "raftstore.raft-heartbeat-ticks", 2),
            Number(file, "raftstore.raft-election-timeout-ticks", 10));
        if (beats == 0)
            throw new ConfigFault("heartbeat tick must greater than 0");
        if (ticks <= beats)
            throw new ConfigFault("election tick must be greater than heartbeat tick");
        if (Number(file, "server.grpc-concurrency", 5) == 0)
            throw new ConfigFault("server.grpc-concurrency should be greater than 0");
        if (Number(file, "readpool.unified.max-thread-count", 4) < Number(file, "readpool.unified.min-thread-count", 1))
            throw new ConfigFault(
                "readpool.unified.max-thread-count should be >= readpool.unified.min-thread-count");
        var (most, split) = (Size(file, "coprocessor.region-max-size"), Size(file, "coprocessor.region-split-size"));
        if (most is { } m && split is { } s && m < s)
            throw new ConfigFault($"region max size {m} must >= split size {s}");
    }

    private static long Number(TomlTable file, string name, long otherwise) =>
        (file.Find(name) as TomlInteger)?.Value ?? otherwise;

    private static long? Size(TomlTable file, string name) =>
        file.FindText(name) is { } text ? ReadableSize.Bytes(text) : null;
}
