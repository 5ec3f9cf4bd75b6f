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
    public void While_PD_is_silent_nobody_is_taken_for_failed()
    {
        var living = Fails(Living.Running(Spec), "basic-tikv-1");
        living.Change(seen => new Seen(seen).WithSilentPd().Now);
        living.Pass(50);
        Told("", Phase(living));
        Assert.DoesNotContain(living.Plan.Acts, act => act.Disturbs);
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
