using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Tidekeeper.Cli.Playground;
using Tidekeeper.Kube;
using Tidekeeper.Kube.Http;
using Tidekeeper.Playground;
using Tidekeeper.Playground.Server;
using Tidekeeper.Playground.Server.Containers;
using Tidekeeper.Playground.Server.MySql;

namespace Tidekeeper.Cli.Nodes;

/// <summary>
/// The process of <c>tide node --kubelet real</c>: what real kubelets and containers need around them, and the
/// simulated databases behind the stand-ins that run there.
/// </summary>
/// <param name="disks">Folder for the volumes that it makes.</param>
internal sealed class ContainerServer(NewNodes options, string disks)
{
    private readonly TaskCompletionSource _stop = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public async Task Run(CancellationToken cancel)
    {
        using var onTerm = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
        {
            signal.Cancel = true;
            _stop.TrySetResult();
        });
        using var onCancel = cancel.Register(() => _stop.TrySetResult());
        var time = TimeProvider.System;
        var agent = $"tide-node/{OperatorInstall.Version}";
        var access = await KubeAccess.Find(options.Kubeconfig, null, time, cancel);
        using var transport = new HttpTransport(access.Endpoint, access.Credentials, agent, time);
        using var remote = new RemoteApi(access, agent);
        var world = new World(time, unchecked((int)time.GetUtcNow().Ticks), elsewhere: remote);
        using var programs = new WorldPrograms(world, options.Regions, _ => options.Kubeconfig);
        var sql = new MySqlFront(world);
        await using var host = new ContainerHost(world, programs.Catalog, sql, Report);
        using var life = new CancellationTokenSource();
        var following = new Following(new KubeApi(transport, "tide-node"), world, host.Driver, Report);
        await following.Start(life.Token, cancel);
        using var ports = new SqlPorts(world, sql);
        host.Driver.Do(() => PlaygroundCluster.Store(world, new PlaygroundLayout { DataDirectory = disks }));
        world.Add(ports);
        await Open(host, access.Endpoint.Server, cancel);
        Kubeconfig.Write(Session.KubeconfigPath, await File.ReadAllTextAsync(options.Kubeconfig, cancel));
        new Session(System.Environment.ProcessId, access.Endpoint.Server.ToString(), host.ProxyAddress.ToString(),
            true, null).Save();
        Console.WriteLine($"serves the nodes of {access.Endpoint.Server}; the proxy into the cluster is at "
            + $"{host.ProxyAddress}");
        await _stop.Task;
        Console.WriteLine("stopping");
        await life.CancelAsync();
        await following.End();

        void Report(string line) => Console.WriteLine($"{time.GetUtcNow():HH:mm:ss} {line}");
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
