using System.Text.Json.Nodes;
using Tidekeeper.Engines.TiDB;
using Tidekeeper.Model.Kubernetes;
using Tidekeeper.Playground.Store;
using Tidekeeper.Simulation.V1;

namespace Tidekeeper.Simulation;

/// <summary>Clusters that v1 made, as they come under this operator, and as they go back.</summary>
public sealed class AdoptionTests
{
    public static TheoryData<string, Action<JsonObject>> Shapes => new()
    {
        { "as it comes", _ => { } },
        { "with TiFlash", spec => spec["tiflash"] = Wishes.Tiflash(2) },
        {
            "with files that are named by their contents", spec =>
            {
                spec["configUpdateStrategy"] = "RollingUpdate";
                spec["tikv"]!["config"] = "[storage]\nreserve-space = \"0MB\"\n[server]\ngrpc-concurrency = 3\n";
                spec["pd"]!["config"] = new JsonObject { ["log"] = new JsonObject { ["level"] = "warn" } };
                spec["tidb"]!["env"] = new JsonArray(new JsonObject { ["name"] = "A", ["value"] = "b" });
                spec["tidb"]!["service"] = new JsonObject { ["type"] = "NodePort" };
            }
        },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_cluster_is_taken_over_without_a_restart_and_then_upgraded(string shape, Action<JsonObject> change)
    {
        var world = AdoptedWorld.Serving(change);
        var pods = world.Uids();
        var before = world.Objects();
        world.Try();
        world.Rest();
        Assert.Equal(pods, world.Uids());
        var changed = before.Except(world.Objects()).Select(one => one.Split(' ')[0]);
        Assert.All(changed, one => Assert.StartsWith("StatefulSet/", one));
        Assert.True(world.Remarks().Length == 0, $"{shape}: {world.Remarks()}");

        world.Commit();
        world.Rest();
        Assert.Equal(pods, world.Uids());
        Assert.Null(world.Pending());
        Assert.DoesNotContain(world.Go.Owned().Where(item => item.Kind() != "ConfigMap"),
            item => item.Metadata().ToJsonString().Contains(GoOperator.Manager));

        world.Go.Change(spec => spec["version"] = "v8.5.2");
        world.Until("the next version is there", () => world.Pending() is null);
        Assert.Empty(pods.Intersect(world.Uids()));
        Assert.DoesNotContain(world.Go.Owned(), item => item.Metadata().ToJsonString().Contains(GoOperator.Manager));
    }

    [Fact]
    public void What_was_taken_on_trial_goes_back_as_it_was_and_may_be_tried_again()
    {
        var world = AdoptedWorld.Serving(_ => { });
        world.Go.Label();
        var (pods, objects, annotations) = (world.Uids(), world.Objects(), world.PodAnnotations());
        world.Try();
        Assert.NotEqual(objects, world.Objects());
        Assert.NotEqual(annotations, world.PodAnnotations());

        world.Adopt("aborted");
        world.Until("it is v1's again", () => world.Says(TidbReasons.GivenBack));
        world.Rest();
        Assert.Equal(objects, world.Objects());
        Assert.Equal(annotations, world.PodAnnotations());
        Assert.Equal(pods, world.Uids());
        Assert.Empty(world.Cluster.Api.List("policy/v1/poddisruptionbudgets", SimulatedCluster.Namespace));

        // v1 goes on, then somebody tries again.
        world.Go.Roll("tikv", partition: 3);
        world.Rest();
        Assert.True(world.Says(TidbReasons.GivenBack));
        world.Try();
        world.Commit();
        Assert.Equal(pods, world.Uids());
    }

    [Fact]
    public void A_rollout_that_v1_left_in_the_middle_is_finished_after_the_commit_and_not_before()
    {
        var world = AdoptedWorld.Serving(_ => { });
        world.Go.Change(spec => spec["tikv"]!["version"] = "v8.5.2");
        world.Go.Roll("tikv", partition: 1);
        world.Until("v1 has rolled two stores", () => world.Serves()
            && world.Pods().Count(pod => pod.ToJsonString().Contains("pingcap/tikv:v8.5.2")) == 2);
        var pods = world.Uids();
        world.Try();
        world.Rest();
        Assert.Equal(pods, world.Uids());
        Assert.Contains("basic-tikv-0: image pingcap/tikv:v8.5.1, the spec wants pingcap/tikv:v8.5.2", world.Remarks());
        world.Commit();
        world.Rest();
        Assert.Equal(["basic-tikv-0"], pods.Except(world.Uids()).Select(one => one.Split(' ')[0]));
    }

    [Fact]
    public void A_failure_record_of_v1_keeps_its_standin_on_trial_and_ends_after_the_commit()
    {
        var world = AdoptedWorld.Serving(_ => { });
        world.Go.Roll("tikv", partition: 4, more: 1);
        world.Until("the stand-in serves", () => world.Pods().Count == 9 && world.Pods().All(Checkers.Match.IsReady));
        world.Go.Status(JsonNode.Parse("""
            {"tikv": {"phase": "Normal", "failoverUID": "f-1", "failureStores": {"9": {"podName": "basic-tikv-1",
                "storeID": "9", "createdAt": "2029-12-01T00:00:00Z"}}}}
            """)!.AsObject());
        world.Rest();
        world.Try();
        world.Rest();
        Assert.Equal(9, world.Pods().Count);
        Assert.Equal("basic-tikv-1", (string?)world.Status("tikv")!["failureStores"]!["9"]!["podName"]);
        Assert.Null(world.Status("tikv")!["failureStores"]!["9"]!["phase"]);
        Assert.Equal("f-1", (string?)world.Status("tikv")!["failoverUID"]);

        world.Commit();
        world.Until("the stand-in has left", () => world.Pods().Count == 8 && world.Pending() is null);
        Assert.Null(world.Status("tikv")!["failureStores"]);
    }

    [Fact]
    public void A_claim_that_v1_has_marked_as_left_over_is_not_used_again()
    {
        var world = AdoptedWorld.Serving(_ => { });
        world.Go.Roll("tikv", partition: 4, more: 1);
        world.Until("there are four", () => world.Pods().Count == 9 && world.Pods().All(Checkers.Match.IsReady));
        world.Try();
        world.Commit();
        world.Until("there are three", () => world.Pods().Count == 8 && world.Pending() is null);
        var claim = world.Claim("tikv-basic-tikv-3")!;
        Assert.NotNull(claim.Text("metadata", "annotations", Labels.DeferDeleting));
        world.Go.Change(spec => spec["tikv"]!["replicas"] = 4);
        world.Until("there are four again", () => world.Pods().Count == 9 && world.Pending() is null);
        Assert.NotEqual(claim.Uid(), world.Claim("tikv-basic-tikv-3")!.Uid());
    }

    [Fact]
    public void While_v1_is_still_at_work_nothing_is_done()
    {
        var world = AdoptedWorld.Serving(_ => { });
        world.Try();
        world.Rest();
        world.Go.Roll("tidb", partition: 2);
        world.Until("it is noticed", () => world.Says(TidbReasons.AnotherOperator));
        var (objects, writes) = (world.Objects(), world.Cluster.Rules.Judged);
        world.Go.Change(spec => spec["version"] = "v8.5.2");
        world.Rest();
        Assert.Equal(objects, world.Objects());
        Assert.InRange(world.Cluster.Rules.Judged - writes, 0, 600);

        // It is ended, and the take-over begun anew.
        world.Go.Change(spec => spec["version"] = "v8.5.1");
        world.Try();
        world.Commit();
    }

    [Fact]
    public void A_pod_that_is_made_anew_on_trial_runs_on_our_template_and_the_way_back_stays_open()
    {
        var world = AdoptedWorld.Serving(_ => { });
        var objects = world.Objects();
        world.Try();
        var pods = world.Uids();
        world.Cluster.Playground.DeletePod(SimulatedCluster.Namespace, "basic-tikv-2", null);
        world.Until("it is back", () => world.Serves() && world.Uids().Except(pods).Any());
        world.Rest();
        var anew = world.Pods().Single(pod => pod.Name() == "basic-tikv-2");
        Assert.Contains("TIDEKEEPER_PD", anew.ToJsonString());

        world.Adopt("aborted");
        world.Until("it is v1's again", () => world.Says(TidbReasons.GivenBack));
        world.Rest();
        // The one ConfigMap that this pod has mounted stays.
        Assert.Equal(objects, world.Objects().Where(one => !one.Contains("tidekeeper.io/rendered")));
        Assert.Contains(anew.Uid(), string.Join(' ', world.Uids()));
    }

    [Fact]
    public void On_trial_one_pod_may_be_restarted_behind_the_gate()
    {
        var world = AdoptedWorld.Serving(_ => { });
        world.Try();
        var pods = world.Uids();
        world.AnnotatePod("basic-tikv-2", Labels.Restart, "now");
        world.Until("it has restarted", () => world.Serves() && pods.Except(world.Uids()).Any());
        world.Rest();
        Assert.Equal(["basic-tikv-2"], pods.Except(world.Uids()).Select(one => one.Split(' ')[0]));
        Assert.Contains("evict-leader-scheduler", world.Cluster.Story.Last(100_000));
        Assert.Null(world.Status("tikv")!["evictLeader"]);
    }

    [Fact]
    public void A_cluster_that_is_not_whole_is_not_taken()
    {
        var world = AdoptedWorld.Serving(_ => { });
        var objects = world.Objects();
        world.PowerOff(world.Pods().Single(pod => pod.Name() == "basic-tikv-1").Text("spec", "nodeName")!);
        world.Until("a store is away", () => !world.Serves());
        world.Adopt("trial");
        world.Until("it is refused", () => world.Says(TidbReasons.AdoptionBlocked));
        world.Rest();
        Assert.Equal(objects, world.Objects());
    }
}
