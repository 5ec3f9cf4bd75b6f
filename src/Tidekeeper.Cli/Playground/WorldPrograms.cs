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
using Tidekeeper.Playground.Databases.TiDB.Processes;
using Tidekeeper.Playground.Databases.TiDB.Sql;
using Tidekeeper.Playground.Nodes;
using Tidekeeper.Playground.Server;

namespace Tidekeeper.Cli.Playground;

/// <summary>What images do in a simulated node: the databases, and the operator with its discovery service.</summary>
internal sealed class WorldPrograms : IDisposable
{
    private readonly OperatorProgram _operators;
    private readonly Func<ContainerContext, string> _kubeconfig;
    private WorldDriver? _driver;
    private Uri? _proxy;

    /// <param name="regions">Of a database that has just begun.</param>
    /// <param name="kubeconfig">Path of the file by which a pod's process finds the API.</param>
    public WorldPrograms(World world, int regions, Func<ContainerContext, string> kubeconfig)
    {
        _kubeconfig = kubeconfig;
        var databases = new DatabaseRegistry { Scale = new DatabaseScale { Regions = regions, PeerMoves = 16 } };
        var servers = 0;
        TidbPrograms.AddTo(Catalog, databases, (rows, server) => new SqlServer(rows, new SqlFacts
        {
            ServerNumber = ++servers,
            Version = server.Version,
            ServerName = server.PodName,
            Now = world.Time.GetUtcNow,
            Chance = world.Chance,
        }));
        Catalog.Add("pingcap/tidb-operator", new GoDiscoveryProgram(new ApiClient(world.Api, "tidb-discovery")));
        _operators = new OperatorProgram(
            new DiscoveryProgram(Discovery, action => _driver!.Do(action)), OperatorProcess);
        Catalog.Add(OperatorInstall.Image, _operators);
    }

    public ProgramCatalog Catalog { get; } = new();

    /// <summary>Before the first pod starts: how processes reach the cluster's names, and how they come back.</summary>
    public void Attach(WorldDriver driver, Uri proxy) => (_driver, _proxy) = (driver, proxy);

    /// <summary>Ends the processes. Called with the world's gate held.</summary>
    public void Dispose() => _operators.Dispose();

    private DiscoveryService Discovery(ContainerContext container, CancellationToken life)
    {
        var time = TimeProvider.System;
        var access = KubeAccess.Find(_kubeconfig(container), null, time, life).GetAwaiter().GetResult();
        var transport = new HttpTransport(
            access.Endpoint, access.Credentials, $"tidekeeper/{OperatorInstall.Version}", time);
        var wire = new HttpDatabaseWire(time, new System.Net.WebProxy(_proxy));
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
            ["KUBECONFIG"] = _kubeconfig(container),
            ["HTTP_PROXY"] = _proxy!.ToString(),
            ["NO_PROXY"] = "127.0.0.1,localhost",
            ["HOSTNAME"] = container.PodName,
            ["TIDEKEEPER_ADDRESS"] = container.PodAddress,
        });

    private static IEnumerable<string> Arguments(ContainerContext container) =>
        container.Container["args"] is JsonArray list ? list.Select(a => (string)a!) : [];
}
