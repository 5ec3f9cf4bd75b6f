using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Tidekeeper.Playground.Server;

/// <summary>A world in real time with sockets in front: what <c>tide up</c> and the end-to-end tests run.</summary>
public sealed class PlaygroundHost : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly World _world;
    private readonly PlaygroundOptions _options;
    private readonly WorldDriver _driver;
    private readonly PodCalls _calls;
    private readonly PodSockets? _sockets;
    private readonly ClusterProxy _proxy;
    private readonly WebApplication _web;
    private readonly X509Certificate2? _certificate;
    private Task _driving = Task.CompletedTask;

    private PlaygroundHost(World world, PlaygroundOptions options)
    {
        _world = world;
        _options = options;
        _driver = new WorldDriver(world) { Failed = bug => options.Report($"the playground failed inside: {bug}") };
        _calls = new PodCalls(world, _driver);
        _proxy = new ClusterProxy(world, _driver, _calls);
        _certificate = options.Tls ? LoopbackCertificate.Create(world.Time.GetUtcNow()) : null;
        if (options.PodSockets)
            _sockets = new PodSockets(world, _calls, options.Sql, options.Report);
        _web = BuildWeb();
    }

    /// <summary>Where the Kubernetes API listens.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>The forward proxy into the cluster: the value of HTTP_PROXY for processes outside.</summary>
    public Uri ProxyAddress => _proxy.Address;

    public World World => _world;

    /// <summary>For fronts of one's own: enters the world with its gate held.</summary>
    public WorldDriver Driver => _driver;

    public string Kubeconfig => Server.Kubeconfig.Text(
        Address, _options.Token, _certificate is null ? [] : [_certificate]);

    public static async Task<PlaygroundHost> Start(
        World world, PlaygroundOptions options, CancellationToken cancel = default)
    {
        var host = new PlaygroundHost(world, options);
        try
        {
            await host.Start(cancel);
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _driving;
        using var impatience = new CancellationTokenSource(TimeSpan.FromSeconds(2), TimeProvider.System);
        await _web.StopAsync(impatience.Token);
        await _web.DisposeAsync();
        await _proxy.DisposeAsync();
        if (_sockets is not null)
            await _sockets.DisposeAsync();
        lock (_world.Gate)
            _world.Network.Outside = null;
        _calls.Dispose();
        _certificate?.Dispose();
        _stop.Dispose();
    }

    private async Task Start(CancellationToken cancel)
    {
        lock (_world.Gate)
            _world.Network.Outside = _calls.Outside;
        if (_sockets is not null)
            await _sockets.Start(cancel);
        await _proxy.Start(_options.ProxyPort, cancel);
        await _web.StartAsync(cancel);
        var addresses = _web.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!;
        Address = new Uri(addresses.Addresses.First());
        lock (_world.Gate)
            _options.Prepare(this);
        _driving = _driver.Run(_stop.Token);
    }

    private WebApplication BuildWeb()
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = [] });
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 16 << 20;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(IPAddress.Loopback, _options.Port, listen =>
            {
                // Without TLS there is no negotiation, and clients that do not say otherwise speak HTTP/1.1.
                listen.Protocols = _certificate is null ? HttpProtocols.Http1 : HttpProtocols.Http1AndHttp2;
                if (_certificate is not null)
                    listen.UseHttps(_certificate);
            });
        });
        var web = builder.Build();
        var front = new ApiFront(_world, _driver, _options.Logs, _options.Report, _stop.Token);
        web.Run(front.Handle);
        return web;
    }
}
