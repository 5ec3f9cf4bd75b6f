using System.Runtime.InteropServices;
using Tidekeeper.Playground;
using Tidekeeper.Playground.Api;
using Tidekeeper.Playground.Nodes;
using Tidekeeper.Playground.Server;
using Tidekeeper.Playground.Server.MySql;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Cli.Playground;

/// <summary>
/// The playground's own process: builds the world, installs what <c>tide up</c> promises, runs until told to end.
/// </summary>
internal sealed class PlaygroundServer(NewPlayground options)
{
    private readonly TaskCompletionSource _stop = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public async Task Run(CancellationToken cancel)
    {
        ProcessSignals.LeaveTerminal();
        using var onTerm = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var onCancel = cancel.Register(() => _stop.TrySetResult());
        var time = TimeProvider.System;
        var store = new ObjectStore();
        using var journal = options.DataDirectory is { } directory ? Journal.Open(directory, store) : null;
        var world = new World(time, unchecked((int)time.GetUtcNow().Ticks), store);
        using var programs = new WorldPrograms(world, options.Regions, _ => Session.KubeconfigPath);
        using var block = AddressBlock.Take();
        var cluster = PlaygroundCluster.Build(world, new PlaygroundLayout
        {
            Addresses = AddressPool.Loopback(block.Number),
            Nodes = options.Nodes,
            Zones = options.Zones,
            DataDirectory = options.DataDirectory,
            Programs = programs.Catalog,
        });
        var sql = new MySqlFront(world);
        using var ports = new SqlPorts(world, sql);
        world.Add(ports);
        await using var host = await PlaygroundHost.Start(world, new PlaygroundOptions
        {
            Port = options.Port,
            Tls = options.Tls,
            Logs = cluster.Logs,
            Sql = sql,
            Report = line => Console.WriteLine($"{time.GetUtcNow():HH:mm:ss} {line}"),
            Prepare = host =>
            {
                programs.Attach(host.Driver, host.ProxyAddress);
                Kubeconfig.Write(Session.KubeconfigPath, host.Kubeconfig);
                OperatorInstall.Into(new ApiClient(world.Api, "tide"), options.WithOperator);
            },
        }, cancel);
        new Session(System.Environment.ProcessId, host.Address.ToString(), host.ProxyAddress.ToString(),
            options.WithOperator, options.DataDirectory).Save();
        Console.WriteLine($"{time.GetUtcNow():HH:mm:ss} the Kubernetes API is at {host.Address}, the proxy into the "
            + $"cluster at {host.ProxyAddress}");
        await _stop.Task;
        Console.WriteLine("stopping");
        // First of all: whatever else goes wrong on the way out, no process is left behind.
        host.Driver.Do(programs.Dispose);
    }

    private void Stop(PosixSignalContext signal)
    {
        signal.Cancel = true;
        _stop.TrySetResult();
    }
}
