using System.Text;
using Tidekeeper.Kube;
using Tidekeeper.Operator.Databases;
using Tidekeeper.Playground.Api;
using Tidekeeper.Simulation.Checkers;
using Tidekeeper.Simulation.Engine;
using Tidekeeper.Simulation.Faults;

namespace Tidekeeper.Simulation.Campaign;

/// <summary>Each rule is shown the act that breaks it, done to a living cluster in an operator's name.</summary>
public class ActRuleTests
{
    private const string Somebody = "operator-9";
    private readonly SimulatedCluster _cluster = new(1, new Weather());
    private readonly ActRules _rules;

    public ActRuleTests()
    {
        _rules = new ActRules(_cluster, "basic");
        _cluster.Install();
        _cluster.Api.Create("pingcap.com/v1alpha1/tidbclusters", SimulatedCluster.Namespace,
            Wishes.Sized("basic", pd: 3, tikv: 3, tidb: 2));
        Assert.True(_cluster.RunUntil(() => Match.Pending(_cluster, "basic") is null, TimeSpan.FromMinutes(30), []));
        // PD needs a moment to give every region its peers.
        _cluster.RunUntil(() => false, TimeSpan.FromMinutes(3), []);
    }

    [Theory]
    [InlineData("basic-tikv-0", "basic-tikv-1", "S1")]
    [InlineData("basic-pd-1", "basic-pd-2", "S1")]
    [InlineData("basic-tidb-0", "basic-tidb-1", "S18")]
    public void A_second_one_is_not_taken_while_the_first_is_down(string down, string taken, string broken)
    {
        TakeDown(down);
        Send("DELETE", $"/api/v1/namespaces/db/pods/{taken}");
        Assert.Equal(broken, Broken());
        Assert.Equal(1, _rules.Judged);
    }

    [Fact]
    public void A_store_that_leads_regions_is_not_stopped()
    {
        var database = _cluster.Databases.All.Single();
        var leader = database.Stores.Node(database.Stores.Regions.All[0].LeaderStore)!;
        Send("DELETE", $"/api/v1/namespaces/db/pods/{leader.Address.Split('.')[0]}");
        Assert.Equal("S6", Broken());
    }

    [Fact]
    public void Two_components_are_not_disturbed_at_once()
    {
        Send("DELETE", "/api/v1/namespaces/db/pods/basic-tidb-0");
        Assert.Null(Broken());
        Send("DELETE", "/api/v1/namespaces/db/pods/basic-pd-2");
        Assert.Equal("S9", Broken());
    }

    [Fact]
    public void One_wish_does_not_restart_a_pod_again_and_again()
    {
        for (var i = 0; i < 3; i++)
        {
            var uid = (string)_cluster.Api.Get("v1/pods", "db", "basic-tidb-0")!["metadata"]!["uid"]!;
            Send("DELETE", "/api/v1/namespaces/db/pods/basic-tidb-0", "{\"preconditions\":{\"uid\":\"" + uid + "\"}}");
            _cluster.RunUntil(() => false, TimeSpan.FromMinutes(2), []);
        }

        Assert.Equal("S17", Broken());
    }

    [Theory]
    [InlineData("tikv-basic-tikv-0")]
    [InlineData("pd-basic-pd-0")]
    public void A_claim_in_use_is_not_deleted(string claim)
    {
        Send("DELETE", $"/api/v1/namespaces/db/persistentvolumeclaims/{claim}");
        Assert.Equal("S4", Broken());
    }

    [Theory]
    [InlineData("basic-tikv", "S8")]
    [InlineData("basic-pd", "S2")]
    public void Replicas_do_not_go_before_the_members(string set, string broken)
    {
        Send("PATCH", $"/apis/apps/v1/namespaces/db/statefulsets/{set}", """{"spec":{"replicas":2}}""");
        Assert.Equal(broken, Broken());
    }

    [Fact]
    public void A_store_that_regions_need_is_not_sent_away()
    {
        var store = _cluster.Databases.All.Single().Pd.State.Stores[0].Id;
        Ask($"http://basic-pd.db:2379/pd/api/v1/store/{store}");
        Assert.Equal("S7", Broken());
    }

    [Fact]
    public void A_member_is_not_removed_when_too_few_would_be_left()
    {
        TakeDown("basic-pd-1");
        Ask("http://basic-pd.db:2379/pd/api/v1/members/name/basic-pd-2");
        Assert.Equal("S2", Broken());
    }

    [Fact]
    public void A_row_that_is_gone_is_noticed()
    {
        var rows = new Rows(_cluster, SimulatedCluster.Namespace, "basic-pd", new Random(1));
        for (var i = 0; i < 100; i++)
            rows.Work();
        Assert.Null(rows.Pending());
        var regions = _cluster.Databases.All.Single().Stores.Regions;
        regions.All[regions.PositionOf("row-001")].Rows.Set("row-001", null);
        Assert.Contains("row row-001 was acknowledged as ", rows.Pending());
    }

    private string? Broken() => _rules.Broken(_cluster) is null ? null : _rules.Invariant;

    // Not by deleting it, for it would be back at once.
    private void TakeDown(string pod) => _cluster.Playground.StopNode(
        (string)_cluster.Api.Get("v1/pods", SimulatedCluster.Namespace, pod)!["spec"]!["nodeName"]!);

    private void Ask(string url) => _cluster.Story.Asking!(Somebody, new WireRequest("DELETE", url));

    private void Send(string method, string path, string body = "{}")
    {
        var before = _cluster.World.Api.Head;
        var answer = _cluster.World.Api.Handle(new ApiRequest(method, path)
        {
            Body = Encoding.UTF8.GetBytes(body),
            ContentType = method == "PATCH" ? "application/merge-patch+json" : "application/json",
            UserAgent = Somebody,
            User = Somebody,
        });
        Assert.True(answer.Status < 300, Encoding.UTF8.GetString(answer.Body));
        Assert.NotEqual(before, _cluster.World.Api.Head);
        _cluster.Story.Did(new Written(Somebody, new KubeRequest(method, path) { Body = Encoding.UTF8.GetBytes(body) },
            new KubeResponse(answer.Status, answer.Body), null, true)
        { Change = _cluster.Story.Newest });
    }
}
