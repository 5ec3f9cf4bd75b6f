using Tidekeeper.Model.Crds;
using static Tidekeeper.UnitTests.Engines.TiDB.Living;

namespace Tidekeeper.UnitTests.Engines.TiDB;

/// <summary>Fewer replicas, told as stories.</summary>
public sealed class ScaleInTests
{
    private const string Spec = CreationTests.Spec;

    [Fact]
    public void A_store_is_emptied_and_buried_before_its_pod_goes_and_its_claim_is_kept()
    {
        var living = Living.Running(Spec).Edit(Tikv(4));
        living.Story();
        Told("""
            apply PersistentVolumeClaim/tikv-basic-tikv-3 because basic-tikv-3 leaves, and its data will be of no use
            ask PD to empty store 4 (basic-tikv-3) because spec.tikv.replicas is 3
            apply StatefulSet/basic-tikv because spec.tikv.replicas is 3
            """, living.Edit(Tikv(3)).Story());
        Told(
            """
            delete PersistentVolumeClaim/tikv-basic-tikv-3 because its member is gone and its ordinal is used again
            apply StatefulSet/basic-tikv because it should be as rendered in HASH
            """, living.Edit(Tikv(4)).Story());
    }

    [Fact]
    public void A_store_that_registered_while_its_pod_was_scaled_in_is_buried()
    {
        var living = Living.Running(Spec).Change(seen => new Seen(seen).Pd(pd => pd with
        {
            Stores =
            [
                .. pd.Stores, pd.Stores[0] with
                {
                    Id = "9", Address = "basic-tikv-3.basic-tikv-peer.shop.svc:20160", Regions = 0, Leaders = 0,
                    State = "Disconnected"
                }
            ]
        }).Now);
        Told("ask PD to bury store 9 (basic-tikv-3) because it registered while its pod was scaled in, and no pod "
            + "works for it", living.Story());
    }

    [Fact]
    public void A_store_that_is_wanted_again_is_called_back()
    {
        var living = Living.Running(Spec).Edit(Tikv(4));
        living.Story();
        living.Edit(Tikv(3)).Story(1);
        Told(
            """
            ask PD to keep store 4 (basic-tikv-3) because spec.tikv.replicas is 4
            apply PersistentVolumeClaim/tikv-basic-tikv-3 because basic-tikv-3 stays
            """, living.Edit(Tikv(4)).Story());
    }

    [Fact]
    public void A_member_that_PD_has_dropped_already_makes_room_for_a_new_one()
    {
        var living = Living.Running(Spec).Edit(Pd(2));
        living.Story(1);
        Assert.DoesNotContain("basic-pd-2", living.Members);
        Told(
            """
            delete PersistentVolumeClaim/pd-basic-pd-2 because its member is gone and its ordinal is used again
            delete Pod/basic-pd-2 because it stands on the data of a member that is gone
            """, living.Edit(Pd(3)).Story());
    }

    [Fact]
    public void Fewer_stores_than_replicas_of_a_region_are_refused()
    {
        var living = Living.Running(Spec).Edit(Tikv(2));
        Assert.Equal("", living.Story());
        Told(
            "spec.tikv.replicas: 2 wanted, but 2 stores would be Up without basic-tikv-2, and PD keeps 3 replicas of "
            + "every region (max-replicas); write at least 3, or lower replication.max-replicas first", living.Waiting);
    }

    [Fact]
    public void What_stays_must_have_room_for_what_leaves()
    {
        const long Gib = 1L << 30;
        var living = Living.Running(Spec).Edit(Tikv(4));
        living.Story();
        living.Change(seen => new Seen(seen).Pd(pd => pd with
        {
            Stores = [.. pd.Stores.Select(one => one with { UsedBytes = 70 * Gib, AvailableBytes = 30 * Gib })]
        }).Now);
        Assert.Equal("", living.Edit(Tikv(3)).Story());
        Told(
            "spec.tikv.replicas: 3 wanted, but basic-tikv-3 holds 70GiB and the 3 others have room for 30GiB until "
            + "they are 80 % full; write 4, or enlarge the volumes first", living.Waiting);
    }

    [Fact]
    public void The_leader_of_PD_hands_over_before_it_leaves_and_the_member_is_gone_before_its_pod()
    {
        var living = Living.Running(Spec).Change(seen =>
            new Seen(seen).Pd(pd => pd with { Leader = "basic-pd-2" }).Now);
        Told("""
            ask PD to make basic-pd-0 its leader because basic-pd-2 is to leave PD
            apply PersistentVolumeClaim/pd-basic-pd-2 because basic-pd-2 leaves, and its data will be of no use
            ask PD to drop member basic-pd-2 because spec.pd.replicas is 1
            apply StatefulSet/basic-pd because spec.pd.replicas is 1
            apply PersistentVolumeClaim/pd-basic-pd-1 because basic-pd-1 leaves, and its data will be of no use
            ask PD to drop member basic-pd-1 because spec.pd.replicas is 1
            apply StatefulSet/basic-pd because spec.pd.replicas is 1
            """, living.Edit(Pd(1)).Story());
    }

    [Fact]
    public void Servers_leave_one_by_one()
    {
        var living = Living.Running(Spec).Edit(spec => spec with { Tidb = spec.Tidb! with { Replicas = 4 } });
        living.Story();
        Told("""
            apply StatefulSet/basic-tidb because spec.tidb.replicas is 1
            apply StatefulSet/basic-tidb because spec.tidb.replicas is 1
            apply StatefulSet/basic-tidb because spec.tidb.replicas is 1
            """, living.Edit(spec => spec with { Tidb = spec.Tidb! with { Replicas = 1 } }).Story());
    }

    private static Func<TidbClusterSpec, TidbClusterSpec> Pd(int replicas) =>
        spec => spec with { Pd = spec.Pd! with { Replicas = replicas } };

    private static Func<TidbClusterSpec, TidbClusterSpec> Tikv(int replicas) =>
        spec => spec with { Tikv = spec.Tikv! with { Replicas = replicas } };
}
