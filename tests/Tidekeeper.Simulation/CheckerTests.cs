using System.Text;
using Tidekeeper.Kube;
using Tidekeeper.Simulation.Checkers;
using Tidekeeper.Simulation.Engine;
using Tidekeeper.Simulation.Faults;

namespace Tidekeeper.Simulation;

/// <summary>A checker that cannot fail proves nothing: each is shown what breaks its promise.</summary>
public class CheckerTests
{
    private const string Pods = "/api/v1/namespaces/db/pods/basic-pd-0";
    private const string Sets = "/apis/apps/v1/namespaces/db/statefulsets/basic-pd";
    private const string Clusters = "/apis/pingcap.com/v1alpha1/namespaces/db/tidbclusters/basic";

    private const string Owned = """
        {"metadata":{"namespace":"db","name":"basic-pd","ownerReferences":
        [{"kind":"TidbCluster","uid":"UID","name":"basic","controller":true}]}}
        """;

    private static readonly DateTimeOffset Noon = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("DELETE", Pods, """{"preconditions":{"resourceVersion":"7"}}""", "S14")]
    [InlineData("DELETE", Pods, """{"preconditions":{"uid":"u"}}""", null)]
    [InlineData("PATCH", Clusters, "{}", "S15")]
    [InlineData("PATCH", Clusters + "/status", "{}", null)]
    public void A_write_is_judged_by_what_it_asks(string method, string path, string body, string? broken) =>
        Assert.Equal(broken, Judged("operator-0", method, path, body, "{}"));

    [Theory]
    [InlineData("null", "S14")]
    [InlineData("""[{"kind":"Deployment","uid":"u","name":"basic","controller":true}]""", "S14")]
    [InlineData("""[{"kind":"TidbCluster","uid":"of an earlier life","name":"basic","controller":true}]""", "S14")]
    public void What_is_applied_belongs_to_a_cluster_that_lives(string owners, string broken)
    {
        var answer = "{\"metadata\":{\"namespace\":\"db\",\"name\":\"basic-pd\",\"ownerReferences\":" + owners + "}}";
        Assert.Equal(broken, Judged("operator-0", "PATCH", Sets, "{}", answer));
    }

    [Theory]
    [InlineData("operator-0", null)]
    [InlineData("operator-1", "S15")]
    [InlineData("discovery", null)]
    public void Only_the_holder_of_the_lease_writes(string who, string? broken) =>
        Assert.Equal(broken, Judged(who, "PATCH", Clusters + "/status", "{}", "{}"));

    [Theory]
    [InlineData(Sets, """{"metadata":{"uid":"u"}}""", 200, "S15")]
    [InlineData(Sets, """{"metadata":{"uid":"u","resourceVersion":"7"}}""", 200, null)]
    [InlineData(Sets, "{}", 201, "S15")]
    [InlineData(Sets, """{"metadata":{"deletionGracePeriodSeconds":-1}}""", 201, null)]
    [InlineData(Clusters + "/status", "{}", 200, "S15")]
    [InlineData(Clusters + "/status", """{"metadata":{"resourceVersion":"7"}}""", 200, null)]
    public void What_comes_after_the_next_leader_began_must_be_refusable(
        string path, string body, int status, string? broken)
    {
        var sent = new LeaseHeld("operator-1", Noon.AddSeconds(-20), 3);
        Assert.Equal(broken, Judged("operator-1", "PATCH", path, body, Owned, status, sent));
    }

    [Fact]
    public void A_cluster_that_says_nothing_is_noticed()
    {
        var cluster = Silent();
        var broken = Assert.Throws<PromiseBrokenException>(() =>
            cluster.RunUntil(() => false, TimeSpan.FromMinutes(5), [new Explained("basic")]));
        Assert.Equal("L3", broken.Invariant);
    }

    [Fact]
    public void A_cluster_that_nobody_makes_does_not_match() =>
        Assert.Equal("StatefulSet basic-pd does not exist", Match.Pending(Silent(), "basic"));

    // A cluster object and no operator.
    private static SimulatedCluster Silent()
    {
        var cluster = new SimulatedCluster(1, new Weather { Operators = 0 });
        cluster.Install();
        cluster.Api.Create("pingcap.com/v1alpha1/tidbclusters", SimulatedCluster.Namespace,
            Wishes.Cluster("basic", new Random(1)));
        return cluster;
    }

    // Judged as if operator-0 held the lease, in a world where the cluster "basic" exists.
    private static string? Judged(
        string who, string method, string path, string body, string answer, int status = 200, LeaseHeld? sent = null)
    {
        var lease = new LeaseHeld("operator-0", Noon.AddSeconds(10), 4);
        var cluster = Silent();
        var rules = new WriteRules(cluster.Api) { Lease = () => lease, Now = () => Noon };
        var uid = (string)cluster.Cluster("basic")!["metadata"]!["uid"]!;
        rules.Judge(new(who, new KubeRequest(method, path) { Body = Encoding.UTF8.GetBytes(body) },
            new KubeResponse(status, Encoding.UTF8.GetBytes(answer.Replace("UID", uid, StringComparison.Ordinal))),
            sent ?? lease, Changed: true));
        Assert.Equal(1, rules.Judged);
        return rules.Broken?.Invariant;
    }
}
