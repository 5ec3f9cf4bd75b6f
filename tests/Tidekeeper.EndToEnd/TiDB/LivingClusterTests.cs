namespace Tidekeeper.EndToEnd.TiDB;

/// <summary>Changes of a cluster that clients use at the same time.</summary>
[Collection(InPlayground.Name)]
public sealed class LivingClusterTests(SharedPlayground shared) : IAsyncLifetime
{
    private readonly TidePlayground _tide = shared.Tide;

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _tide.Clear();

    [ProgramFact("kubectl")]
    public async Task An_upgrade_and_other_sizes_fail_no_statement_and_lose_no_row()
    {
        var basic = await LivingCluster.Create(_tide, "living", Manifests.Full);
        await using var probe = basic.Probe();
        await basic.Patch("""{"version":"v8.5.2"}""");
        await basic.Ready();
        Assert.Equal("v8.5.2", (string?)(await basic.Get())["status"]!["versions"]!["tidb"]);

        await basic.Patch("""{"tikv":{"replicas":4},"tidb":{"replicas":2}}""");
        await basic.Ready();
        await basic.Patch("""{"tikv":{"replicas":3},"pd":{"replicas":1}}""");
        await basic.Ready();
        Assert.Equal("basic-pd-0", await basic.Pods("pd"));
        Assert.Equal("basic-tikv-0 basic-tikv-1 basic-tikv-2", await basic.Pods("tikv"));
        Assert.Equal("basic-tidb-0 basic-tidb-1", await basic.Pods("tidb"));

        await basic.Patch("""{"pd":{"replicas":3},"tidb":{"replicas":3}}""");
        await basic.Ready();
        Assert.Equal("basic-pd-0 basic-pd-1 basic-pd-2", await basic.Pods("pd"));
        Assert.Equal("basic-tidb-0 basic-tidb-1 basic-tidb-2", await basic.Pods("tidb"));
        await probe.NoticedNothing();
    }

    [ProgramFact("kubectl")]
    public async Task Fewer_stores_than_replicas_of_a_region_are_refused_with_the_numbers()
    {
        var basic = await LivingCluster.Create(_tide, "too-few", Manifests.Full);
        await basic.Patch("""{"tikv":{"replicas":2}}""");
        await basic.Kubectl("wait tc/basic --timeout=60s "
            + "--for=jsonpath={.status.conditions[?(@.type==\"Progressing\")].reason}=ScaleInRefused");
        Assert.Contains("PD keeps 3 replicas of every region", await basic.Why());
    }
}
