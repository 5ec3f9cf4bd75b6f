using Tidekeeper.Engines.TiDB;
using Tidekeeper.Model.Kubernetes;
using static Tidekeeper.UnitTests.Engines.TiDB.Living;

namespace Tidekeeper.UnitTests.Engines.TiDB.Control;

/// <summary>Wishes for single pods, which come as annotations.</summary>
public sealed class WishTests
{
    private const string Spec = CreationTests.Spec;

    [Fact]
    public void Leaders_that_were_to_leave_a_store_are_let_back_though_an_upgrade_will_come_to_it_later()
    {
        var living = Living.Running(Spec);
        Annotate(living, "basic-tikv-1", pod => pod with { ShallNotLead = true });
        living.Story();
        living.Edit(spec => spec with { Version = "v8.5.1" });
        living.Look();
        Annotate(living, "basic-tikv-1", pod => pod with { ShallNotLead = false });
        Assert.StartsWith("ask PD to let store 2 lead again", living.Story().Split('\n').First(line =>
            line.StartsWith("ask", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Equal("True", living.Condition(TidbConditions.Ready).Status);
    }

    [Fact]
    public void A_pod_that_is_named_restarts_as_safely_as_in_a_rollout_and_once()
    {
        var living = Living.Running(Spec);
        Annotate(living, "basic-tikv-1", pod => pod with { RestartWish = "now" });
        Assert.Equal("True", living.Condition(TidbConditions.Ready).Status);
        Told("""
            ask PD to move the leaders away from store 2 because basic-tikv-1 is to restart
            delete Pod/basic-tikv-1 because an annotation of it asks for a restart
            ask PD to let store 2 lead again because basic-tikv-1 serves and is not to be restarted
            """, living.Story());
    }

    [Fact]
    public void Leaders_stay_away_from_a_store_until_the_annotation_goes()
    {
        var living = Living.Running(Spec);
        Annotate(living, "basic-tikv-1", pod => pod with { ShallNotLead = true });
        Told(
            "ask PD to move the leaders away from store 2 because an annotation of basic-tikv-1 asks for it",
            living.Story());
        living.Change(seen => new Seen(seen).After(TimeSpan.FromHours(1)).Now);
        Assert.Equal("", living.Story());
        Assert.Equal("none", new Seen(living.Now).Status().Tikv!.EvictLeader!["basic-tikv-1"].Value);

        Assert.Contains("delete Pod/basic-tidb-0", living.Edit(spec => spec with
        {
            Tidb = spec.Tidb! with { Labels = new() { ["team"] = "blue" } }
        }).Story());
        living.Edit(spec => spec with { Tikv = spec.Tikv! with { Labels = new() { ["team"] = "blue" } } }).Story(2);
        Annotate(living, "basic-tikv-1", pod => pod with { ShallNotLead = false });
        Assert.Contains("delete Pod/basic-tikv-0", living.Story());
        Assert.Empty(Pd(living).Evicted);
    }

    [Fact]
    public void The_member_that_is_named_leads_PD_once()
    {
        var living = Living.Running(Spec).Change(seen =>
            new Seen(seen).Annotated(Labels.PdLeader, "basic-pd-2@2026-01-01T00:00:00Z").Now);
        Told(
            "ask PD to make basic-pd-2 its leader because metadata.annotations[tidekeeper.io/pd-leader] asks for it",
            living.Story());
        living.Change(seen => new Seen(seen).Pd(pd => pd with { Leader = "basic-pd-0" }).Now);
        Assert.Equal("", living.Story());
    }

    [Fact]
    public void A_member_that_does_not_exist_is_named_with_those_that_do()
    {
        var living = Living.Running(Spec).Change(seen =>
            new Seen(seen).Annotated(Labels.PdLeader, "basic-pd-7@2026-01-01T00:00:00Z").Now);
        Assert.Equal("", living.Story());
        Told(
            "metadata.annotations[tidekeeper.io/pd-leader] names basic-pd-7, which is no member of PD; there are: "
            + "basic-pd-0, basic-pd-1, basic-pd-2", living.Waiting);
    }

    private static void Annotate(Living living, string pod, Func<ObservedPod, ObservedPod> how) =>
        living.Change(seen => seen with
        {
            Pods = [.. seen.Pods.Select(one => one.Name == pod ? how(one) : one)]
        });

    private static PdSeen Pd(Living living) => living.Now.Pd.Is(out var pd) ? pd : new PdSeen { ClusterId = "" };
}
