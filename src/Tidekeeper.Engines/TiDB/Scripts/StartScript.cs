namespace Tidekeeper.Engines.TiDB.Scripts;

/// <summary>
/// What the start scripts of all components share. They are POSIX shell, since the images bring busybox ash, dash or
/// bash, and constant text: what differs between clusters comes as environment, so nothing that a user writes is
/// ever parsed as shell. Variables in capitals with the prefix TIDEKEEPER_ are ours; the others are named as the Go
/// operator names them, because users' own containers and tools read them.
/// </summary>
internal static class StartScript
{
    /// <summary>Where the pod's annotations are mounted; a test points it elsewhere.</summary>
    private const string Debug = """
        #!/bin/sh
        set -eu

        # A pod annotated runmode=debug gets a shell to look around in instead of a database.
        podinfo="${TIDEKEEPER_PODINFO:-/etc/podinfo/annotations}"
        if [ ! -f "$podinfo" ]; then
            echo "$podinfo does not exist: the pod's downward API volume is missing" >&2
            exit 1
        fi
        if grep -q '^runmode="debug"' "$podinfo"; then
            echo "runmode=debug: waiting for a person; remove the annotation and restart the container to go on"
            exec tail -f /dev/null
        fi

        """;

    /// <summary>Sets <c>host</c>, the pod's own DNS name.</summary>
    private const string Host = """

        pod="${POD_NAME:-$(hostname)}"
        host="$pod.$PEER_SERVICE_NAME.$NAMESPACE.svc${TIDEKEEPER_CLUSTER_DOMAIN:+.$TIDEKEEPER_CLUSTER_DOMAIN}"

        """;

    /// <summary>Debug mode and the pod's name: how every script begins.</summary>
    public const string Prologue = Debug + Host;

    /// <summary>
    /// Before what may wait: a container's first process hears only the signals that it has a trap for.
    /// </summary>
    public const string HearEnd = """

        trap 'echo "$pod is told to end before it has begun"; exit 143' TERM

        """;

    /// <summary>Waits until the pod's own name resolves, because the other members will look it up.</summary>
    public const string WaitForDns = """

        resolves() {
            if command -v getent >/dev/null 2>&1; then
                getent hosts "$1" >/dev/null 2>&1
            elif command -v nslookup >/dev/null 2>&1; then
                # That of busybox does not look into the search list.
                for domain in "" $(sed -n 's/^search //p' "${TIDEKEEPER_RESOLV_CONF:-/etc/resolv.conf}"); do
                    nslookup "$1${domain:+.$domain}" >/dev/null 2>&1 && return 0
                done
                return 1
            else
                [ -n "$(dig "$1" A "$1" AAAA +search +short 2>/dev/null)" ]
            fi
        }

        waited=0
        while [ "${TIDEKEEPER_WAIT_DNS:-yes}" = yes ] && ! resolves "$host"; do
            if [ "$waited" -ge "${TIDEKEEPER_START_TIMEOUT:-30}" ]; then
                echo "$host did not resolve within ${TIDEKEEPER_START_TIMEOUT:-30} s; the name comes from Service" \
                    "$PEER_SERVICE_NAME and the cluster's DNS" >&2
                exit 1
            fi
            echo "waiting for DNS to know $host"
            sleep 1
            waited=$((waited + 1))
        done

        """;

    /// <summary><c>fetch URL</c> prints the body of an answer with status 200 and fails otherwise.</summary>
    public const string Fetch = """

        fetch() {
            if command -v wget >/dev/null 2>&1; then
                wget -q -T 3 -O - "$1" 2>/dev/null
            else
                curl -s -f -m 3 "$1" 2>/dev/null
            fi
        }

        """;
}
