namespace Tidekeeper.EndToEnd.TiDB;

/// <summary>The API server is away while a cluster is changed: databases serve, and the change goes on later.</summary>
public sealed class ServerOutageTests
{
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(15);

    [OwnServerFact("kubectl")]
    public async Task An_API_server_that_is_away_in_the_middle_of_an_upgrade_delays_it_and_nobody_restarts_twice()
    {
        await using var tide = new TidePlayground();
        await tide.Up("--regions", "12");
        var basic = await LivingCluster.Create(tide, "away", Manifests.Full);
        await basic.Replicated();
        // As long as the outage: in the playground the databases stand still with the server.
        await using var probe = basic.Probe();
        using var seen = tide.Watch("away");

        await basic.Patch("""{"version":"v8.5.2"}""");
        await basic.Until("PD restarts", _ => seen.Generations("basic-pd-2") > 1);
        await tide.StopServer();
        try
        {
            if (!TestWorld.IsPlayground)
            {
                var said = await basic.TryTide("why basic");
                Assert.NotEqual(0, said.ExitCode);
                Assert.Contains("Connection refused", said.Error);
            }

            await Task.Delay(Outage, TimeProvider.System);
        }
        finally
        {
            await tide.StartServer();
        }

        await basic.Ready();
        await probe.NoticedNothing();
        Assert.All(seen.Pods("basic-pd-", "basic-tikv-", "basic-tidb-"), pod =>
            Assert.True(seen.Generations(pod) == 2, $"{pod} was made {seen.Generations(pod)} times"));
    }
}
