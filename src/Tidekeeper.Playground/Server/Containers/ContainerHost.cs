using System.Net;
using Tidekeeper.Playground.Controllers;
using Tidekeeper.Playground.Nodes;

namespace Tidekeeper.Playground.Server.Containers;

/// <summary>
/// What real nodes of a test need around them, in real time: cluster DNS, the addresses of Services, the world behind
/// the stand-ins in their containers, and the proxy into the cluster for those outside.
/// </summary>
public sealed class ContainerHost : IAsyncDisposable
{
    /// <summary>
    /// The address at which real pods find the machine that they are on; <c>eng/node.sh</c> gives it to the bridge.
    /// </summary>
    public const string Gateway = "10.244.0.1";

    /// <summary>Where stand-ins find their world.</summary>
    public const int WorldPort = 10260;

    /// <summary>Where the cluster's names are answered.</summary>
    public IPEndPoint Names { get; init; } = new(IPAddress.Parse(Gateway), 53);

    /// <summary>Where stand-ins report.</summary>
    public IPEndPoint StandIns { get; init; } = new(IPAddress.Parse(Gateway), WorldPort);

    private readonly CancellationTokenSource _stop = new();
    private readonly World _world;
    private readonly PodCalls _calls;
    private readonly ClusterProxy _proxy;
    private readonly StandInServer _standIns;
    private readonly Action<string> _report;
    private ServiceProxy? _services;
    private DnsServer? _dns;
    private Task _driving = Task.CompletedTask;

    public ContainerHost(World world, ProgramCatalog programs, ISqlFront sql, Action<string> report)
    {
        (_world, _report) = (world, report);
        Driver = new WorldDriver(world) { Failed = bug => report($"the world failed inside: {bug}") };
        _calls = new PodCalls(world, Driver);
        _proxy = new ClusterProxy(world, Driver, _calls);
        _standIns = new StandInServer(world, Driver, programs, _calls, sql, report);
    }

    /// <summary>The forward proxy into the cluster: the value of HTTP_PROXY for processes outside.</summary>
    public Uri ProxyAddress => _proxy.Address;

    /// <summary>Where it is, also when any free port was asked for.</summary>
    public IPEndPoint StandInsAddress => _standIns.Address;

    public IPEndPoint NamesAddress => _dns!.Address;

    /// <summary>Enters the world with its gate held.</summary>
    public WorldDriver Driver { get; }

    /// <summary>Opens the sockets and lets the world move; it mirrors the cluster already.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">There is no such bridge, or somebody serves it.</exception>
    public async Task Start(IPEndPoint apiServer, CancellationToken cancel)
    {
        lock (_world.Gate)
        {
            var cluster = new Cluster(_world);
            var names = new ClusterDns(cluster);
            _world.Network.Outside = _calls.Outside;
            _world.Network.Resolve = names.Resolve;
            _dns = new DnsServer(Driver, names, Names);
            _services = new ServiceProxy(cluster, apiServer, _report);
            _world.Add(_services);
        }

        await _standIns.Start(StandIns, cancel);
        await _proxy.Start(0, cancel);
        _driving = Driver.Run(_stop.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _driving;
        await _standIns.DisposeAsync();
        await _proxy.DisposeAsync();
        _dns?.Dispose();
        lock (_world.Gate)
        {
            _services?.Dispose();
            _world.Network.Outside = null;
        }

        _calls.Dispose();
        _stop.Dispose();
    }
}
