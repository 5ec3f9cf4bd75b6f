namespace Tidekeeper.EndToEnd.TiDB;

/// <summary>Whoever operates the cluster dies in the middle of its work; another one goes on.</summary>
public sealed class OperatorDeathTests
{
    [ProgramFact("kubectl")]
    public async Task No_change_is_harmed_by_the_death_of_the_operator_in_the_middle_of_it()
    {
        await using var tide = new TidePlayground();
        await tide.Up("--regions", "30");
        var basic = await LivingCluster.Create(tide, "deaths", Manifests.Full);
        await basic.Replicated();
        await using var probe = basic.Probe();

        await basic.Patch("""{"version":"v8.5.2"}""");
        foreach (var component in (string[])["pd", "tikv", "tidb"])
        {
            await basic.Until($"{component} restarts", cluster => IsUnderWay(cluster, $"restart-{component}-"));
            await basic.KillOperator();
        }

        await basic.Ready();
        await basic.Patch("""{"tikv":{"replicas":4}}""");
        await basic.Ready();
        await basic.Patch("""{"tikv":{"replicas":3},"pd":{"replicas":1}}""");
        await basic.Until("a store leaves", cluster => cluster["status"]!["tikv"]!["leavingStores"] is not null);
        await basic.KillOperator();
        await basic.Ready();

        // As kubectl's users do it: the scale subresource means TiDB.
        await basic.Kubectl("scale tc/basic --replicas=4");
        await basic.Kubectl("delete pod -l app.kubernetes.io/component=discovery --wait=false");
        await tide.Kubectl("delete pod -n tidekeeper-system --all --wait=false");
        await basic.Ready();
        Assert.Equal("basic-tidb-0 basic-tidb-1 basic-tidb-2 basic-tidb-3", await basic.Pods("tidb"));
        await basic.Kubectl("scale tc/basic --replicas=1");
        await basic.Ready();
        Assert.Equal("basic-tidb-0", await basic.Pods("tidb"));
        Assert.Equal("basic-tikv-0 basic-tikv-1 basic-tikv-2", await basic.Pods("tikv"));
        Assert.Equal("basic-pd-0", await basic.Pods("pd"));
        await probe.NoticedNothing();
    }

    private static bool IsUnderWay(System.Text.Json.Nodes.JsonNode cluster, string undertaking) =>
        cluster["status"]?["plan"]?.AsArray().Any(one => (string?)one!["state"] == "UnderWay"
            && ((string)one["name"]!).StartsWith(undertaking, StringComparison.Ordinal)) == true;
}
