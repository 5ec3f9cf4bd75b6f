namespace Tidekeeper.UnitTests.Engines;

/// <summary>
/// What users of the Go operator have today, shortened to what differs: each is accepted, and what the operator does
/// not act upon is named. None is refused for another reason.
/// </summary>
public class ManifestTests
{
    private const string Single = """
        version: v8.5.7
        timezone: UTC
        pvReclaimPolicy: Retain
        enableDynamicConfiguration: true
        configUpdateStrategy: RollingUpdate
        discovery: {}
        helper: { image: "alpine:3.16.0" }
        pd: { baseImage: pingcap/pd, maxFailoverCount: 0, replicas: 1, requests: { storage: "1Gi" }, config: {} }
        tikv:
          baseImage: pingcap/tikv
          maxFailoverCount: 0
          replicas: 1
          requests: { storage: "1Gi" }
          config:
            storage: { reserve-space: "0MB" }
            rocksdb: { max-open-files: 256 }
            raftdb: { max-open-files: 256 }
        tidb: { baseImage: pingcap/tidb, maxFailoverCount: 0, replicas: 1, service: { type: ClusterIP }, config: {} }
        """;

    private const string OtherOperator = "remove the field, or leave this cluster to the Go operator for now";

    [Theory]
    [InlineData("namespaced and initialized", "{}", "")]
    [InlineData("random password", "tidb: { initializer: { createPassword: true } }",
        "Refused spec.tidb.initializer.createPassword: true is not supported yet: root would have no password; "
        + "remove the field, or leave this cluster to the Go operator for now")]
    [InlineData("tls", """
        pvReclaimPolicy: Delete
        tlsCluster: { enabled: true }
        pd: { config: "[security]\n  cert-allowed-cn = [ \"TiDB\" ]\n" }
        tikv: { config: "[security]\n  cert-allowed-cn = [ \"TiDB\" ]\n" }
        tidb:
          service: { type: NodePort }
          tlsClient: { enabled: true }
          config: "[security]\n  cert-verify-cn = [ \"TiDB\" ]\n"
        """,
        "Refused spec.tlsCluster.enabled: true is not supported yet: components would talk in plain text; "
        + OtherOperator
        + "\nRefused spec.tidb.tlsClient.enabled: true is not supported yet: SQL clients would talk in plain text; "
        + OtherOperator
        + "\nUnsupported spec.pvReclaimPolicy: Delete is not supported yet: volumes keep the policy of their storage "
        + "class; remove the field to silence this")]
    [InlineData("heterogeneous", """
        cluster: { name: basic }
        pd: ~
        tiflash:
          baseImage: pingcap/tiflash
          maxFailoverCount: 0
          replicas: 1
          storageClaims: [ { resources: { requests: { storage: 100Gi } } } ]
        """,
        "Refused spec.cluster: basic is not supported yet: a second, separate cluster would be made instead of joining "
        + "that one; remove the field, or leave this cluster to the Go operator for now")]
    [InlineData("storage volumes", """
        tikv:
          config: { rocksdb: { info-log-dir: /var/lib/rocksdblog }, raftdb: { info-log-dir: /var/lib/raftlog } }
          separateRocksDBLog: true
          separateRaftLog: true
          raftLogVolumeName: raftlog
          rocksDBLogVolumeName: rocksdblog
          storageVolumes:
          - { name: raftlog, storageClassName: local-storage, storageSize: 1Gi, mountPath: /var/lib/raftlog }
          - { name: rocksdblog, storageClassName: local-storage, storageSize: 1Gi, mountPath: /var/lib/rocksdblog }
        """, "")]
    [InlineData("several volumes for TiKV", """
        configUpdateStrategy: ~
        tikv:
          config: "[rocksdb]\n  wal-dir = \"/var/lib/wal\"\n[titan]\n  dirname = \"/var/lib/titan\"\n"
          storageVolumes:
          - { name: wal, storageSize: "2Gi", mountPath: "/var/lib/wal" }
          - { name: titan, storageSize: "2Gi", mountPath: "/var/lib/titan" }
        """, "")]
    [InlineData("a hook in the main container", """
        helper: { image: "busybox:1.34.1" }
        pd:
          additionalContainers:
          - { name: pd, lifecycle: { preStop: { exec: { command: [ sh, -c, "echo test" ] } } } }
        """, "")]
    [InlineData("probes", """
        pd: { readinessProbe: { type: tcp } }
        tikv: { readinessProbe: { type: tcp } }
        tidb: { readinessProbe: { type: command } }
        """, "")]
    [InlineData("the cloud", """
        schedulerName: default-scheduler
        topologySpreadConstraints: [ { topologyKey: topology.kubernetes.io/zone } ]
        pd:
          replicas: 3
          config: |
            [dashboard]
              internal-proxy = true
            [replication]
              location-labels = ["topology.kubernetes.io/zone", "kubernetes.io/hostname"]
              max-replicas = 3
          nodeSelector: { dedicated: pd }
          tolerations: [ { effect: NoSchedule, key: dedicated, operator: Equal, value: pd } ]
          affinity:
            podAntiAffinity:
              requiredDuringSchedulingIgnoredDuringExecution:
              - labelSelector:
                  matchExpressions: [ { key: app.kubernetes.io/component, operator: In, values: [ pd ] } ]
                topologyKey: kubernetes.io/hostname
        tidb:
          replicas: 2
          service:
            annotations: { service.beta.kubernetes.io/aws-load-balancer-internal: "true" }
            exposeStatus: true
            externalTrafficPolicy: Local
            type: LoadBalancer
          annotations: { tidb.pingcap.com/sysctl-init: "true" }
          podSecurityContext: { sysctls: [ { name: net.core.somaxconn, value: "32768" } ] }
          separateSlowLog: true
        """, "")]
    [InlineData("tiflash", """
        enablePVReclaim: false
        services: [ { name: pd, type: ClusterIP } ]
        pd: { replicas: 3, storageClassName: local-storage, config: "[replication]\n  enable-placement-rules = true\n" }
        tidb:
          slowLogTailer:
            image: "alpine:3.16.0"
            imagePullPolicy: IfNotPresent
            limits: { cpu: 100m, memory: 50Mi }
            requests: { cpu: 20m, memory: 5Mi }
        tiflash:
          baseImage: pingcap/tiflash
          maxFailoverCount: 0
          replicas: 2
          storageClaims: [ { resources: { requests: { storage: 100Gi } }, storageClassName: local-storage } ]
        """, "")]
    [InlineData("a client's certificate without TLS", """
        pd: { mountClusterClientSecret: true }
        tikv: { mountClusterClientSecret: true, config: "[log.file]\n  max-days = 30\n" }
        tidb: { service: { type: NodePort, externalTrafficPolicy: Local } }
        """, "")]
    public void A_manifest_of_today_is_understood(string what, string change, string expected)
    {
        Assert.NotEmpty(what);
        Assert.Equal(expected, string.Join('\n', ValidationTests.Problems(change, spec: Single)));
    }
}
