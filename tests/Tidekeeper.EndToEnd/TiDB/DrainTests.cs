namespace Tidekeeper.EndToEnd.TiDB;

/// <summary>Machines that are emptied for maintenance.</summary>
public sealed class DrainTests
{
    [ProgramFact("kubectl")]
    public async Task Leaders_leave_a_cordoned_node_before_its_pods_do_and_nobody_notices()
    {
        await using var tide = new TidePlayground();
        await tide.Up("--regions", "30");
        var basic = await LivingCluster.Create(tide, "drained", Manifests.Spread);
        await basic.Replicated();
        await using var probe = basic.Probe();

        var pd = (string)(await basic.Get())["status"]!["pd"]!["leader"]!["name"]!;
        var node = await basic.NodeOf(pd);
        var ordinal = Array.FindIndex(
            await Task.WhenAll(Enumerable.Range(0, 3).Select(one => basic.NodeOf($"basic-tikv-{one}"))),
            one => one == node);
        await tide.Kubectl($"cordon {node}");
        await basic.Until("PD's leader and the store's leaders have left", cluster =>
            (string?)cluster["status"]!["pd"]!["leader"]!["name"] != pd
            && (int?)cluster["status"]!["tikv"]!["evictLeader"]?[$"basic-tikv-{ordinal}"]?["leadersLeft"] == 0);
        await tide.Kubectl($"drain {node} --ignore-daemonsets --delete-emptydir-data --timeout=80s");
        await basic.Waits($"kubectl uncordon {node}");
        await tide.Kubectl($"uncordon {node}");
        await basic.Ready();
        await probe.NoticedNothing();
    }
}
