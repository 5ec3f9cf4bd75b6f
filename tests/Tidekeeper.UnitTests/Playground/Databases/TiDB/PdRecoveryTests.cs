namespace Tidekeeper.UnitTests.Playground.Databases.TiDB;

/// <summary>The two ways out of a lost PD quorum, as the real binaries offer them.</summary>
public class PdRecoveryTests
{
    private static readonly (string, string) Force = ("TIDEKEEPER_FORCE_NEW_CLUSTER", "basic-pd-2");

    [Fact]
    public void A_survivor_is_made_the_only_member_and_keeps_cluster_stores_and_rows()
    {
        var pods = TestPods.WithPd(3).StartAll("tikv", 3).After(120).Put("k", "v");
        var (cluster, stores) = (pods.Database.ClusterId, pods.Stores());
        pods.Kill("basic-pd-0", "basic-pd-1").LoseVolume("basic-pd-0").LoseVolume("basic-pd-1").After(60);
        Assert.Equal(503, pods.Pd("GET", "/pd/api/v1/members", pod: "basic-pd-2").Status);
        pods.Kill("basic-pd-2").Start("basic-pd-2", Force).After(30);
        Assert.Equal("basic-pd-2", Assert.Single(pods.Database.Pd.State.Members).Name);
        Assert.Equal(cluster, pods.Database.ClusterId);
        Assert.Equal("v", pods.Value("k"));
        pods.Kill("basic-pd-2").Start("basic-pd-2").After(30);
        pods.DiscoverySays = "--join=http://basic-pd-2.basic-pd-peer.ns.svc:2379";
        pods.Start("basic-pd-0").After(30).Start("basic-pd-1").After(30);
        Assert.Equal(3, pods.Database.Pd.State.Members.Count);
        Assert.Equal(stores, pods.Stores());
    }

    [Fact]
    public void An_old_member_that_comes_back_after_the_force_is_out()
    {
        var pods = TestPods.WithPd(3).Kill("basic-pd-0", "basic-pd-1", "basic-pd-2").After(15);
        pods.Start("basic-pd-2", Force).After(10).Start("basic-pd-0").After(15);
        Assert.Equal(1, pods.ExitCode("basic-pd-0"));
        Assert.Contains("permanently removed", pods.LastLog("basic-pd-0"));
    }

    [Fact]
    public void Force_without_data_begins_nothing()
    {
        var pods = TestPods.WithPd(3).Kill("basic-pd-2").LoseVolume("basic-pd-2");
        pods.Start("basic-pd-2", Force).After(5);
        Assert.Equal(1, pods.ExitCode("basic-pd-2"));
        Assert.Single(pods.Registry.All);
    }

    [Fact]
    public void A_new_cluster_takes_over_the_id_of_one_whose_members_are_all_lost()
    {
        var pods = TestPods.WithPd(1).StartAll("tikv", 3).After(120).Put("k", "v");
        var old = pods.Database.ClusterId;
        pods.Kill("basic-pd-0").LoseVolume("basic-pd-0").Start("basic-pd-0").After(15);
        var recover = $$"""{"cluster_id":"{{old}}","alloc_id":"100000"}""";
        Assert.Equal(200, pods.Call("basic-pd-0", 2379, "POST", "/etcdserverpb.KV/Txn", recover).Status);
        pods.Kill("basic-pd-0").Start("basic-pd-0").After(15);
        foreach (var number in Enumerable.Range(0, 3))
            pods.Kill($"basic-tikv-{number}").Start($"basic-tikv-{number}");
        pods.After(60);
        Assert.Equal(old, (ulong)pods.PdJson("/pd/api/v1/cluster")["id"]!);
        Assert.Equal("basic-tikv-0=Up basic-tikv-1=Up basic-tikv-2=Up", pods.Stores());
        Assert.Equal("v", System.Text.Encoding.UTF8.GetString(
            new Tidekeeper.Playground.Databases.TiDB.Stores.KeyValueClient(
                pods.Registry.Find(old)!, pods.Network, "10.0.8.8", () => pods.Now).Get("k")!));
    }
}
