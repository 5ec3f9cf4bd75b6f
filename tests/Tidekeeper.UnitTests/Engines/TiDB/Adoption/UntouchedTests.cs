using Tidekeeper.Engines;
using Tidekeeper.Engines.TiDB;
using Tidekeeper.Model.Crds;
using Tidekeeper.Model.Kubernetes;

namespace Tidekeeper.UnitTests.Engines.TiDB.Adoption;

/// <summary>Whoever installs this operator beside v1 has not asked for anything yet.</summary>
public sealed class UntouchedTests
{
    private const string Then = "2026-01-01T00:00:00Z";

    [Fact]
    public void A_cluster_that_v1_made_is_left_alone_and_the_condition_says_how_to_go_on()
    {
        var seen = MadeByV1(Seen.Running(CreationTests.Spec));
        var plan = seen.Plan();
        Assert.DoesNotContain(plan.Acts, act => act is not Act.Record);
        var condition = Assert.Single(seen.Status().Conditions!, one => one.Type == TidbConditions.Adopted);
        Assert.Equal(("False", TidbReasons.NotAdopted), (condition.Status, condition.Reason));
        Assert.Equal("StatefulSet/basic-pd, StatefulSet/basic-tidb, StatefulSet/basic-tikv and 10 more were made by "
            + "tidb-operator v1; nothing is touched until somebody says so: tide adopt basic --dry-run tells what "
            + "would be",
            condition.Message);
    }

    [Fact]
    public void Whatever_else_its_status_says_is_v1s()
    {
        var status = new TidbClusterStatus
        {
            ClusterID = "7",
            Tikv = new TikvComponentStatus
            {
                Phase = "Normal",
                FailureStores = new(StringComparer.Ordinal) { ["4"] = new FailureStore { PodName = "basic-tikv-1" } }
            },
            Conditions = [new ClusterCondition { Type = "Ready", Status = "True", Reason = "Ready" }]
        };
        var seen = MadeByV1(Seen.Running(CreationTests.Spec));
        seen = new(seen.Now with { Cluster = seen.Now.Cluster with { Status = status } });
        var next = seen.Status();
        Assert.Equal(status.Conditions![0], next.Conditions![0]);
        Assert.Equal(status with { Conditions = null }, next with { Conditions = null });

        // Said once: nothing changes while nothing happens.
        seen = new(seen.Now with { Cluster = seen.Now.Cluster with { Status = next }, Now = Seen.Start.AddHours(9) });
        Assert.Equal(next.Conditions, seen.Status().Conditions);
        Assert.Empty(seen.Plan().Acts);
    }

    [Theory]
    [InlineData("paused: true")]
    [InlineData("tlsCluster: { enabled: true }")]
    public void Neither_a_pause_nor_a_refused_field_makes_it_ours(string more)
    {
        var running = MadeByV1(Seen.Running(CreationTests.Spec));
        var cluster = Seen.Cluster($"{CreationTests.Spec}\n{more}");
        var seen = new Seen(running.Now with { Cluster = cluster, Problems = Validation.Check(cluster) });
        Assert.Equal([TidbConditions.Adopted], seen.Status().Conditions!.Select(one => one.Type));
        Assert.DoesNotContain(seen.Plan().Acts, act => act is not Act.Record);
    }

    [Fact]
    public void One_service_of_v1_is_enough_where_its_statefulsets_are_yet_to_come()
    {
        var seen = Seen.Of(CreationTests.Spec).Applied();
        seen = new(seen.Now with
        {
            StatefulSets = [],
            Deployments = [],
            Objects = [.. seen.Now.Objects.Where(one => one.Kind == "Service").Take(1).Select(Mark)]
        });
        Assert.DoesNotContain(seen.Plan().Acts, act => act is not Act.Record);
    }

    [Fact]
    public void An_object_of_ours_that_v1_writes_stops_us()
    {
        var seen = Seen.Running(CreationTests.Spec);
        seen = new(seen.Now with
        {
            StatefulSets = [.. seen.Now.StatefulSets.Select(one => one with { WrittenByV1 = Then, Replicas = 9 })]
        });
        Assert.DoesNotContain(seen.Plan().Acts, act => act is not Act.Record);
        Assert.Equal(TidbReasons.AnotherOperator, seen.Condition(TidbConditions.Adopted).Reason);
    }

    [Fact]
    public void A_configmap_that_v1_left_behind_is_nobodys_concern()
    {
        var seen = Seen.Running(CreationTests.Spec);
        var map = seen.Now.Objects.First(one => one.Kind == "ConfigMap") with
        {
            Name = "basic-tikv",
            Uid = "old",
            RenderedHash = "",
            WrittenByV1 = Then
        };
        seen = new(seen.Now with { Objects = [.. seen.Now.Objects, map] });
        Assert.DoesNotContain(seen.Status().Conditions!, one => one.Type == TidbConditions.Adopted);
    }

    private static Seen MadeByV1(Seen seen) => new(seen.Now with
    {
        StatefulSets = [.. seen.Now.StatefulSets.Select(one => one with { RenderedHash = "", WrittenByV1 = Then })],
        Deployments = [.. seen.Now.Deployments.Select(one => one with { RenderedHash = "", WrittenByV1 = Then })],
        Objects = [.. seen.Now.Objects.Where(one => one.Kind != "PodDisruptionBudget").Select(Mark)]
    });

    private static Observed Mark(Observed one) => one with { RenderedHash = "", WrittenByV1 = Then };
}
