using Tidekeeper.Playground.Store;
using Tidekeeper.Simulation.Checkers;

namespace Tidekeeper.Simulation.Campaign;

/// <summary>
/// What must hold of a cluster to which something never comes back: everything else works, and the status names what
/// is missing. Null when it holds.
/// </summary>
public static class Cripples
{
    public static string? OneMachineIsOff(SimulatedCluster cluster)
    {
        const string name = "basic";
        var item = cluster.Cluster(name)!;
        var missing = cluster.Api.List("v1/pods", SimulatedCluster.Namespace, $"app.kubernetes.io/instance={name}")
            .Where(pod => !Match.IsReady(pod)).Select(pod => pod.Name()).ToList();
        if (missing.Count == 0)
            return "no pod is missing, though a machine is off";
        if (cluster.Databases.WithMember(SimulatedCluster.Namespace, $"{name}-pd-0") is not [var database, ..])
            return "no PD cluster is there";
        var wanted = item.Number("spec", "tikv", "replicas");
        var running = database.Stores.Nodes.Count(node => node.Running);
        if (running != wanted)
            return $"{running} stores run instead of {wanted}";
        var thin = database.Stores.Regions.All.Count(region => region.Peers.Count(peer =>
            peer.Index == region.Index && database.Stores.Running(peer.StoreId) is not null) < 3);
        if (thin > 0)
            return $"{thin} regions have fewer than three whole peers on stores that run";
        if (database.Servers.Count < item.Number("spec", "tidb", "replicas"))
            return $"{database.Servers.Count} TiDB servers run";
        var said = item["status"]?["conditions"]?.ToJsonString() ?? "";
        return missing.Exists(pod => said.Contains(pod, StringComparison.Ordinal))
            ? null
            : $"no condition names one of {string.Join(", ", missing)}: {said}";
    }
}
