using System.Globalization;

namespace Tidekeeper.Playground.Databases.TiDB.Sql;

/// <summary>The variables that are known, with the value they have when nobody has set them.</summary>
internal static class VariableDefaults
{
    public static SortedDictionary<string, SqlValue> All { get; } = Read(
        """
        auto_increment_increment 1
        auto_increment_offset 1
        autocommit 1
        big_tables OFF
        block_encryption_mode aes-128-ecb
        character_set_client utf8mb4
        character_set_connection utf8mb4
        character_set_database utf8mb4
        character_set_filesystem binary
        character_set_results utf8mb4
        character_set_server utf8mb4
        character_set_system utf8
        collation_connection utf8mb4_bin
        collation_database utf8mb4_bin
        collation_server utf8mb4_bin
        connect_timeout 10
        datadir /tmp/tidb
        default_authentication_plugin mysql_native_password
        default_storage_engine InnoDB
        default_week_format 0
        div_precision_increment 4
        event_scheduler OFF
        explicit_defaults_for_timestamp 1
        foreign_key_checks 1
        general_log 0
        group_concat_max_len 1024
        gtid_mode OFF
        have_openssl DISABLED
        have_profiling NO
        have_ssl DISABLED
        hostname -
        init_connect -
        innodb_lock_wait_timeout 50
        innodb_stats_on_metadata 0
        interactive_timeout 28800
        license Apache License 2.0
        lock_wait_timeout 31536000
        lower_case_file_system OFF
        lower_case_table_names 2
        max_allowed_packet 67108864
        max_connections 0
        max_execution_time 0
        max_heap_table_size 16777216
        max_prepared_stmt_count -1
        max_statement_time 0
        net_buffer_length 16384
        net_read_timeout 30
        net_write_timeout 60
        old_alter_table OFF
        password_history 0
        performance_schema OFF
        port 4000
        profiling 0
        protocol_version 10
        query_cache_size 1048576
        query_cache_type OFF
        read_only OFF
        rand_seed1 0
        server_id 0
        skip_networking 0
        socket -
        sql_auto_is_null 0
        sql_log_bin 1
        sql_mode -
        sql_notes 1
        sql_quote_show_create 1
        sql_safe_updates 0
        sql_select_limit 18446744073709551615
        sql_warnings 0
        ssl_ca -
        super_read_only OFF
        system_time_zone UTC
        tidb_analyze_version 2
        tidb_batch_insert OFF
        tidb_current_ts 0
        tidb_distsql_scan_concurrency 15
        tidb_enable_clustered_index ON
        tidb_enable_noop_functions OFF
        tidb_gc_enable ON
        tidb_gc_life_time 10m0s
        tidb_isolation_read_engines tikv,tiflash,tidb
        tidb_mem_quota_query 1073741824
        tidb_read_staleness 0
        tidb_replica_read leader
        tidb_retry_limit 10
        tidb_row_format_version 2
        tidb_server_memory_limit 80%
        tidb_skip_isolation_level_check 1
        tidb_snapshot -
        tidb_txn_mode optimistic
        time_zone SYSTEM
        timestamp 0
        tmp_table_size 16777216
        tmpdir /tmp
        transaction_isolation READ-COMMITTED
        transaction_read_only 0
        unique_checks 1
        version -
        version_comment Tidekeeper's simulated TiDB (not a real TiDB), Apache License 2.0
        version_compile_machine x86_64
        version_compile_os Linux
        wait_timeout 28800
        warning_count 0
        """);

    private const string SqlMode =
        "ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO," +
        "NO_AUTO_CREATE_USER,NO_ENGINE_SUBSTITUTION";

    public static IReadOnlyList<string> SqlModes { get; } =
    [
        "ALLOW_INVALID_DATES", "ERROR_FOR_DIVISION_BY_ZERO", "HIGH_NOT_PRECEDENCE", "IGNORE_SPACE",
        "NO_AUTO_CREATE_USER", "NO_AUTO_VALUE_ON_ZERO", "NO_ENGINE_SUBSTITUTION", "NO_FIELD_OPTIONS", "NO_KEY_OPTIONS",
        "NO_TABLE_OPTIONS", "NO_UNSIGNED_SUBTRACTION", "NO_ZERO_DATE", "NO_ZERO_IN_DATE", "ONLY_FULL_GROUP_BY",
        "PAD_CHAR_TO_FULL_LENGTH", "REAL_AS_FLOAT", "STRICT_ALL_TABLES", "STRICT_TRANS_TABLES", "TRADITIONAL",
    ];

    public static bool IsReadOnly(string name) =>
        name.StartsWith("version", StringComparison.OrdinalIgnoreCase) ||
        name is "hostname" or "port" or "datadir" or "socket" or "license" or "have_ssl" or "have_openssl"
            or "warning_count"
            or "lower_case_table_names" or "protocol_version" or "system_time_zone" or "character_set_system";

    private static SortedDictionary<string, SqlValue> Read(string text)
    {
        var all = new SortedDictionary<string, SqlValue>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in text.Split('\n'))
        {
            var space = line.IndexOf(' ');
            var value = line[(space + 1)..].TrimEnd('\r');
            all[line[..space]] = line.StartsWith("sql_mode ", StringComparison.Ordinal) ? SqlValue.Of(SqlMode)
                : value == "-" ? SqlValue.Of("")
                : long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
                    ? SqlValue.Of(number) : SqlValue.Of(value);
        }

        return all;
    }
}
