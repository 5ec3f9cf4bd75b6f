using System.Net;
using System.Net.Sockets;
using Tidekeeper.Cli.Playground;
using Tidekeeper.Playground;
using Tidekeeper.Playground.Server.Containers;

namespace Tidekeeper.Cli.Nodes;

/// <summary>
/// The process of <c>tide node --kubelet real</c>: what real kubelets and containers need around them, and the
/// simulated databases behind the stand-ins that run there.
/// </summary>
/// <param name="disks">Folder for the volumes that it makes.</param>
internal sealed class ContainerServer(NewNodes options, string disks)
{
    public async Task Run(CancellationToken cancel)
    {
        using var cluster = await RealCluster.Find(options.Kubeconfig, cancel);
        using var programs = new WorldPrograms(cluster.World, options.Regions, _ => options.Kubeconfig);
        await using var host =
            new ContainerHost(cluster.World, programs.Catalog, cluster.Sql, RealCluster.Report);
        await cluster.Follow(host.Driver, cancel);
        host.Driver.Do(() =>
        {
            PlaygroundCluster.Store(cluster.World, new PlaygroundLayout { DataDirectory = disks });
            cluster.OpenSqlPorts();
        });
        var server = cluster.Access.Endpoint.Server;
        await Open(host, server, cancel);
        await cluster.Serve(host.ProxyAddress, $"serves the nodes of {server}", cancel);
        host.Driver.Do(programs.Dispose);
        await cluster.Leave();
    }

    private static async Task Open(ContainerHost host, Uri server, CancellationToken cancel)
    {
        try
        {
            var address = (await Dns.GetHostAddressesAsync(server.Host, AddressFamily.InterNetwork, cancel))[0];
            await host.Start(new IPEndPoint(address, server.Port), cancel);
        }
        catch (SocketException e)
        {
            throw new CommandFailure(ExitCodes.Environment,
                $"{ContainerHost.Gateway} cannot be served ({e.Message}); start the nodes first, as root: "
                + "eng/node.sh up");
        }
    }
}
