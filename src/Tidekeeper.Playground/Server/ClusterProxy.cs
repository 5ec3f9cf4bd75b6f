using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Tidekeeper.Playground.Network;

namespace Tidekeeper.Playground.Server;

/// <summary>
/// A forward HTTP proxy into the cluster: <c>curl -x http://127.0.0.1:PORT
/// http://basic-pd.ns:2379/pd/api/v1/members</c>
/// reaches what a pod in the cluster would reach under that name. An operator outside uses it as HTTP_PROXY.
/// </summary>
internal sealed class ClusterProxy : IAsyncDisposable
{
    private readonly World _world;
    private readonly PodCalls _calls;
    private readonly WorldDriver _driver;
    private readonly HttpSockets _http;
    private LoopbackSocket? _socket;

    public ClusterProxy(World world, WorldDriver driver, PodCalls calls)
    {
        _world = world;
        _driver = driver;
        _calls = calls;
        _http = new HttpSockets(Handle);
    }

    public Uri Address => new($"http://{_socket!.Address}");

    /// <exception cref="SocketException">The port is taken.</exception>
    public async Task Start(int port, CancellationToken cancel)
    {
        await _http.Start(cancel);
        _socket = new LoopbackSocket(IPAddress.Loopback, port, _http.Accept);
    }

    public async ValueTask DisposeAsync()
    {
        _socket?.Dispose();
        await _http.DisposeAsync();
    }

    private async Task Handle(HttpContext context)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (!Uri.TryCreate(target, UriKind.Absolute, out var uri) || uri.Scheme != "http")
        {
            await Refuse(context, 400,
                $"this is a proxy for plain HTTP into the cluster; ask for http://NAME:PORT/…, " +
                $"not for {target}");
            return;
        }

        var reply = await _calls.Send(context, "", uri.Host, uri.Port, uri.PathAndQuery);
        if (reply is not null)
            await PodCalls.Write(context, reply);
        else
            await Refuse(context, 502, WhyNot(uri.Host, uri.Port));
    }

    private string WhyNot(string host, int port) => _driver.Look(() =>
    {
        var numeric = IPAddress.TryParse(host, out _);
        var addresses = numeric ? [host] : _world.Network.Resolve("", host);
        if (addresses.Count == 0)
            return $"{host}: no such name in the cluster; write service.namespace or pod.service.namespace";
        return addresses.Any(a => _world.Network.At(a, port) is not null)
            ? $"{host}:{port} ({string.Join(", ", addresses)}) did not answer"
            : $"{host}:{port}: nothing listens on port {port} of {string.Join(", ", addresses)}";
    });

    private static Task Refuse(HttpContext context, int status, string text) =>
        PodCalls.Write(context, new HttpReply(status, text + "\n", "text/plain; charset=utf-8"));
}
