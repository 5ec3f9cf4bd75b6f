using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Tidekeeper.Playground.Server;

/// <summary>
/// Simulated nodes in real time for a cluster whose API is elsewhere: sockets for their pods, the proxy into the
/// cluster, and a kubelet's port at the address of each node.
/// </summary>
public sealed class NodeHost : IAsyncDisposable
{
    /// <summary>Where an API server finds a kubelet.</summary>
    public const int KubeletPort = 10250;

    private readonly CancellationTokenSource _stop = new();
    private readonly World _world;
    private readonly PodCalls _calls;
    private readonly PodSockets _sockets;
    private readonly ClusterProxy _proxy;
    private readonly X509Certificate2 _certificate;
    private readonly IPodLogs _logs;
    private WebApplication? _kubelets;
    private Task _driving = Task.CompletedTask;

    public NodeHost(World world, IPodLogs logs, ISqlFront? sql, Action<string> report)
    {
        _world = world;
        _logs = logs;
        Driver = new WorldDriver(world) { Failed = bug => report($"the nodes failed inside: {bug}") };
        _calls = new PodCalls(world, Driver);
        _proxy = new ClusterProxy(world, Driver, _calls);
        _sockets = new PodSockets(world, _calls, sql, report);
        _certificate = LoopbackCertificate.Create(world.Time.GetUtcNow());
    }

    /// <summary>The forward proxy into the cluster: the value of HTTP_PROXY for processes outside.</summary>
    public Uri ProxyAddress => _proxy.Address;

    /// <summary>Enters the world with its gate held.</summary>
    public WorldDriver Driver { get; }

    /// <summary>Opens the sockets; then nothing moves yet.</summary>
    public async Task Start(IEnumerable<string> nodeAddresses, CancellationToken cancel)
    {
        lock (_world.Gate)
            _world.Network.Outside = _calls.Outside;
        await _sockets.Start(cancel);
        await _proxy.Start(0, cancel);
        _kubelets = BuildKubelets(nodeAddresses);
        await _kubelets.StartAsync(cancel);
    }

    /// <summary>Lets the world move until the host is disposed.</summary>
    public void Run() => _driving = Driver.Run(_stop.Token);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _driving;
        if (_kubelets is not null)
            await _kubelets.DisposeAsync();
        await _proxy.DisposeAsync();
        await _sockets.DisposeAsync();
        lock (_world.Gate)
            _world.Network.Outside = null;
        _calls.Dispose();
        _certificate.Dispose();
        _stop.Dispose();
    }

    private WebApplication BuildKubelets(IEnumerable<string> addresses)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = [] });
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MinResponseDataRate = null;
            foreach (var address in addresses)
                kestrel.Listen(IPAddress.Parse(address), KubeletPort, listen => listen.UseHttps(_certificate));
        });
        var web = builder.Build();
        web.Run(new KubeletFront(new LogStream(_world, Driver, _logs), _stop.Token).Handle);
        return web;
    }
}
