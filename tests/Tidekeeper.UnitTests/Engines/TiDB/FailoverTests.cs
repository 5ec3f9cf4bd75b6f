using Tidekeeper.Engines;
using Tidekeeper.Engines.TiDB;
using Tidekeeper.Model.Kubernetes;
using static Tidekeeper.UnitTests.Engines.TiDB.Living;

namespace Tidekeeper.UnitTests.Engines.TiDB;

/// <summary>Members that fail and may come back, told as stories.</summary>
public sealed class FailoverTests
{
    private const string Spec = CreationTests.Spec;

    [Fact]
    public void A_store_that_stays_away_gets_a_replacement_which_leaves_when_it_is_back()
    {
        var living = Fails(Living.Running(Spec), "basic-tikv-1");
        Assert.Equal("", living.Story(3));
        Told("Suspect", Phase(living));
        Told(
            "basic-tikv-1: store 2 is Down and node node-1 is not ready; another takes its place if that lasts 5 min",
            Hold(living));
        Told("apply StatefulSet/basic-tikv because it should be as rendered in HASH", living.Pass(5).Story());
        Told("Replacing", Phase(living));
        Told(
            "basic-tikv-1: store 2 is Down and node node-1 is not ready; TiKV has one replica more until it serves "
            + "again", Hold(living));
        Told("""
            apply PersistentVolumeClaim/tikv-basic-tikv-3 because basic-tikv-3 leaves, and its data will be of no use
            ask PD to empty store 4 (basic-tikv-3) because spec.tikv.replicas is 3
            apply StatefulSet/basic-tikv because spec.tikv.replicas is 3
            """, Returns(living, "basic-tikv-1").Story());
        Told("", Phase(living));
        Assert.Equal("True", living.Condition(TidbConditions.Ready).Status);
    }

    [Fact]
    public void What_keeps_a_replacement_that_is_no_longer_needed_is_what_the_cluster_waits_for()
    {
        var living = Fails(Living.Running(Spec), "basic-tikv-1");
        living.Story(3);
        living.Pass(5).Story();
        Returns(living, "basic-tikv-1").Change(seen => new Seen(seen).Pd(pd => pd with
        {
            Stores = [.. pd.Stores.Select(one => one.Id == "1" ? one with { State = "Disconnected" } : one)]
        }).Now).Look().Look();
        Told("basic-tikv-1 serves again, and what was added for it leaves", Hold(living));
        Told("basic-tikv-3 is to leave when this is over: store 1 (basic-tikv-0) is Disconnected", living.Waiting);
    }

    [Theory]
    [InlineData("basic-tikv-1", "tikv", "store 2 is Down")]
    [InlineData("basic-pd-1", "pd", "PD does not reach it")]
    [InlineData("basic-tidb-1", "tidb", "it does not serve")]
    public void How_long_a_member_may_fail_is_said_for_each_component(string pod, string component, string what)
    {
        var living = Fails(Living.Running(Spec).Edit(spec => spec with
        {
            Pd = spec.Pd! with { FailoverPeriod = component == "pd" ? "90s" : null },
            Tikv = spec.Tikv! with { FailoverPeriod = component == "tikv" ? "90s" : null },
            Tidb = spec.Tidb! with { FailoverPeriod = component == "tidb" ? "90s" : null }
        }), pod);
        living.Story(3);
        Told($"{pod}: {what} and node node-1 is not ready; another takes its place if that lasts 90 s", Hold(living));
        Assert.NotEqual("", living.Pass(2).Story(10));
    }

    [Fact]
    public void An_operator_may_have_periods_of_its_own_for_clusters_that_say_none()
    {
        var living = Fails(Living.Running(Spec), "basic-tikv-1").Change(seen => seen with
        {
            Platform = new Platform
            {
                FailoverPeriods = new(StringComparer.Ordinal) { ["tikv"] = TimeSpan.FromMinutes(20) }
            }
        });
        living.Story(3);
        Told("", living.Pass(15).Story());
        Assert.EndsWith("if that lasts 20 min", Hold(living));
        Told("apply StatefulSet/basic-tikv because it should be as rendered in HASH", living.Pass(5).Story());
    }

    [Fact]
    public void Nobody_is_added_for_a_store_whose_pod_is_ready_again_by_now()
    {
        var living = Fails(Living.Running(Spec), "basic-tikv-1");
        living.Story(3);

        // The look that confirms the failure writes the status, and dies before it adds a store.
        living.Pass(5).Change(seen => new Seen(seen).Applied(new Plan([])).Now);
        Told("Confirmed", Phase(living));
        Told("", Returns(living, "basic-tikv-1").Story());
        Told("", Phase(living));
    }

    [Fact]
    public void What_is_back_within_the_period_was_no_failure()
    {
        var living = Fails(Living.Running(Spec), "basic-tikv-1");
        living.Story(3);
        Told("", Returns(living.Pass(4), "basic-tikv-1").Story());
        Told("", Phase(living));
    }

    [Fact]
    public void A_member_of_PD_that_stays_away_is_dropped_and_another_joins()
    {
        var living = Fails(Living.Running(Spec), "basic-pd-1");
        living.Story(3);
        const string Why = "PD does not reach it and node node-1 is not ready";
        Told(
            $"""
            apply PersistentVolumeClaim/pd-basic-pd-1 because basic-pd-1 leaves, and its data will be of no use
            ask PD to drop member basic-pd-1 because basic-pd-1 is lost: {Why}
            delete PersistentVolumeClaim/pd-basic-pd-1 because its member is gone and its ordinal is used again
            delete Pod/basic-pd-1 because it stands on the data of a member that is gone
            apply StatefulSet/basic-pd because it should be as rendered in HASH
            apply PersistentVolumeClaim/pd-basic-pd-3 because basic-pd-3 leaves, and its data will be of no use
            ask PD to drop member basic-pd-3 because spec.pd.replicas is 3
            apply StatefulSet/basic-pd because spec.pd.replicas is 3
            """, living.Pass(5).Story());
    }

    [Fact]
    public void A_server_that_stays_away_gets_a_replacement_which_leaves_when_it_is_back()
    {
        var living = Fails(Living.Running(Spec), "basic-tidb-1");
        living.Story(3);
        Told("apply StatefulSet/basic-tidb because it should be as rendered in HASH", living.Pass(5).Story());
        Told(
            "apply StatefulSet/basic-tidb because spec.tidb.replicas is 2",
            Returns(living, "basic-tidb-1").Story());
        Assert.Equal("True", living.Condition(TidbConditions.Ready).Status);
    }

    [Fact]
    public void Nobody_is_replaced_where_that_is_not_allowed()
    {
        var living = Fails(
            Living.Running(Spec).Edit(spec => spec with { Tikv = spec.Tikv! with { MaxFailoverCount = 0 } }),
            "basic-tikv-1");
        living.Story(3);
        Told("", living.Pass(50).Story());
        Told(
            "basic-tikv-1: store 2 is Down and node node-1 is not ready; spec.tikv.maxFailoverCount is 0, so nobody "
            + "takes its place", Hold(living));
    }

    [Fact]
    public void A_failover_under_way_is_cancelled_by_its_budget()
    {
        var living = Fails(Living.Running(Spec), "basic-tikv-1");
        living.Story(3);
        living.Pass(5).Story();
        Assert.Equal(4, living.Now.StatefulSets.Single(set => set.Component == "tikv").Replicas);
        var story = living.Edit(spec => spec with { Tikv = spec.Tikv! with { MaxFailoverCount = 0 } }).Story();
        Assert.DoesNotContain("rendered", story, StringComparison.Ordinal);
        Told("Suspect", Phase(living));
    }

    [Fact]
    public void A_pod_that_fails_with_a_wish_that_nobody_serves_with_is_no_failed_member()
    {
        var living = Living.Running(Spec).Change(seen => Down(seen, "basic-tikv-1")).Change(seen => seen with
        {
            Pods = [.. seen.Pods.Select(pod => pod.Component == "tikv" && pod.Name != "basic-tikv-1"
                ? pod with { Intent = "earlier" }
                : pod)]
        });
        living.Pass(50);
        Told("", Phase(living));
    }

    [Fact]
    public void A_store_that_does_not_start_although_its_node_is_well_may_be_given_up_by_people()
    {
        var living = Living.Running(Spec).Change(seen => Down(seen, "basic-tikv-1")).Pass(1);
        living.Story(3);
        living.Pass(5).Story();
        Told(
            "basic-tikv-1: store 2 is Down and its pod is not ready; TiKV has one replica more until it serves again; "
            + "if its log says that its data is gone, give it up: kubectl delete pvc/tikv-basic-tikv-1 "
            + "pod/basic-tikv-1", Hold(living));
        Told(Hold(living), living.Waiting);
    }

    [Fact]
    public void While_PD_is_silent_nobody_is_taken_for_failed()
    {
        var living = Fails(Living.Running(Spec), "basic-tikv-1");
        living.Change(seen => new Seen(seen).WithSilentPd().Now);
        living.Pass(50);
        Told("", Phase(living));
        Assert.DoesNotContain(living.Plan.Acts, act => act.Disturbs);
    }

    [Fact]
    public void That_PD_has_lost_its_majority_is_said_before_everything_that_follows_from_it()
    {
        var living = Fails(Living.Running(Spec), "basic-pd-1");
        living.Story(3);
        living.Change(seen => new Seen(Down(seen, "basic-pd-2")).WithSilentPd().Now);
        Told("PD has lost its majority: 1 of 3 members run; see tide recover pd basic", living.Waiting);
        Told(living.Waiting, living.Condition(TidbConditions.Ready).Message!);
        Assert.Equal("False", living.Condition(TidbConditions.Available).Status);
    }

    private static string Phase(Living living) =>
        new Seen(living.Now).Status().Tikv!.FailureStores?.Values.Single().Phase ?? "";

    private static string Hold(Living living) =>
        living.Plan.Holds.Single(one => one.Name == "Failover").Hold.Why;

    private static Living Fails(Living living, string pod) =>
        living.Change(seen => Down(seen, pod)).Change(Node(ready: false));

    private static Living Returns(Living living, string pod) => living.Change(Node(true)).Change(seen => seen with
    {
        Pods = [.. seen.Pods.Select(one => one.Name == pod ? one with { Ready = true } : one)],
        Pd = new Seen(seen).Pd(pd => pd with
        {
            Stores = [.. pd.Stores.Select(one => one.PodName == pod ? one with { State = "Up" } : one)]
        }).Now.Pd
    });

    private static Func<TidbSeen, TidbSeen> Node(bool ready) => seen => seen with
    {
        Nodes = Known.Of<IReadOnlyList<ObservedNode>>(
        [
            .. Enumerable.Range(0, 3).Select(one => new ObservedNode
            {
                Kind = "Node", Name = $"node-{one}", Ready = ready || one != 1
            })
        ])
    };

    private static TidbSeen Down(TidbSeen seen, string pod) => seen with
    {
        Pods = [.. seen.Pods.Select(one => one.Name == pod ? one with { Ready = false } : one)],
        Pd = new Seen(seen).Pd(pd => pd with
        {
            Members = [.. pd.Members.Select(one => one.Name == pod ? one with { Healthy = false } : one)],
            Stores = [.. pd.Stores.Select(one => one.PodName == pod ? one with { State = "Down" } : one)]
        }).Now.Pd,
        TidbHealth = new SortedDictionary<string, Known<TidbPodHealth>>(
            seen.TidbHealth.ToDictionary(
                one => one.Key,
                one => one.Key == pod ? Known.Unknown<TidbPodHealth>("no answer") : one.Value), StringComparer.Ordinal)
    };
}
