using System.Text;
using System.Text.Json.Nodes;
using Tidekeeper.Kube;
using Tidekeeper.Model.Kubernetes;
using Tidekeeper.Operator.Databases;
using Tidekeeper.Playground.Api;
using Tidekeeper.Playground.Store;
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
        _cluster.RunUntil(() => false, TimeSpan.FromSeconds(30), [_rules]);
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
        Ask("basic-tidb-0", "basic-pd-2");
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
            Ask("basic-tidb-0");
            Send("DELETE", "/api/v1/namespaces/db/pods/basic-tidb-0", Precondition("basic-tidb-0"));
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
        Delete($"http://basic-pd.db:2379/pd/api/v1/store/{store}");
        Assert.Equal("S7", Broken());
    }

    [Fact]
    public void A_member_is_not_removed_when_too_few_would_be_left()
    {
        TakeDown("basic-pd-1");
        Delete("http://basic-pd.db:2379/pd/api/v1/members/name/basic-pd-2");
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

    [Fact]
    public void The_next_store_is_not_stopped_while_the_leaders_of_the_last_one_are_kept_away()
    {
        // Each takes its turn without leaders; that of the first are never let back.
        foreach (var (ordinal, broken) in ((int, string?)[])[(0, null), (1, "S5")])
        {
            var pod = $"basic-tikv-{ordinal}";
            Evict(pod);
            Ask(pod);
            Send("DELETE", $"/api/v1/namespaces/db/pods/{pod}", Precondition(pod));
            Assert.Equal(broken, Broken());
            _cluster.RunUntil(() => broken is not null, TimeSpan.FromMinutes(2), broken is null ? [_rules] : []);
        }
    }

    [Fact]
    public void TiKV_does_not_get_another_image_before_PD()
    {
        Hold(spec => spec["version"] = "v8.5.2");
        Evict("basic-tikv-0");
        Send("DELETE", "/api/v1/namespaces/db/pods/basic-tikv-0");
        Assert.Equal("S10", Broken());
    }

    [Fact]
    public void A_pod_that_is_as_wished_is_not_stopped()
    {
        Send("DELETE", "/api/v1/namespaces/db/pods/basic-tidb-0");
        Assert.Equal("S17", Broken());
    }

    [Fact]
    public void Nobody_is_added_for_a_store_that_has_failed_for_a_moment_only()
    {
        TakeDown("basic-tikv-1");
        _cluster.RunUntil(() => false, TimeSpan.FromMinutes(1), [_rules]);
        Send("PATCH", "/apis/apps/v1/namespaces/db/statefulsets/basic-tikv", """{"spec":{"replicas":4}}""");
        Assert.Equal("S12", Broken());
    }

    [Fact]
    public void Nobody_begins_with_what_a_member_left_that_PD_gave_up()
    {
        var store = _cluster.Databases.All.Single().Pd.State.Stores.Find(one =>
            one.Address.StartsWith("basic-tikv-2.", StringComparison.Ordinal))!;
        _cluster.Databases.All.Single().Pd.State.Stores.Remove(store);
        Send("PATCH", "/apis/apps/v1/namespaces/db/statefulsets/basic-tikv", """{"spec":{"replicas":2}}""");
        Assert.Null(Broken());
        Send("PATCH", "/apis/apps/v1/namespaces/db/statefulsets/basic-tikv", """{"spec":{"replicas":3}}""");
        Assert.Equal("S4", Broken());
    }

    [Fact]
    public void A_store_is_not_given_up_while_its_disk_has_its_data()
    {
        var store = _cluster.Databases.All.Single().Pd.State.Stores[0].Id;
        Delete($"http://basic-pd.db:2379/pd/api/v1/store/{store}?force=true");
        Assert.Equal("S4", Broken());
    }

    [Fact]
    public void A_member_that_is_wanted_and_well_is_not_removed()
    {
        var database = _cluster.Databases.All.Single();
        var member = database.Pd.State.Members.Find(one => one.Name != database.Pd.Leader!.Name)!;
        Delete($"http://basic-pd.db:2379/pd/api/v1/members/id/{member.MemberId}");
        Assert.Equal("S12", Broken());
    }

    [Fact]
    public void The_leader_of_PD_is_not_removed()
    {
        Delete($"http://basic-pd.db:2379/pd/api/v1/members/name/{_cluster.Databases.All.Single().Pd.Leader!.Name}");
        Assert.Equal("S2", Broken());
    }

    [Fact]
    public void A_claim_does_not_shrink()
    {
        Send("PATCH", "/api/v1/namespaces/db/persistentvolumeclaims/tikv-basic-tikv-0",
            """{"spec":{"resources":{"requests":{"storage":"20Gi"}}}}""");
        Assert.Null(Broken());
        var before = _cluster.Api.Get("v1/persistentvolumeclaims", "db", "tikv-basic-tikv-0")!;
        var after = before.Copy();
        after["spec"]!["resources"]!["requests"]!["storage"] = "10Gi";
        Assert.Equal("S13", RemovalRules.ChangeClaim("tikv-basic-tikv-0",
            new StoreEvent(1, StoreEventType.Modified, "persistentvolumeclaims", "db/x", after, before))?.Invariant);
    }

    // The operators hear of nothing, so that the wish is a wish and nothing else.
    private void Hold(Action<JsonObject> change)
    {
        _cluster.PauseOperator(0, TimeSpan.FromHours(1));
        var wanted = _cluster.Cluster("basic")!.Copy();
        change(wanted["spec"]!.AsObject());
        _cluster.Api.Update("pingcap.com/v1alpha1/tidbclusters", wanted);
    }

    private string Precondition(string pod) =>
        "{\"preconditions\":{\"uid\":\"" + _cluster.Api.Get("v1/pods", "db", pod)!.Uid() + "\"}}";

    private void Evict(string pod)
    {
        var database = _cluster.Databases.All.Single();
        var store = database.Pd.State.Stores.Find(one => one.Address.StartsWith(pod + ".", StringComparison.Ordinal))!;
        database.Pd.State.EvictedStores.Add(store.Id);
        _cluster.RunUntil(() => database.Stores.Regions.All.All(region => region.LeaderStore != store.Id),
            TimeSpan.FromMinutes(5), [_rules]);
    }

    private string? Broken() => _rules.Broken(_cluster) is null ? null : _rules.Invariant;

    // Not by deleting it, for it would be back at once.
    private void TakeDown(string pod) => _cluster.Playground.StopNode(
        (string)_cluster.Api.Get("v1/pods", SimulatedCluster.Namespace, pod)!["spec"]!["nodeName"]!);

    // A user asks for a restart; the operator is not there to do it first.
    private void Ask(params string[] pods)
    {
        _cluster.PauseOperator(0, TimeSpan.FromHours(1));
        foreach (var pod in pods)
        {
            var wanted = _cluster.Api.Get("v1/pods", "db", pod)!.Copy();
            wanted["metadata"]!["annotations"]![Labels.Restart] = "now";
            _cluster.Api.Update("v1/pods", wanted);
        }
    }

    private void Delete(string url) => _cluster.Story.Asking!(Somebody, new WireRequest("DELETE", url));

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
        { Change = _cluster.Story.Newest, Sent = _cluster.Time.Now });
    }
}
