namespace Tidekeeper.EndToEnd.TiDB;

/// <summary>Manifests that the tests share.</summary>
internal static class Manifests
{
    public const string Small = """
        apiVersion: pingcap.com/v1alpha1
        kind: TidbCluster
        metadata:
          name: basic
        spec:
          version: v8.5.1
          pd: { replicas: 1, requests: { storage: 1Gi } }
          tikv: { replicas: 1, requests: { storage: 1Gi } }
          tidb: { replicas: 1 }
        """;

    /// <summary>Everything in threes and on different nodes, with the shortest periods: failures are quick.</summary>
    public const string Spread = """
        apiVersion: pingcap.com/v1alpha1
        kind: TidbCluster
        metadata:
          name: basic
        spec:
          version: v8.5.1
          configUpdateStrategy: RollingUpdate
          topologySpreadConstraints: [ { topologyKey: kubernetes.io/hostname } ]
          pd: { replicas: 3, failoverPeriod: 10s, requests: { storage: 1Gi },
            config: { schedule: { max-store-down-time: 15s } } }
          tikv: { replicas: 3, failoverPeriod: 10s, requests: { storage: 1Gi } }
          tidb: { replicas: 3, failoverPeriod: 10s }
        """;

    public static string Full => Small.Replace("replicas: 1", "replicas: 3", StringComparison.Ordinal);
}
