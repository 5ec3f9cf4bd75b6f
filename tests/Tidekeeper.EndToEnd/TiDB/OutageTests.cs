namespace Tidekeeper.EndToEnd.TiDB;

/// <summary>More is gone at once than can be stood in for: nothing is lost, and people decide what is theirs.</summary>
public sealed class OutageTests
{
    private const string Manifest = """
        apiVersion: pingcap.com/v1alpha1
        kind: TidbCluster
        metadata:
          name: basic
        spec:
          version: v8.5.1
          configUpdateStrategy: RollingUpdate
          topologySpreadConstraints: [ { topologyKey: kubernetes.io/hostname } ]
          breaker: { window: 60s }
          discovery: { nodeSelector: { for: others } }
          pd: { replicas: 3, nodeSelector: { for: others }, requests: { storage: 1Gi },
            config: { schedule: { max-store-down-time: 15s } } }
          tikv: { replicas: 3, failoverPeriod: 10s, nodeSelector: { for: stores }, requests: { storage: 1Gi } }
          tidb: { replicas: 2, nodeSelector: { for: others } }
        """;

    [SimulatedNodesFact("kubectl")]
    public async Task Two_of_three_stores_come_back_with_every_row_and_the_breaker_waits_for_people()
    {
        await using var tide = new TidePlayground();
        await tide.Up("--nodes", "6", "--regions", "12");
        await tide.Kubectl("label node node-1 node-2 node-3 for=others");
        await tide.Kubectl("label node node-4 node-5 node-6 for=stores");
        var basic = await LivingCluster.Create(tide, "outage", Manifest);
        await basic.Replicated();
        await using var probe = basic.Probe(patienceSeconds: 170);

        // A pod that is younger than the window is one that somebody has just started.
        var created = (DateTimeOffset)(await tide.Get("outage", "pod/basic-tikv-2"))["metadata"]!["creationTimestamp"]!;
        await basic.Until("pods are older than the window",
            _ => TimeProvider.System.GetUtcNow() - created > TimeSpan.FromSeconds(65));

        string[] nodes = [await basic.NodeOf("basic-tikv-0"), await basic.NodeOf("basic-tikv-1")];
        foreach (var node in nodes)
            await tide.Tide("node", "stop", node);
        await basic.Until("the breaker is open", cluster => cluster["status"]!["breaker"] is not null);
        Assert.Contains("which is no majority", await basic.Why());
        Assert.Contains("2 members of TiKV failed within 1 min", await basic.Tide("breaker basic"));

        // What would interrupt somebody waits, though the stores are back: nobody has said that they stay.
        foreach (var node in nodes)
            await tide.Tide("node", "start", node);
        await basic.Until("SQL is served again", cluster => LivingCluster.Status(cluster, "Available") == "True");
        await basic.Patch("""{"version":"v8.5.2"}""");
        await basic.Waits("the circuit breaker is open");
        await basic.Tide("breaker reset basic");
        await basic.Ready();
        Assert.Contains("closed", await basic.Tide("breaker basic"));
        Assert.Equal("basic-tikv-0 basic-tikv-1 basic-tikv-2", await basic.Pods("tikv"));
        await probe.NoticedNothing();
    }
}
