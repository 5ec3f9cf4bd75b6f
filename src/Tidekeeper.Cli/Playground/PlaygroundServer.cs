using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Tidekeeper.Kube;
using Tidekeeper.Kube.Http;
using Tidekeeper.Model.Kubernetes;
using Tidekeeper.Operator;
using Tidekeeper.Operator.Databases;
using Tidekeeper.Operator.Databases.TiDB;
using Tidekeeper.Playground;
using Tidekeeper.Playground.Api;
using Tidekeeper.Playground.Databases.TiDB;
using Tidekeeper.Playground.Databases.TiDB.Sql;
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
    private readonly ProgramCatalog _programs = new();
    private PlaygroundHost? _host;

    public async Task Run(CancellationToken cancel)
    {
        ProcessSignals.LeaveTerminal();
        using var onTerm = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var onCancel = cancel.Register(() => _stop.TrySetResult());
        var time = TimeProvider.System;
        var store = new ObjectStore();
        using var journal = options.DataDirectory is { } directory ? Journal.Open(directory, store) : null;
        var world = new World(time, unchecked((int)time.GetUtcNow().Ticks), store);
        var databases = new DatabaseRegistry
        {
            Scale = new DatabaseScale { Regions = options.Regions, PeerMoves = 16 },
        };
        var servers = 0;
        TidbPrograms.AddTo(_programs, databases, (rows, server) => new SqlServer(rows, new SqlFacts
        {
            ServerNumber = ++servers,
            Version = server.Version,
            ServerName = server.PodName,
            Now = time.GetUtcNow,
            Chance = world.Chance,
        }));
        using var operators = new OperatorProgram(
            new DiscoveryProgram(Discovery, action => _host!.Driver.Do(action)),
                OperatorProcess);
        _programs.Add(OperatorInstall.Image, operators);
        using var block = AddressBlock.Take();
        var cluster = PlaygroundCluster.Build(world, new PlaygroundLayout
        {
            AddressBlock = block.Number,
            Nodes = options.Nodes,
            Zones = options.Zones,
            DataDirectory = options.DataDirectory,
            Programs = _programs,
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
            Prepare = Prepare,
        }, cancel);
        new Session(System.Environment.ProcessId, host.Address.ToString(), host.ProxyAddress.ToString(),
            options.WithOperator, options.DataDirectory).Save();
        Console.WriteLine($"{time.GetUtcNow():HH:mm:ss} the Kubernetes API is at {host.Address}, the proxy into the "
            + $"cluster at {host.ProxyAddress}");
        await _stop.Task;
        Console.WriteLine("stopping");
        // First of all: whatever else goes wrong on the way out, no process is left behind.
        host.Driver.Do(operators.Dispose);
    }

    private void Prepare(PlaygroundHost host)
    {
        _host = host;
        Kubeconfig.Write(Session.KubeconfigPath, host.Kubeconfig);
        OperatorInstall.Into(new ApiClient(host.World.Api, "tide"), options.WithOperator);
    }

    private DiscoveryService Discovery(ContainerContext container, CancellationToken life)
    {
        var time = TimeProvider.System;
        var access = KubeAccess.Find(Session.KubeconfigPath, null, time, life).GetAwaiter().GetResult();
        var transport = new HttpTransport(
            access.Endpoint, access.Credentials, $"tidekeeper/{OperatorInstall.Version}", time);
        var wire = new HttpDatabaseWire(time, new System.Net.WebProxy(_host!.ProxyAddress));
        life.Register(transport.Dispose);
        life.Register(wire.Dispose);
        return new DiscoveryService(
            new KubeApi(transport, Labels.FieldManager), wire,
                new OperatorLog(time, line => container.Log(line.Plain())));
    }

    /// <summary>
    /// The operator as in a cluster: its own process, a kubeconfig, and names of the cluster through a proxy.
    /// </summary>
    private ProcessCommand OperatorProcess(ContainerContext container) => new(
        System.Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host
            : "dotnet",
        [Path.Combine(AppContext.BaseDirectory, "tidekeeper-operator.dll"), .. Arguments(container)],
        new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["KUBECONFIG"] = Session.KubeconfigPath,
            ["HTTP_PROXY"] = _host!.ProxyAddress.ToString(),
            ["NO_PROXY"] = "127.0.0.1,localhost",
            ["HOSTNAME"] = container.PodName,
            ["TIDEKEEPER_ADDRESS"] = container.PodAddress,
        });

    private static IEnumerable<string> Arguments(ContainerContext container) =>
        container.Container["args"] is JsonArray list ? list.Select(a => (string)a!) : [];

    private void Stop(PosixSignalContext signal)
    {
        signal.Cancel = true;
        _stop.TrySetResult();
    }
}
