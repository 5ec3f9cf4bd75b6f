namespace Tidekeeper.EndToEnd.TiDB;

/// <summary>Machines, disks and Node objects that are lost under a running application.</summary>
public sealed class FailoverTests
{
    [SimulatedNodesFact("kubectl")]
    public async Task A_machine_that_fails_is_stood_in_for_until_it_is_back()
    {
        await using var tide = new TidePlayground();
        await tide.Up("--regions", "6");

        // A hard spread over three nodes would leave the stand-ins no place.
        var basic = await LivingCluster.Create(tide, "machine", Manifests.Spread.Replace(
            "  topologySpreadConstraints: [ { topologyKey: kubernetes.io/hostname } ]\n", ""));
        await basic.Replicated();
        await using var probe = basic.Probe();

        // Each of the three nodes has one of everything; this one has the operator or discovery as well, or neither.
        var node = await basic.NodeOf("basic-tikv-1");
        await tide.Tide("node", "stop", node);
        await basic.Until("all three stand-ins serve", cluster =>
            (bool?)cluster["status"]!["pd"]!["members"]!["basic-pd-3"]?["health"] == true
            && (bool?)cluster["status"]!["tidb"]!["members"]!["basic-tidb-3"]?["health"] == true
            && cluster["status"]!["tikv"]!["stores"]!.AsObject().Any(store =>
                (string?)store.Value!["podName"] == "basic-tikv-3" && (string?)store.Value["state"] == "Up"));
        Assert.Contains($"node {node} is not ready", await basic.Why());

        // Killed in the middle of it, the operator goes on where it was.
        await basic.KillOperator();
        await tide.Tide("node", "start", node);
        await basic.Ready();
        Assert.Equal("basic-pd-0 basic-pd-1 basic-pd-2", await basic.Pods("pd"));
        Assert.Equal("basic-tikv-0 basic-tikv-1 basic-tikv-2", await basic.Pods("tikv"));
        Assert.Equal("basic-tidb-0 basic-tidb-1 basic-tidb-2", await basic.Pods("tidb"));
        await probe.NoticedNothing();
    }

    [SimulatedNodesFact("kubectl")]
    public async Task Volumes_and_a_node_that_are_lost_for_good_are_replaced_in_their_place()
    {
        await using var tide = new TidePlayground();
        await tide.Up("--regions", "6");
        var local = Manifests.Spread.Replace(
            "requests: { storage", "storageClassName: local-storage, requests: { storage");
        var basic = await LivingCluster.Create(tide, "lost", local);
        await basic.Replicated();
        await using var probe = basic.Probe();

        foreach (var (pod, component) in ((string, string)[])[("basic-tikv-1", "tikv"), ("basic-pd-1", "pd")])
        {
            var claim = await basic.UidOf($"pvc/{component}-{pod}");
            await basic.Delete($"pvc/{component}-{pod} pod/{pod}");
            await basic.Ready();
            Assert.NotEqual(claim, await basic.UidOf($"pvc/{component}-{pod}"));
        }

        // The process finds an empty disk below its claim, which looks from outside like any other crash: people see
        // what to do, and do it.
        await basic.Replicated();
        await basic.Tide("disk lose tikv-basic-tikv-2");
        await basic.Delete("pod/basic-tikv-2");
        const string remedy = "kubectl delete pvc/tikv-basic-tikv-2 pod/basic-tikv-2";
        await basic.Waits(remedy);
        await basic.Delete(remedy["kubectl delete ".Length..]);
        await basic.Ready();
        Assert.Equal("basic-tikv-0 basic-tikv-1 basic-tikv-2", await basic.Pods("tikv"));

        await basic.Replicated();
        await tide.Kubectl($"delete node {await basic.NodeOf("basic-tikv-0")}");
        await basic.Ready();
        await probe.NoticedNothing();
    }
}
