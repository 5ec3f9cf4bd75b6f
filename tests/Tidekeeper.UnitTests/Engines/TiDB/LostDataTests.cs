using Tidekeeper.Engines;
using Tidekeeper.Engines.TiDB;
using Tidekeeper.Model.Kubernetes;
using static Tidekeeper.UnitTests.Engines.TiDB.Living;

namespace Tidekeeper.UnitTests.Engines.TiDB;

/// <summary>Members whose data is gone for certain, told as stories.</summary>
public sealed class LostDataTests
{
    private const string Spec = CreationTests.Spec;

    [Fact]
    public void A_store_whose_claim_and_pod_are_deleted_is_given_up_and_begins_anew_in_its_place()
    {
        var living = Living.Running(Spec).Lose("basic-tikv-1");
        Told(
            "ask PD to give up store 2 (basic-tikv-1) because its data is gone: claim tikv-basic-tikv-1 is not the one "
            + "that it served with", living.Story());
        Assert.Equal("True", living.Condition(TidbConditions.Ready).Status);
        Assert.Null(new Seen(living.Now).Status().Tikv!.FailureStores);
    }

    [Fact]
    public void Leaders_are_not_kept_away_for_ever_from_a_store_that_is_gone()
    {
        var living = Living.Running(Spec)
            .Change(seen => new Seen(seen).Pd(pd => pd with { Evicted = ["2"] }).Now).Lose("basic-tikv-1");
        Assert.Contains("ask PD to forget that leaders are kept away from store 2 because there is no such store any",
            living.Story(), StringComparison.Ordinal);
        Assert.True(living.Now.Pd.Is(out var pd));
        Assert.Empty(pd.Evicted);
    }

    [Fact]
    public void Why_a_lost_store_is_not_replaced_yet_is_said_before_that_its_pod_crashes()
    {
        var living = Living.Running(Spec).Lose("basic-tikv-1").Change(seen => new Seen(seen).Pd(pd => pd with
        {
            Regions = Known.Of(new RegionHealth(28, 0, 0))
        }).Now);
        living.Story(5);
        Assert.StartsWith(
            "basic-tikv-1 has lost its data: claim tikv-basic-tikv-1 is not the one that it served with; it is "
            + "replaced when the 28 regions that lack a replica have it", living.Waiting);
    }

    [Fact]
    public void A_pod_alone_that_is_deleted_is_no_lost_store() =>
        Told("", Living.Running(Spec).Lose("basic-tikv-1", claim: false).Story());

    [Fact]
    public void A_member_of_PD_whose_claim_and_pod_are_deleted_is_dropped_and_joins_anew()
    {
        var living = Living.Running(Spec).Lose("basic-pd-1");
        Told(
            "ask PD to drop member basic-pd-1 because basic-pd-1 is lost: claim pd-basic-pd-1 is not the one that it "
            + "served with", living.Story());
        Assert.Equal("True", living.Condition(TidbConditions.Ready).Status);
        Assert.Null(new Seen(living.Now).Status().Pd!.FailureMembers);
    }

    [Fact]
    public void A_member_is_not_dropped_without_a_majority()
    {
        var living = Living.Running(Spec).Lose("basic-pd-1").Lose("basic-pd-2");
        Told("", living.Story());
        Assert.Contains("without a majority PD cannot drop it", Hold(living, "ReplacePD"), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_lost_stores_are_a_matter_for_people()
    {
        var living = Living.Running(Spec).Lose("basic-tikv-1").Lose("basic-tikv-2");
        living.Story(1);
        living.Change(seen => new Seen(seen).Pd(pd => pd with
        {
            Stores = [.. pd.Stores.Select(one => one with { State = one.Id == "1" ? "Up" : "Down" })]
        }).Now);
        Assert.DoesNotContain(living.Plan.Acts, act => act.Disturbs);
        Told(
            "basic-tikv-1 has lost its data: claim tikv-basic-tikv-1 is not the one that it served with; store 3 "
            + "(basic-tikv-2) is Down too, so regions may have lost their majority: bring it back, or see pd-ctl "
            + "unsafe remove-failed-stores 3,2", Hold(living, "ReplaceTiKV"));
    }

    [Fact]
    public void Where_it_is_not_allowed_people_are_told_what_to_do()
    {
        var living = Living.Running(Spec)
            .Edit(spec => spec with { Tikv = spec.Tikv! with { MaxFailoverCount = 0 } }).Lose("basic-tikv-1");
        Told("", living.Story());
        Told(
            "basic-tikv-1 is lost: claim tikv-basic-tikv-1 is not the one that it served with; "
            + "spec.tikv.maxFailoverCount is 0, so it is not replaced by itself: set it to 1, or run curl -X DELETE "
            + "'http://basic-pd.shop.svc:2379/pd/api/v1/store/2?force=true'", Hold(living, "ReplaceTiKV"));
    }

    [Theory]
    [InlineData("tikv-1", "ask PD to give up store 2 (basic-tikv-1) because its data is gone")]
    [InlineData("pd-1", "ask PD to drop member basic-pd-1 because basic-pd-1 is lost")]
    public void A_disk_that_went_with_its_node_is_replaced_with_a_new_one(string ordinal, string first)
    {
        var pod = $"basic-{ordinal}";
        var component = ordinal.Split('-')[0];
        var living = Living.Running(Spec).Change(Nodes("node-0", "node-1", "node-2"));
        living.Story();
        living.Change(Nodes("node-0", "node-2")).Change(seen => Waits(seen, pod));
        living.Pass(4);
        Assert.DoesNotContain(living.Plan.Acts, act => act.Disturbs);
        living.Pass(1);
        var why = "its disk was in node node-1, which does not exist any more";
        Told(
            $"""
            apply PersistentVolumeClaim/{component}-{pod} because {pod} leaves, and its data will be of no use
            {first}: {why}
            delete PersistentVolumeClaim/{component}-{pod} because its member is gone and its ordinal is used again
            delete Pod/{pod} because it stands on the data of a member that is gone
            """, living.Story());
        Assert.Equal("True", living.Condition(TidbConditions.Ready).Status);
    }

    [Fact]
    public void A_node_that_comes_back_brings_its_disk_along()
    {
        var living = Living.Running(Spec).Change(Nodes("node-0", "node-1", "node-2"));
        living.Story();
        living.Change(Nodes("node-0", "node-2")).Change(seen => Waits(seen, "basic-tikv-1")).Pass(4);
        Assert.DoesNotContain(living.Plan.Acts, act => act.Disturbs);
        living.Change(Nodes("node-0", "node-1", "node-2")).Pass(4);
        Assert.DoesNotContain(living.Plan.Acts, act => act.Disturbs);
    }

    [Fact]
    public void A_member_of_PD_that_never_started_is_removed_after_a_while()
    {
        var living = Living.Running(Spec).Change(seen => new Seen(seen).Pd(pd => pd with
        {
            Members =
            [
                .. pd.Members,
                new PdMemberSeen("", "109", ["http://basic-pd-9.basic-pd-peer.shop.svc:2380"], [], false)
            ]
        }).Now);
        Assert.DoesNotContain(living.Pass(4).Plan.Acts, act => act.Disturbs);
        Told(
            "ask PD to drop member 109 because basic-pd-9 was added and has not started within 5 min",
            living.Pass(2).Story());
    }

    // It had begun in the moment in which its pod was scaled in as one that was no member, and held up Ready for ever.
    [Fact]
    public void A_member_of_PD_that_joined_while_its_pod_was_scaled_in_is_removed()
    {
        var living = Living.Running(Spec).Change(seen => new Seen(seen).Pd(pd => pd with
        {
            Members =
            [
                .. pd.Members,
                new PdMemberSeen(
                    "basic-pd-9", "109", ["http://basic-pd-9.basic-pd-peer.shop.svc:2380"], [], false)
            ]
        }).Now);
        Told("ask PD to drop member basic-pd-9 because basic-pd-9 has joined PD while its pod was scaled in",
            living.Story());
    }

    // kubectl delete pvc/… pod/…: the scheduler binds the new pod before it hears of the claim, and both would wait.
    [Theory]
    [InlineData("basic-tikv-1")]
    [InlineData("basic-pd-0")]
    public void A_pod_that_was_made_after_its_claim_was_deleted_makes_way(string pod)
    {
        var living = Living.Running(Spec);
        living.Change(seen => Pending(seen, pod, "node-1", going: true));
        Assert.Contains(
            $"delete Pod/{pod} because claim {pod.Split('-')[1]}-{pod} was being deleted before it was made, so it "
            + "cannot start", living.Story(1), StringComparison.Ordinal);

        living = Living.Running(Spec);
        living.Change(seen => Pending(seen, pod, "", going: true)).Look();
        Assert.DoesNotContain(living.Plan.Acts, act => act.Disturbs);
    }

    [Fact]
    public void A_pod_without_a_claim_is_made_anew_with_one_after_a_while()
    {
        var living = Living.Running(Spec);
        living.Change(seen => Pending(seen, "basic-tikv-1", "", going: false)).Look();
        Assert.DoesNotContain(living.Plan.Acts, act => act.Disturbs);
        Assert.Contains(
            "delete Pod/basic-tikv-1 because its claim is gone, and another one is only made for a new pod",
            living.Pass(1).Story(1), StringComparison.Ordinal);
    }

    private static TidbSeen Pending(TidbSeen seen, string pod, string node, bool going) =>
        Waits(seen, pod) with
        {
            Pods =
            [
                .. Waits(seen, pod).Pods.Select(one => one.Name == pod
                    ? one with { Node = node, UnscheduledReason = node.Length > 0 ? "" : "Unschedulable" }
                    : one)
            ],
            Claims =
            [
                .. from claim in seen.Claims
                   let its = claim.Name.EndsWith($"-{pod}", StringComparison.Ordinal)
                   where going || !its
                   select its ? claim with { Deleting = seen.Now } : claim
            ]
        };

    private static string Hold(Living living, string step) =>
        living.Plan.Holds.Single(one => one.Name == step).Hold.Why;

    private static Func<TidbSeen, TidbSeen> Nodes(params string[] names) => seen => seen with
    {
        Nodes = Known.Of<IReadOnlyList<ObservedNode>>(
            [.. names.Select(name => new ObservedNode { Kind = "Node", Name = name, Ready = true })])
    };

    private static TidbSeen Waits(TidbSeen seen, string pod) => seen with
    {
        Pods =
        [
            .. seen.Pods.Select(one => one.Name != pod ? one : one with
            {
                Uid = "anew",
                Ready = false,
                Node = "",
                Phase = "Pending",
                Created = seen.Now,
                UnscheduledReason = "Unschedulable",
                UnscheduledMessage = "0/2 nodes are available: 2 node(s) didn't match PersistentVolume's node affinity."
            })
        ],
        Pd = new Seen(seen).Pd(pd => pd with
        {
            Members = [.. pd.Members.Select(one => one.Name == pod ? one with { Healthy = false } : one)],
            Stores = [.. pd.Stores.Select(one => one.PodName == pod ? one with { State = "Disconnected" } : one)]
        }).Now.Pd
    };
}
