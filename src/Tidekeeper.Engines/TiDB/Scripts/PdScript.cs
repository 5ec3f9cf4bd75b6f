namespace Tidekeeper.Engines.TiDB.Scripts;

/// <summary>How a PD pod starts.</summary>
public static class PdScript
{
    /// <summary>
    /// A member that has data starts from it. One that was let in before starts from what PD wrote into <c>join</c>.
    /// Only one without data asks discovery, and it starts with nothing but the one flag that it was given.
    /// </summary>
    public const string Text = StartScript.Prologue + StartScript.HearEnd + StartScript.WaitForDns
        + StartScript.Fetch + """

        data="${TIDEKEEPER_DATA_DIR:-/var/lib/pd}"
        scheme="${TIDEKEEPER_SCHEME:-http}"
        peer_port="${TIDEKEEPER_PEER_PORT:-2380}"
        client_port="${TIDEKEEPER_CLIENT_PORT:-2379}"
        bind="${TIDEKEEPER_BIND:-0.0.0.0}"
        name="$pod"
        if [ -n "${TIDEKEEPER_CLUSTER_DOMAIN:-}" ]; then
            name="$host"
        fi

        set -- --data-dir="$data" \
            --name="$name" \
            --peer-urls="$scheme://$bind:$peer_port" \
            --advertise-peer-urls="$scheme://$host:$peer_port" \
            --client-urls="$scheme://$bind:$client_port" \
            --advertise-client-urls="$scheme://$host:$client_port" \
            --config="${TIDEKEEPER_CONFIG:-/etc/pd/pd.toml}"

        if [ -f "$data/join" ]; then
            # name=url,name=url as PD wrote it: only the URLs are wanted.
            set -- "$@" --join="$(tr ',' '\n' <"$data/join" | sed 's/^[^=]*=//' | tr '\n' ',' | sed 's/,*$//')"
        elif [ ! -d "$data/member/wal" ]; then
            discovery="${TIDEKEEPER_DISCOVERY:-http://$CLUSTER_NAME-discovery.$NAMESPACE:10261}"
            question="$discovery/new/$(printf '%s:%s\n' "$host" "$peer_port" | base64 | tr -d '\n')"
            tries=0
            until answer="$(fetch "$question")" && [ -n "$answer" ]; do
                tries=$((tries + 1))
                if [ "$tries" -ge "${TIDEKEEPER_DISCOVERY_TRIES:-300}" ]; then
                    echo "$discovery gave no permission to start in $tries tries" >&2
                    exit 1
                fi
                echo "$pod has no data and waits for permission to start from $discovery ($tries)"
                sleep "${TIDEKEEPER_DISCOVERY_PAUSE:-2}"
            done
            case "$answer" in
            --initial-cluster=* | --join=*) set -- "$@" "$answer" ;;
            *)
                echo "$discovery answered neither --initial-cluster nor --join: $answer" >&2
                exit 1
                ;;
            esac
        fi

        # A person's last way out when the majority is lost: the named member goes on alone (tide recover pd).
        if [ "${TIDEKEEPER_FORCE_NEW_CLUSTER:-}" = "$pod" ]; then
            set -- "$@" --force-new-cluster
        fi

        echo "starting pd-server $*"
        exec "${TIDEKEEPER_SERVER:-/pd-server}" "$@"

        """;
}
