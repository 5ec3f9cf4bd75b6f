using Tidekeeper.Cli.Playground;
using Tidekeeper.Playground;
using Tidekeeper.Playground.Api;
using Tidekeeper.Playground.Nodes;
using Tidekeeper.Playground.Server;

namespace Tidekeeper.Cli.Nodes;

/// <summary>What simulated nodes are made of.</summary>
/// <param name="Kubeconfig">Of the cluster that they join; what they do there needs an administrator.</param>
internal sealed record NewNodes(string Kubeconfig, int Nodes, int Zones, int Regions);

/// <summary>
/// The process of <c>tide node</c>: machines that run simulated components, in a cluster whose control plane is real.
/// </summary>
internal sealed class NodeServer(NewNodes options)
{
    public async Task Run(CancellationToken cancel)
    {
        using var cluster = await RealCluster.Find(options.Kubeconfig, cancel);
        using var addresses = PodAddresses.Take();
        var pods = new PodAccess(cluster.Access, cluster.Api, TimeProvider.System);
        cluster.World.TokenOf = pods.TokenOf;
        using var programs = new WorldPrograms(cluster.World, options.Regions, pods.Kubeconfig);
        var logs = new PodLogs();
        await using var host = new NodeHost(cluster.World, logs, cluster.Sql, RealCluster.Report);
        await cluster.Follow(host.Driver, cancel);
        var joined = host.Driver.Do(() =>
        {
            var nodes = Join(cluster.World, addresses, programs, logs);
            cluster.OpenSqlPorts();
            return nodes;
        });
        await host.Start(joined.NodeAddresses, cancel);
        programs.Attach(host.Driver, host.ProxyAddress);
        host.Run();
        await cluster.Serve(host.ProxyAddress,
            $"{string.Join(", ", joined.Nodes)} joined {cluster.Access.Endpoint.Server}", cancel);
        host.Driver.Do(programs.Dispose);
        host.Driver.Do(() => Leave(cluster.World, joined));
        await cluster.Leave();
    }

    private PlaygroundCluster Join(
        World world, PodAddresses addresses, WorldPrograms programs, PodLogs logs) =>
        PlaygroundCluster.Join(world, new PlaygroundLayout
        {
            Addresses = addresses.Prefix,
            Nodes = options.Nodes,
            Zones = options.Zones,
            Programs = programs.Catalog,
            Logs = logs,
        });

    /// <summary>Machines that are not coming back are no machines of the cluster.</summary>
    private static void Leave(World world, PlaygroundCluster cluster)
    {
        var api = new ApiClient(world.Api, "tide-node");
        foreach (var node in cluster.Nodes)
        {
            try
            {
                api.Delete("v1/nodes", null, node);
            }
            catch (ApiFault fault)
            {
                Console.WriteLine($"node {node} stays: {fault.Message}");
            }
        }
    }
}
