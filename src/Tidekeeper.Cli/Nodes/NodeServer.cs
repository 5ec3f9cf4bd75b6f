using System.Runtime.InteropServices;
using Tidekeeper.Cli.Playground;
using Tidekeeper.Kube;
using Tidekeeper.Kube.Http;
using Tidekeeper.Playground;
using Tidekeeper.Playground.Api;
using Tidekeeper.Playground.Server;
using Tidekeeper.Playground.Server.MySql;

namespace Tidekeeper.Cli.Nodes;

/// <summary>What simulated nodes are made of.</summary>
/// <param name="Kubeconfig">Of the cluster that they join; what they do there needs an administrator.</param>
internal sealed record NewNodes(string Kubeconfig, int Nodes, int Zones, int Regions);

/// <summary>
/// The process of <c>tide node</c>: machines that run simulated components, in a cluster whose control plane is real.
/// </summary>
internal sealed class NodeServer(NewNodes options)
{
    private readonly TaskCompletionSource _stop = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public async Task Run(CancellationToken cancel)
    {
        using var onTerm = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var onCancel = cancel.Register(() => _stop.TrySetResult());
        var time = TimeProvider.System;
        var agent = $"tide-node/{OperatorInstall.Version}";
        var access = await KubeAccess.Find(options.Kubeconfig, null, time, cancel);
        using var transport = new HttpTransport(access.Endpoint, access.Credentials, agent, time);
        using var remote = new RemoteApi(access, agent);
        using var addresses = PodAddresses.Take();
        var world = new World(time, unchecked((int)time.GetUtcNow().Ticks), elsewhere: remote);
        var pods = new PodAccess(access, remote, time);
        world.TokenOf = pods.TokenOf;
        using var programs = new WorldPrograms(world, options.Regions, pods.Kubeconfig);
        var sql = new MySqlFront(world);
        var logs = new Tidekeeper.Playground.Nodes.PodLogs();
        await using var host = new NodeHost(world, logs, sql, Report);
        using var life = new CancellationTokenSource();
        var following = new Following(new KubeApi(transport, "tide-node"), world, host.Driver, Report);
        await following.Start(life.Token, cancel);
        using var ports = new SqlPorts(world, sql);
        var cluster = host.Driver.Do(() => Join(world, addresses, programs, logs));
        world.Add(ports);
        await host.Start(cluster.NodeAddresses, cancel);
        programs.Attach(host.Driver, host.ProxyAddress);
        host.Run();
        Kubeconfig.Write(Session.KubeconfigPath, await File.ReadAllTextAsync(options.Kubeconfig, cancel));
        new Session(System.Environment.ProcessId, access.Endpoint.Server.ToString(), host.ProxyAddress.ToString(),
            true, null).Save();
        Console.WriteLine($"{string.Join(", ", cluster.Nodes)} joined {access.Endpoint.Server}; the proxy into the "
            + $"cluster is at {host.ProxyAddress}");
        await _stop.Task;
        Console.WriteLine("stopping");
        host.Driver.Do(programs.Dispose);
        host.Driver.Do(() => Leave(world, cluster));
        await life.CancelAsync();
        await following.End();

        void Report(string line) => Console.WriteLine($"{time.GetUtcNow():HH:mm:ss} {line}");
    }

    private PlaygroundCluster Join(World world, PodAddresses addresses, WorldPrograms programs,
        Tidekeeper.Playground.Nodes.PodLogs logs) => PlaygroundCluster.Join(world, new PlaygroundLayout
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

    private void Stop(PosixSignalContext signal)
    {
        signal.Cancel = true;
        _stop.TrySetResult();
    }
}
