using Tidekeeper.Engines;
using Tidekeeper.Engines.TiDB;
using Tidekeeper.Model.Crds;
using static Tidekeeper.UnitTests.Engines.TiDB.Living;

namespace Tidekeeper.UnitTests.Engines.TiDB;

/// <summary>Out of service, gone from the spec, and what becomes of volumes, told as stories.</summary>
public sealed class SuspensionTests
{
    private const string Spec = CreationTests.Spec;

    [Fact]
    public void A_suspended_cluster_stops_from_TiDB_to_PD_and_starts_as_it_began()
    {
        var living = Living.Running(Spec).Edit(spec => spec with { SuspendAction = Suspend });
        Told("""
            delete StatefulSet/basic-tidb because suspendAction wants TiDB out of service; its volumes stay
            delete StatefulSet/basic-tikv because suspendAction wants TiKV out of service; its volumes stay
            delete StatefulSet/basic-pd because suspendAction wants PD out of service; its volumes stay
            """, living.Story());
        Assert.Equal("Suspended", new Seen(living.Now).Status().Phase);
        Told(
            "suspendAction wants PD, TiKV, TiDB out of service; the volumes stay",
            living.Condition(TidbConditions.Ready).Message!);
        var story = living.Edit(spec => spec with { SuspendAction = null }).Story();
        Assert.StartsWith(
            "apply StatefulSet/basic-pd because it does not exist\napply StatefulSet/basic-tikv because it does not "
            + "exist\n", story, StringComparison.Ordinal);
        Assert.Equal("True", living.Condition(TidbConditions.Ready).Status);
    }

    [Fact]
    public void Who_had_data_before_a_suspension_is_there_after_it_and_leaves_in_order()
    {
        var living = Living.Running(Spec).Edit(Tikv(5));
        living.Story();
        living.Edit(spec => spec with { SuspendAction = Suspend }).Story();
        living.Edit(Tikv(4)).Edit(spec => spec with { SuspendAction = null });
        Assert.Contains(
            "ask PD to empty store 5 (basic-tikv-4) because spec.tikv.replicas is 4", living.Story(),
            StringComparison.Ordinal);
        Assert.Equal(4, living.Now.StatefulSets.Single(set => set.Component == "tikv").Replicas);
    }

    [Fact]
    public void TiDB_that_is_gone_from_the_spec_goes_with_what_surrounds_it()
    {
        var story = Living.Running(Spec).Edit(spec => spec with { Tidb = null }).Story();
        Assert.StartsWith("delete StatefulSet/basic-tidb because spec.tidb is gone\n", story, StringComparison.Ordinal);
        Assert.Contains("delete Service/basic-tidb-peer because spec.tidb is gone", story, StringComparison.Ordinal);
    }

    [Fact]
    public void Claims_belong_to_the_cluster_where_they_are_to_die_with_it()
    {
        var living = Living.Running(Spec)
            .Edit(spec => spec with { Retention = new RetentionSpec { WhenDeleted = "Delete" } });
        var claim = living.Plan.Acts.OfType<Act.Apply>().First(act => act.Name == "tikv-basic-tikv-1");
        Assert.Equal("uid-of-cluster", (string?)claim.Object["metadata"]!["ownerReferences"]![0]!["uid"]);
        living.Change(seen => seen with
        {
            Claims = [.. seen.Claims.Select(one => one with { OwnerUid = "uid-of-cluster" })]
        });
        Assert.Empty(living.Plan.Acts);
        living.Edit(spec => spec with { Retention = null });
        claim = living.Plan.Acts.OfType<Act.Apply>().First(act => act.Name == "tikv-basic-tikv-1");
        Assert.Null(claim.Object["metadata"]!["ownerReferences"]);
    }

    [Theory]
    [InlineData(true, null, true)]
    [InlineData(null, "Delete", true)]
    [InlineData(true, "Retain", false)]
    [InlineData(null, null, false)]
    public void Claims_of_who_left_are_deleted_where_they_are_not_kept(bool? reclaim, string? whenScaled, bool deleted)
    {
        var living = Living.Running(Spec).Edit(Tikv(4)).Edit(spec => spec with
        {
            EnablePVReclaim = reclaim,
            Retention = whenScaled is null ? null : new RetentionSpec { WhenScaled = whenScaled }
        });
        living.Story();
        var story = living.Edit(Tikv(3)).Story();
        Assert.Equal(
            deleted, story.Contains("delete PersistentVolumeClaim/tikv-basic-tikv-3", StringComparison.Ordinal));
    }

    [Fact]
    public void A_cluster_that_is_deleted_waits_for_nobody()
    {
        var living = Living.Running(Spec).Change(seen => new Seen(seen).WithSilentPd().Now).Change(seen => seen with
        {
            Cluster = seen.Cluster with
            {
                Metadata = seen.Cluster.Metadata with { DeletionTimestamp = seen.Now }
            }
        });
        Assert.All(living.Plan.Acts, act => Assert.IsType<Act.Record>(act));
        Assert.Empty(living.Plan.Holds);
    }

    private static SuspendAction Suspend => new() { SuspendStatefulSet = true };

    private static Func<TidbClusterSpec, TidbClusterSpec> Tikv(int replicas) =>
        spec => spec with { Tikv = spec.Tikv! with { Replicas = replicas } };
}
