using Tidekeeper.Playground.Databases.TiDB.Pd;

namespace Tidekeeper.UnitTests.Playground.Databases.TiDB;

public class PdEnsembleTests
{
    [Fact]
    public void One_member_begins_the_cluster_and_the_others_join_it()
    {
        var pods = TestPods.WithPd(3);
        Assert.Equal(["basic-pd-0", "basic-pd-1", "basic-pd-2"],
            pods.Database.Pd.State.Members.Select(m => m.Name).Order(StringComparer.Ordinal));
        Assert.All(pods.Database.Pd.Replicas, r => Assert.Equal(pods.Database.Pd.Leader!.Index, r.Index));
    }

    [Fact]
    public void Without_permission_from_discovery_a_member_waits_and_says_why()
    {
        var pods = new TestPods { DiscoverySays = "not yet: basic-pd-0 begins the cluster" };
        pods.Start("basic-pd-1").After(5);
        Assert.Empty(pods.Registry.All);
        Assert.Contains("not yet: basic-pd-0 begins the cluster", pods.LastLog("basic-pd-1"));
        pods.DiscoverySays = null;
        Assert.NotNull(pods.After(5).Database.Pd.Leader);
    }

    [Fact]
    public void Two_permissions_to_begin_make_two_databases()
    {
        var pods = TestPods.WithPd(1);
        pods.DiscoverySays = "--initial-cluster=basic-pd-1=http://basic-pd-1.basic-pd-peer.ns.svc:2380";
        pods.Start("basic-pd-1").After(5);
        Assert.Equal(2, pods.Registry.All.Count);
        Assert.Single(pods.Registry.WithMember("ns", "basic-pd-1"));
    }

    [Fact]
    public void Members_that_are_told_the_same_initial_cluster_begin_it_together()
    {
        var names = Enumerable.Range(0, 3).Select(n => $"basic-pd-{n}=http://basic-pd-{n}.basic-pd-peer.ns.svc:2380");
        var pods = new TestPods { DiscoverySays = "--initial-cluster=" + string.Join(',', names) };
        pods.Start("basic-pd-0").After(30);
        Assert.Null(pods.Database.Pd.Leader);
        pods.Start("basic-pd-1").After(30);
        Assert.NotNull(pods.Database.Pd.Leader);
        pods.Start("basic-pd-2").After(30);
        Assert.Equal(3, pods.Database.Pd.Replicas.Count(r => r.Running));
    }

    [Fact]
    public void A_lost_leader_is_replaced_within_the_lease()
    {
        var pods = TestPods.WithPd(3);
        var lost = pods.Database.Pd.Leader!.Name;
        pods.Kill(lost).After(2);
        Assert.Null(pods.Database.Pd.Leader);
        Assert.NotEqual(lost, pods.After(10).Database.Pd.Leader!.Name);
    }

    [Fact]
    public void Without_a_majority_nothing_is_answered()
    {
        var pods = TestPods.WithPd(3).Kill("basic-pd-1", "basic-pd-2").After(60);
        var answer = pods.Pd("GET", "/pd/api/v1/members");
        Assert.Equal((503, "[PD:apiutil:ErrRedirectNoLeader]redirect finds no leader\n"), (answer.Status, answer.Body));
    }

    [Fact]
    public void The_minority_side_of_a_partition_has_no_leader()
    {
        var pods = TestPods.WithPd(3);
        var alone = pods.Database.Pd.Leader!.Name;
        pods.CutOff(alone).After(30);
        Assert.NotEqual(alone, pods.Database.Pd.Leader!.Name);
    }

    [Fact]
    public void Members_come_back_from_their_volumes_with_the_same_identity()
    {
        var pods = TestPods.WithPd(3);
        var before = Identity(pods.Database.Pd);
        pods.Kill("basic-pd-0", "basic-pd-1", "basic-pd-2").After(30).StartAll("pd", 3).After(15);
        Assert.Equal(before, Identity(pods.Database.Pd));
        Assert.NotNull(pods.Database.Pd.Leader);
    }

    [Fact]
    public void What_was_committed_while_a_member_was_away_is_not_lost_when_the_others_leave()
    {
        var pods = TestPods.WithPd(3).Kill("basic-pd-2").After(15);
        Assert.Equal(200, pods.Pd("POST", "/pd/api/v1/config/replicate", """{"max-replicas":5}""").Status);
        pods.Kill("basic-pd-0", "basic-pd-1").Start("basic-pd-2").Start("basic-pd-1").After(15);
        Assert.Equal(5, (int)pods.Database.Pd.State.Replication.MaxReplicas);
    }

    [Fact]
    public void A_member_that_lost_its_volume_is_not_let_in_under_its_old_name()
    {
        var pods = TestPods.WithPd(3).Kill("basic-pd-2").LoseVolume("basic-pd-2").Start("basic-pd-2").After(5);
        Assert.Equal(1, pods.ExitCode("basic-pd-2"));
        Assert.Contains("missing data or join a duplicated pd", pods.LastLog("basic-pd-2"));
    }

    [Fact]
    public void Nobody_joins_while_a_member_is_down()
    {
        var pods = TestPods.WithPd(3).Kill("basic-pd-2").After(15).Start("basic-pd-3").After(5);
        Assert.Equal(1, pods.ExitCode("basic-pd-3"));
        Assert.Contains("etcdserver: unhealthy cluster", pods.LastLog("basic-pd-3"));
    }

    [Fact]
    public void A_removed_member_ends_and_does_not_come_back()
    {
        var pods = TestPods.WithPd(3);
        Assert.Equal("\"removed, pd: basic-pd-2\"\n", pods.Pd("DELETE", "/pd/api/v1/members/name/basic-pd-2").Body);
        Assert.Equal(1, pods.After(15).ExitCode("basic-pd-2"));
        Assert.Equal(1, pods.Start("basic-pd-2").After(15).ExitCode("basic-pd-2"));
        Assert.Contains("permanently removed", pods.LastLog("basic-pd-2"));
    }

    [Fact]
    public void A_member_without_whom_there_is_no_majority_cannot_be_removed()
    {
        var pods = TestPods.WithPd(3).Kill("basic-pd-2").After(15);
        var answer = pods.Pd("DELETE", "/pd/api/v1/members/name/basic-pd-1");
        Assert.Equal(500, answer.Status);
        Assert.Contains("not enough started members", answer.Body);
        Assert.Equal(200, pods.Pd("DELETE", "/pd/api/v1/members/name/basic-pd-2").Status);
    }

    [Fact]
    public void Wrong_types_in_the_configuration_end_the_process()
    {
        var pods = new TestPods();
        pods.Files["/etc/pd/pd.toml"] = "[replication]\nmax-replicas = \"three\"\n";
        pods.Start("basic-pd-0").After(1);
        Assert.Equal(1, pods.ExitCode("basic-pd-0"));
        Assert.Contains("replication.max-replicas is of type uint64", pods.LastLog("basic-pd-0"));
    }

    [Fact]
    public void Text_that_is_no_configuration_ends_the_process()
    {
        var pods = new TestPods();
        pods.Files["/etc/pd/pd.toml"] = "[replication\n";
        pods.Start("basic-pd-0").After(1);
        Assert.Equal(1, pods.ExitCode("basic-pd-0"));
        Assert.Contains("load config failed", pods.LastLog("basic-pd-0"));
    }

    private static string Identity(PdEnsemble pd) =>
        $"{pd.ClusterId} {string.Join(',', pd.Replicas.Select(r => r.MemberId).Order())}";
}
