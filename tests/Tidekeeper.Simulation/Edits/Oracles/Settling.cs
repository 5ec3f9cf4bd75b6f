using Tidekeeper.Playground.Store;
using Tidekeeper.Simulation.Checkers;

namespace Tidekeeper.Simulation.Edits.Oracles;

/// <summary>
/// Waits in virtual time until nothing happens any more: nobody has made or removed a pod, changed what an object asks
/// for, or said something new of the cluster. What only Kubernetes reports of its own objects does not count, since a
/// crashing container never stops changing that.
/// </summary>
public sealed class Settling
{
    private static readonly TimeSpan WhenServing = TimeSpan.FromSeconds(45);

    // Longer than any period after which the operator may act: five minutes for a failover, ten for a stalled eviction.
    private static readonly TimeSpan WhenStuck = TimeSpan.FromMinutes(11);
    private static readonly TimeSpan Refused = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(40);

    private readonly SimulatedCluster _cluster;
    private readonly string _name;
    private DateTimeOffset _last;

    public Settling(SimulatedCluster cluster, string name)
    {
        (_cluster, _name, _last) = (cluster, name, cluster.Time.Now);
        cluster.World.Api.Store.Committed += Saw;
    }

    /// <summary>Null once nothing happens any more; otherwise what went on all the time.</summary>
    public string? Wait(IReadOnlyList<IChecker> checkers)
    {
        _last = _cluster.Time.Now;
        return _cluster.RunUntil(() => _cluster.Time.Now - _last >= Patience(), Limit, checkers) ? null
            : $"still at work after {Limit.TotalMinutes:0} minutes; the newest change was {_newest}";
    }

    private string _newest = "";

    private TimeSpan Patience()
    {
        var view = new View(_cluster, _name);
        if (view.Status.Number("observedGeneration") != _cluster.Cluster(_name).Number("metadata", "generation"))
            return WhenStuck;
        if (view.Condition("Accepted").Text("status") == "False")
            return Refused;
        return view.Condition("Ready").Text("status") == "True"
            && view.Condition("Progressing").Text("reason") == "Settled" ? WhenServing : WhenStuck;
    }

    private void Saw(StoreEvent change)
    {
        if (!Counts(change))
            return;
        _last = _cluster.Time.Now;
        _newest = $"{change.Type} {change.Resource} {change.Key}";
    }

    private static bool Counts(StoreEvent change) => change.Resource switch
    {
        "leases.coordination.k8s.io" or "events" or "events.events.k8s.io" or "nodes"
            or "endpointslices.discovery.k8s.io" or "endpoints" => false,
        "tidbclusters.pingcap.com" => true,
        "pods" => change.Type != StoreEventType.Modified,
        _ => change.Type != StoreEventType.Modified || change.Previous is null
            || change.Object.Number("metadata", "generation") != change.Previous.Number("metadata", "generation")
            || (change.Object.Number("metadata", "generation") is null && change.Object["status"] is null),
    };
}
