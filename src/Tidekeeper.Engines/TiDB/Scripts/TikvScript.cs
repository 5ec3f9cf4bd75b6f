namespace Tidekeeper.Engines.TiDB.Scripts;

/// <summary>How a TiKV pod starts.</summary>
public static class TikvScript
{
    /// <summary>The address that it tells PD is its DNS name: the pod's IP changes, the store does not.</summary>
    public const string Text = StartScript.Prologue + """
        port="${TIDEKEEPER_SERVER_PORT:-20160}"
        status_port="${TIDEKEEPER_STATUS_PORT:-20180}"
        bind="${TIDEKEEPER_BIND:-0.0.0.0}"

        set -- --pd="${TIDEKEEPER_PD:-http://$CLUSTER_NAME-pd:2379}" \
            --advertise-addr="$host:$port" \
            --addr="$bind:$port" \
            --status-addr="$bind:$status_port" \
            --data-dir="${TIDEKEEPER_DATA_DIR:-/var/lib/tikv}" \
            --capacity="${CAPACITY:-0}" \
            --config="${TIDEKEEPER_CONFIG:-/etc/tikv/tikv.toml}"
        if [ "${TIDEKEEPER_ADVERTISE_STATUS:-no}" = yes ]; then
            set -- "$@" --advertise-status-addr="$host:$status_port"
        fi
        if [ -n "${STORE_LABELS:-}" ]; then
            set -- "$@" --labels "$STORE_LABELS"
        fi

        echo "starting tikv-server $*"
        exec "${TIDEKEEPER_SERVER:-/tikv-server}" "$@"

        """;
}
