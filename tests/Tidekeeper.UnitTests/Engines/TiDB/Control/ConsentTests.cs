using Tidekeeper.Engines.TiDB;
using Tidekeeper.Engines.TiDB.Control;
using Tidekeeper.Model.Crds;
using Tidekeeper.Model.Kubernetes;
using static Tidekeeper.UnitTests.Engines.TiDB.Living;

namespace Tidekeeper.UnitTests.Engines.TiDB.Control;

/// <summary>Pauses and approvals, told as stories.</summary>
public sealed class ConsentTests
{
    private const string Spec = CreationTests.Spec;
    private const string Manual = Spec + "\napproval: Manual";

    [Fact]
    public void A_paused_component_is_left_alone_and_the_others_go_on()
    {
        var living = Living.Running(Spec).Edit(spec => spec with
        {
            Pd = spec.Pd! with { Labels = new() { ["team"] = "blue" } },
            Tikv = spec.Tikv! with { Labels = new() { ["team"] = "blue" }, Paused = true }
        });
        Told("""
            apply StatefulSet/basic-pd because it should be as rendered in HASH
            delete Pod/basic-pd-2 because it runs on an earlier spec; 0 of 3 pods of PD have the present spec
            delete Pod/basic-pd-1 because it runs on an earlier spec; 1 of 3 pods of PD have the present spec
            ask PD to make basic-pd-1 its leader because basic-pd-0 is to stop
            delete Pod/basic-pd-0 because it runs on an earlier spec; 2 of 3 pods of PD have the present spec
            """, living.Story());
        Assert.StartsWith(
            "spec.tikv.paused is true: nothing of TiKV is changed; 'apply StatefulSet/basic-tikv because",
            living.Waiting);
        Told("spec.tikv.paused is true: nothing there is changed", living.Condition(TidbConditions.Paused).Message!);
        Told("Paused restart-tikv: restart 3 pods of TiKV", Plan(living));
        Assert.Contains(
            "delete Pod/basic-tikv-0",
            living.Edit(spec => spec with { Tikv = spec.Tikv! with { Paused = null } }).Story());
    }

    [Fact]
    public void A_pause_alone_restarts_nothing()
    {
        var living = Living.Running(Spec).Edit(spec => spec with
        {
            Approval = "Manual",
            Breaker = new BreakerSpec { Failures = 3 },
            Tidb = spec.Tidb! with { Paused = true }
        });
        Assert.Equal("", living.Story());
    }

    [Fact]
    public void What_disturbs_waits_for_its_approval_and_what_does_not_goes_on()
    {
        var living = Living.Running(Manual).Edit(spec => spec with { Tidb = spec.Tidb! with { Replicas = 1 } });
        Assert.Equal("", living.Story());
        Told("NeedsApproval scale-in-tidb-to-1: take basic-tidb-1 of TiDB away", Plan(living));
        Told("apply StatefulSet/basic-tidb because spec.tidb.replicas is 1", Approve(living, "scale-in-tidb").Story());

        living.Edit(spec => spec with { Version = "v8.5.1" });
        Told("apply Deployment/basic-discovery because it should be as rendered in HASH", living.Story());
        Told("""
            NeedsApproval restart-pd: restart 3 pods of PD with pingcap/pd:v8.5.1
            NeedsApproval restart-tikv: restart 3 pods of TiKV with pingcap/tikv:v8.5.1
            NeedsApproval restart-tidb: restart 1 pod of TiDB with pingcap/tidb:v8.5.1
            """, Plan(living));
        Assert.Equal("NeedsApproval", living.Condition(TidbConditions.Progressing).Reason);

        Assert.StartsWith("apply StatefulSet/basic-pd because", Approve(living, "restart-pd").Story());
        Assert.DoesNotContain("restart-pd", Plan(living));
        Assert.DoesNotContain("tikv", Approve(living, "restart-tidb").Story());
        Told("""
            NeedsApproval restart-tikv: restart 3 pods of TiKV with pingcap/tikv:v8.5.1
            Waiting restart-tidb: restart 1 pod of TiDB with pingcap/tidb:v8.5.1
            """, Plan(living));
        Assert.Contains("delete Pod/basic-tidb-0", Approve(living, "restart-tikv").Story());
        Assert.Equal("True", living.Condition(TidbConditions.Approved).Status);
    }

    [Fact]
    public void A_change_that_is_taken_back_and_made_again_needs_a_new_approval()
    {
        var living = Living.Running(Manual).Edit(Labelled("blue"));
        living.Story();
        Approve(living, "restart-tikv");
        living.Edit(spec => spec with { Tikv = spec.Tikv! with { Labels = null } }).Story();
        Assert.Equal("", living.Edit(Labelled("blue")).Story());
        Told("NeedsApproval restart-tikv: restart 3 pods of TiKV", Plan(living));
    }

    [Fact]
    public void A_repair_waits_for_approval_as_well()
    {
        var broken = Living.Running(Manual).Change(seen => seen with
        {
            Pods =
            [
                .. seen.Pods.Select(pod => pod.Name == "basic-tidb-1"
                    ? pod with { Ready = false, WaitingReason = "CrashLoopBackOff" }
                    : pod)
            ]
        }).Edit(spec => spec with { Tidb = spec.Tidb! with { Labels = new() { ["team"] = "blue" } } });
        Assert.Equal("", broken.Story(5));
        Assert.Contains("waits for approval: tide approve basic restart-tidb-", string.Join(
            '\n', broken.Plan.Holds.Select(hold => hold.Hold.Why)));
        Approve(broken, "restart-tidb");
        Assert.Contains(
            "delete Pod/basic-tidb-1 because it does not run, and the spec has changed since it was made",
            broken.Story(5));
    }

    /// <summary>As <c>tide approve</c> does it, from what the status says.</summary>
    private static Living Approve(Living living, string name) => living.Change(seen => new Seen(seen).Annotated(
        Labels.Approved,
        string.Join(',', new Seen(seen).Applied().Now.Cluster.Status!.Plan!
            .Where(one => one.Name.StartsWith(name, StringComparison.Ordinal))
            .Select(one => Approvals.Entry(one.Name, one.Since!.Value))
            .Prepend(seen.Cluster.Metadata.Annotations?.GetValueOrDefault(Labels.Approved) ?? ""))).Now);

    private static Func<TidbClusterSpec, TidbClusterSpec> Labelled(string team) => spec => spec with
    {
        Tikv = spec.Tikv! with { Labels = new() { ["team"] = team } }
    };

    /// <summary>State, name without its hash, and the beginning of the sentence.</summary>
    private static string Plan(Living living) => string.Join('\n', (new Seen(living.Now).Status().Plan ?? []).Select(
        one => $"{one.State} {System.Text.RegularExpressions.Regex.Replace(one.Name, "-[0-9a-f]{8}$", "")}: "
            + one.What.Split([", one", ": basic"], StringSplitOptions.None)[0]));
}
