using Tidekeeper.Engines;
using Tidekeeper.Engines.TiDB;
using Tidekeeper.Model.Kubernetes;
using static Tidekeeper.UnitTests.Engines.TiDB.Living;

namespace Tidekeeper.UnitTests.Engines.TiDB;

/// <summary>Pods that somebody else is about to take, told as stories.</summary>
public sealed class DrainTests
{
    private const string Spec = CreationTests.Spec;

    [Fact]
    public void Leadership_leaves_a_cordoned_node_and_may_return_when_it_is_not_any_more()
    {
        var living = Living.Running(Spec).Change(Cordoned("node-0"));
        Told("""
            ask PD to make basic-pd-1 its leader because basic-pd-0 is on node node-0, which is cordoned
            ask PD to move the leaders away from store 1 because basic-tikv-0 is on node node-0, which is cordoned
            """, living.Story());
        Told("drain", new Seen(living.Now).Status().Tikv!.EvictLeader!["basic-tikv-0"].Value!);
        Told(
            "ask PD to let store 1 lead again because basic-tikv-0 serves and is not to be restarted",
            living.Change(Cordoned("")).Story());
    }

    [Fact]
    public void Who_cordons_and_does_not_drain_gets_the_leaders_back()
    {
        var living = Living.Running(Spec).Change(Cordoned("node-1"));
        Told(
            "ask PD to move the leaders away from store 2 because basic-tikv-1 is on node node-1, which is cordoned",
            living.Story());
        Told(
            "ask PD to let store 2 lead again because basic-tikv-1 serves and is not to be restarted",
            living.Pass(31).Story());
    }

    [Fact]
    public void Nobody_is_prepared_for_a_drain_while_another_store_is_missing()
    {
        var living = Living.Running(Spec).Change(Cordoned("node-1")).Change(seen => new Seen(seen).Pd(pd => pd with
        {
            Stores = [.. pd.Stores.Select(one => one.Id == "3" ? one with { State = "Disconnected" } : one)]
        }).Now);
        Assert.DoesNotContain(living.Plan.Acts, act => act.Disturbs);
        Told(
            "the leaders of basic-tikv-1 leave when this is over: store 3 (basic-tikv-2) is Disconnected",
            living.Plan.Holds.Single(one => one.Name == "Drains").Hold.Why);
    }

    private static Func<TidbSeen, TidbSeen> Cordoned(string cordoned) => seen => seen with
    {
        Nodes = Known.Of<IReadOnlyList<ObservedNode>>(
        [
            .. Enumerable.Range(0, 3).Select(one => new ObservedNode
            {
                Kind = "Node",
                Name = $"node-{one}",
                Ready = true,
                Unschedulable = $"node-{one}" == cordoned
            })
        ])
    };
}
