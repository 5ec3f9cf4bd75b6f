using System.Text.Json.Nodes;
using Tidekeeper.Engines.TiDB;
using Tidekeeper.Model.Crds;
using static Tidekeeper.UnitTests.Engines.TiDB.Living;

namespace Tidekeeper.UnitTests.Engines.TiDB;

/// <summary>Changes of the spec that restart pods, told as stories.</summary>
public sealed class RollingTests
{
    private const string Spec = CreationTests.Spec;

    [Fact]
    public void A_new_version_goes_through_the_components_one_pod_at_a_time()
    {
        var story = Living.Running(Spec).Edit(spec => spec with { Version = "v8.5.1" }).Story();
        Told("""
            apply Deployment/basic-discovery because it should be as rendered in HASH
            apply StatefulSet/basic-pd because it should be as rendered in HASH
            delete Pod/basic-pd-2 because it runs on an earlier spec; 0 of 3 pods of PD have the present spec
            delete Pod/basic-pd-1 because it runs on an earlier spec; 1 of 3 pods of PD have the present spec
            ask PD to make basic-pd-1 its leader because basic-pd-0 is to stop
            delete Pod/basic-pd-0 because it runs on an earlier spec; 2 of 3 pods of PD have the present spec
            apply StatefulSet/basic-tikv because it should be as rendered in HASH
            ask PD to move the leaders away from store 3 because basic-tikv-2 is to restart
            delete Pod/basic-tikv-2 because it runs on an earlier spec; 0 of 3 pods of TiKV have the present spec
            ask PD to let store 3 lead again because basic-tikv-2 serves and is not to be restarted
            ask PD to move the leaders away from store 2 because basic-tikv-1 is to restart
            delete Pod/basic-tikv-1 because it runs on an earlier spec; 1 of 3 pods of TiKV have the present spec
            ask PD to let store 2 lead again because basic-tikv-1 serves and is not to be restarted
            ask PD to move the leaders away from store 1 because basic-tikv-0 is to restart
            delete Pod/basic-tikv-0 because it runs on an earlier spec; 2 of 3 pods of TiKV have the present spec
            ask PD to let store 1 lead again because basic-tikv-0 serves and is not to be restarted
            apply StatefulSet/basic-tidb because it should be as rendered in HASH
            delete Pod/basic-tidb-1 because it runs on an earlier spec; 0 of 2 pods of TiDB have the present spec
            delete Pod/basic-tidb-0 because it runs on an earlier spec; 1 of 2 pods of TiDB have the present spec
            """, story);
    }

    [Fact]
    public void What_is_waited_for_is_the_restart_and_not_what_follows_it()
    {
        var living = Living.Running(Spec).Edit(spec => spec with { Version = "v8.5.1" });
        living.Story(5);
        Told("2 of 3 pods of PD have the present spec", living.Waiting.Split(';')[0]);
    }

    // PD waited for the leaders of the store, and the store's next restart for PD (simulation, seed 500).
    [Fact]
    public void A_version_that_is_taken_back_before_the_leaders_of_a_store_are_back_keeps_nobody_waiting()
    {
        var living = Living.Running(Spec).Edit(spec => spec with { Version = "v8.5.1" });
        for (var story = ""; !story.Contains("delete Pod/basic-tikv-2", StringComparison.Ordinal);)
            story = living.Story(1);
        living.Edit(spec => spec with { Version = "v8.5.0" }).Story(200);
        Assert.Equal("True", living.Condition(TidbConditions.Ready).Status);
        Assert.All(living.Now.Pods, pod => Assert.Contains(":v8.5.0", pod.Images[0].Image, StringComparison.Ordinal));
    }

    [Fact]
    public void A_change_that_breaks_pods_costs_one_and_taking_it_back_heals_that_one()
    {
        var living = Living.Running(Spec + "\nconfigUpdateStrategy: RollingUpdate", pod => pod.Intent != Bad());
        Told("""
            apply ConfigMap/basic-tikv-HASH because it does not exist
            apply StatefulSet/basic-tikv because it should be as rendered in HASH
            ask PD to move the leaders away from store 3 because basic-tikv-2 is to restart
            delete Pod/basic-tikv-2 because it runs on an earlier spec; 0 of 3 pods of TiKV have the present spec
            """, living.Edit(WithConfig("bad")).Story());
        Told("pod basic-tikv-2 keeps crashing; see kubectl logs -p basic-tikv-2", living.Waiting);
        Told(
            """
            apply StatefulSet/basic-tikv because it should be as rendered in HASH
            delete Pod/basic-tikv-2 because it does not run, and the spec has changed since it was made
            ask PD to let store 3 lead again because basic-tikv-2 serves and is not to be restarted
            delete ConfigMap/basic-tikv-HASH because no pod uses it any more
            """, living.Edit(spec => spec with { Tikv = spec.Tikv! with { Config = null } }).Story());
        Assert.Equal("True", living.Condition(TidbConditions.Ready).Status);
    }

    [Fact]
    public void Pods_of_two_components_that_are_to_restart_do_so_one_after_the_other()
    {
        var living = Living.Running(Spec).Change(seen => seen with
        {
            Pods = [.. seen.Pods.Select(pod => pod.Name is "basic-pd-1" or "basic-tidb-0"
                ? pod with { RestartWish = "now" } : pod)]
        });
        Assert.Equal("delete Pod/basic-pd-1 because an annotation of it asks for a restart",
            Assert.Single(living.Plan.Acts, act => act.Disturbs).Describe());
    }

    [Theory]
    [InlineData("basic-pd-0", "basic-tidb-0", "basic-pd-0 is not ready, which the database does not know yet")]
    [InlineData("basic-tidb-1", "basic-pd-1", "basic-tidb-1 is starting")]
    public void Nothing_is_taken_while_another_pod_has_gone_and_is_not_made_anew_yet(
        string gone, string asked, string why)
    {
        var living = Living.Running(Spec).Lose(gone, claim: false);

        // Two looks: the status that the first one writes must not make the second forget.
        for (var look = 0; look < 2; look++)
        {
            living.Change(seen => seen with
            {
                Pods = [.. seen.Pods.Select(pod => pod.Name == asked ? pod with { RestartWish = "now" } : pod)]
            });
            Assert.DoesNotContain(living.Plan.Acts, act => act.Disturbs);
            Assert.Contains(why, string.Join("; ", living.Plan.Holds.Select(hold => hold.Hold.Why)));
            living.Look();
        }
    }

    [Fact]
    public void Nothing_is_taken_while_another_store_is_not_up()
    {
        var living = Living.Running(Spec)
            .Edit(spec => spec with { Tikv = spec.Tikv! with { Labels = new() { ["team"] = "blue" } } });
        living.Story(2);
        living.Change(seen => new Seen(seen).Pd(pd => pd with
        {
            Stores = [.. pd.Stores.Select(one => one.Id == "1" ? one with { State = "Disconnected" } : one)]
        }).Now);
        Assert.DoesNotContain(living.Plan.Acts, act => act.Disturbs);
        var step = living.Plan.Holds.Single(hold => hold.Name == "RestartTiKV");
        Told(
            "0 of 3 pods of TiKV have the present spec; basic-tikv-2 is next when this is over: store 1 (basic-tikv-0) "
            + "is Disconnected", step.Hold.Why);
    }

    [Theory]
    [InlineData("basic-tikv-0", true)]
    [InlineData("basic-tikv-2", false)]
    public void A_store_that_fell_a_moment_ago_keeps_the_others_in_service_and_not_itself(string fallen, bool holds)
    {
        var living = Living.Running(Spec)
            .Edit(spec => spec with { Tikv = spec.Tikv! with { Labels = new() { ["team"] = "blue" } } });
        living.Story(2);
        living.Change(seen => seen with
        {
            Pods = [.. seen.Pods.Select(pod => pod.Name == fallen ? pod with { Ready = false } : pod)]
        });
        Assert.Equal(holds, living.Plan.Acts.All(act => !act.Disturbs));
    }

    private static Func<TidbClusterSpec, TidbClusterSpec> WithConfig(string engine) => spec => spec with
    {
        Tikv = spec.Tikv! with { Config = new JsonObject { ["storage"] = new JsonObject { ["engine"] = engine } } }
    };

    /// <summary>The intent that pods with the bad configuration have.</summary>
    private static string Bad()
    {
        var plan = Seen.Running(Spec + "\nconfigUpdateStrategy: RollingUpdate").Edited(WithConfig("bad")).Applied();
        return plan.Now.StatefulSets.Single(set => set.Component == "tikv").TemplateIntent;
    }
}
