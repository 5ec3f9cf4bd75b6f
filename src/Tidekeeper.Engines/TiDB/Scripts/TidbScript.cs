namespace Tidekeeper.Engines.TiDB.Scripts;

/// <summary>How a TiDB pod starts.</summary>
public static class TidbScript
{
    /// <summary>Arguments of the container, which the user may give, follow the operator's own flags.</summary>
    public const string Text = StartScript.Prologue + """
        # The user's own flags are the arguments of this script; ours go in front, so that a later flag wins.
        if [ -n "${TIDEKEEPER_PLUGINS:-}" ]; then
            set -- --plugin-dir=/plugins --plugin-load="$TIDEKEEPER_PLUGINS" "$@"
        fi
        if [ -n "${SLOW_LOG_FILE:-}" ]; then
            set -- --log-slow-query="$SLOW_LOG_FILE" "$@"
        fi
        if [ "${BINLOG_ENABLED:-false}" = true ]; then
            set -- --enable-binlog=true "$@"
        fi
        set -- --store=tikv \
            --advertise-address="$host" \
            --host="${TIDEKEEPER_BIND:-0.0.0.0}" \
            -P "${TIDEKEEPER_SERVER_PORT:-4000}" \
            --status="${TIDEKEEPER_STATUS_PORT:-10080}" \
            --path="${TIDEKEEPER_PD:-$CLUSTER_NAME-pd:2379}" \
            --config="${TIDEKEEPER_CONFIG:-/etc/tidb/tidb.toml}" "$@"

        echo "starting tidb-server $*"
        exec "${TIDEKEEPER_SERVER:-/tidb-server}" "$@"

        """;
}
