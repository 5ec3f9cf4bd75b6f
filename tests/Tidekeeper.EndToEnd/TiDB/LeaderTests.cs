using System.Diagnostics;

namespace Tidekeeper.EndToEnd.TiDB;

/// <summary>Two replicas of the operator; the one that leads is lost in the middle of its work.</summary>
public sealed class LeaderTests
{
    [ProgramFact("kubectl")]
    public async Task A_leader_that_is_killed_or_freezes_is_followed_and_nobody_restarts_twice()
    {
        await using var tide = new TidePlayground();
        await tide.Up("--regions", "12");
        await tide.Kubectl($"scale -n {Installation.Namespace} deploy/tidekeeper --replicas=2");
        await tide.Kubectl($"rollout status -n {Installation.Namespace} deploy/tidekeeper --timeout=60s");
        var basic = await LivingCluster.Create(tide, "leader", Manifests.Full);
        await basic.Replicated();
        await using var probe = basic.Probe();
        using var seen = tide.Watch("leader");

        // Killed while PD restarts: its container starts again under the same name, or the other replica goes on.
        await basic.Patch("""{"version":"v8.5.2"}""");
        await basic.Until("PD restarts", _ => seen.Generations("basic-pd-2") > 1);
        Signal("KILL", tide.Operators()[await Holder(tide)]);

        // Frozen while TiKV restarts, and woken up when the other has gone on: it must not go on where it was.
        await basic.Until("TiKV restarts", _ => seen.Generations("basic-tikv-2") > 1);
        var leader = await Holder(tide);
        var frozen = tide.Operators()[leader];
        Signal("STOP", frozen);
        try
        {
            await basic.Until("the other replica leads", () => Holder(tide), now => now.Length > 0 && now != leader);
            await basic.Until("another store restarts", _ => seen.Generations("basic-tikv-1") > 1);
        }
        finally
        {
            Signal("CONT", frozen);
        }

        await basic.Ready();
        await probe.NoticedNothing();
        Assert.All(seen.Pods("basic-pd-", "basic-tikv-", "basic-tidb-"), pod =>
            Assert.True(seen.Generations(pod) == 2, $"{pod} was made {seen.Generations(pod)} times"));
    }

    private static async Task<string> Holder(TidePlayground tide) => (await tide.Kubectl(
        $"get lease -n {Installation.Namespace} -o jsonpath={{.items[*].spec.holderIdentity}}")).Trim();

    private static void Signal(string name, int process)
    {
        using var kill = Process.Start("sh", ["-c", $"kill -{name} {process}"]);
        kill.WaitForExit();
    }
}
