namespace Tidekeeper.Simulation.V1;

/// <summary>
/// The files in the ConfigMaps of version 1 of the Go operator. The start scripts do what its scripts do, with its
/// variables, files and flags.
/// </summary>
internal static class GoFiles
{
    private const string Debug = """
        #!/bin/sh
        info=/etc/podinfo/annotations
        [ -f $info ] || exit 1
        if grep -q 'runmode="debug"' $info; then
            tail -f /dev/null
        fi

        """;

    /// <summary>v1 writes the same values again, in an order of its own.</summary>
    public static string Config(string component, string users) => component == "tidb"
        ? users + (users.Contains("[log") ? "" : "\n[log]\n  [log.file]\n    max-backups = 3\n")
        : users;

    public static string Script(string component) => Debug + component switch
    {
        "pd" => """
            name=${POD_NAME:-$HOSTNAME}
            host=$name.$PEER_SERVICE_NAME.$NAMESPACE.svc
            until nslookup $host >/dev/null 2>&1; do sleep 1; done
            args="--data-dir=/var/lib/pd --name=$name --peer-urls=http://0.0.0.0:2380 \
                --advertise-peer-urls=http://$host:2380 --client-urls=http://0.0.0.0:2379 \
                --advertise-client-urls=http://$host:2379 --config=/etc/pd/pd.toml"
            if [ -f /var/lib/pd/join ]; then
                args="$args --join=$(tr ',' '\n' </var/lib/pd/join | cut -d= -f2 | paste -sd, -)"
            elif [ ! -d /var/lib/pd/member/wal ]; then
                question=$(echo $host:2380 | base64 | tr -d '\n')
                until more=$(wget -qO- -T 3 http://${SET_NAME%-pd}-discovery.$NAMESPACE:10261/new/$question/pd); do
                    sleep $((RANDOM % 5))
                done
                args="$args $more"
            fi
            sleep $((RANDOM % 10))
            exec /pd-server $args

            """,
        "tikv" => """
            name=${POD_NAME:-$HOSTNAME}
            exec /tikv-server --pd=http://${CLUSTER_NAME}-pd:2379 \
                --advertise-addr=$name.$HEADLESS_SERVICE_NAME.$NAMESPACE.svc:20160 --addr=0.0.0.0:20160 \
                --status-addr=0.0.0.0:20180 --data-dir=/var/lib/tikv --capacity=$CAPACITY --config=/etc/tikv/tikv.toml

            """,
        _ => """
            exec /tidb-server --store=tikv --host=0.0.0.0 --path=${CLUSTER_NAME}-pd:2379 --config=/etc/tidb/tidb.toml \
                --advertise-address=$POD_NAME.$HEADLESS_SERVICE_NAME.$NAMESPACE.svc --log-slow-query=$SLOW_LOG_FILE

            """
    };

    public static string TiflashInit(string cluster) =>
        $"n=${{POD_NAME##*-}}; for f in config proxy; do sed s/POD_NUM/$n/g /etc/tiflash/${{f}}_templ.toml "
        + $"| sed s/PD_ADDR/{cluster}-pd:2379/g >/data0/$f.toml; done";

    public static string Tiflash(string cluster, string ns) => $"""
        tmp_path = "/data0/tmp"
        [flash]
          service_addr = "0.0.0.0:3930"
          tidb_status_addr = "{cluster}-tidb.{ns}.svc:10080"
          [flash.flash_cluster]
            log = "/data0/logs/flash_cluster_manager.log"
          [flash.proxy]
            addr = "0.0.0.0:20170"
            advertise-addr = "{cluster}-tiflash-POD_NUM.{cluster}-tiflash-peer.{ns}.svc:20170"
            config = "/data0/proxy.toml"
            data-dir = "/data0/proxy"
        [logger]
          errorlog = "/data0/logs/error.log"
          log = "/data0/logs/server.log"
        [raft]
          pd_addr = "PD_ADDR"
        [storage]
          [storage.main]
            dir = ["/data0/db"]
          [storage.raft]
            dir = ["/data0/kvstore"]

        """;

    public static string TiflashProxy(string cluster, string ns) => $"""
        log-level = "info"
        [server]
          advertise-status-addr = "{cluster}-tiflash-POD_NUM.{cluster}-tiflash-peer.{ns}.svc:20292"
          engine-addr = "{cluster}-tiflash-POD_NUM.{cluster}-tiflash-peer.{ns}.svc:3930"
          status-addr = "0.0.0.0:20292"

        """;
}
