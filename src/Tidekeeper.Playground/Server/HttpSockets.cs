using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Tidekeeper.Playground.Server;

/// <summary>
/// One HTTP server for any number of sockets, which come and go: a Kestrel of its own for each of some hundred pods
/// would
/// cost a timer thread each. Sockets are accepted elsewhere and handed in with <see cref="Accept(Socket)"/>.
/// </summary>
internal sealed class HttpSockets : IConnectionListenerFactory, IHttpApplication<HttpContext>, IAsyncDisposable
{
    private static readonly IPEndPoint Nominal = new(IPAddress.Loopback, 1);

    private readonly Channel<ConnectionContext> _accepted = Channel.CreateUnbounded<ConnectionContext>();
    private readonly SocketConnectionContextFactory _factory =
        new(new SocketConnectionFactoryOptions(), NullLogger.Instance);
    private readonly Func<HttpContext, Task> _handler;
    private readonly KestrelServer _server;

    public HttpSockets(Func<HttpContext, Task> handler)
    {
        _handler = handler;
        var options = new KestrelServerOptions { AddServerHeader = false, AllowSynchronousIO = false };
        options.Limits.MaxRequestBodySize = 8 << 20;
        options.Listen(Nominal, listen => listen.Protocols = HttpProtocols.Http1);
        _server = new KestrelServer(Options.Create(options), this, NullLoggerFactory.Instance);
    }

    public Task Start(CancellationToken cancel) => _server.StartAsync(this, cancel);

    /// <summary>Serves HTTP on a connection that was just accepted.</summary>
    public void Accept(Socket connection) => Accept(connection, null);

    /// <param name="local">The address that the client meant, where the connection was carried on from there.</param>
    public void Accept(Socket connection, IPEndPoint? local)
    {
        connection.NoDelay = true;
        var context = _factory.Create(connection);
        context.LocalEndPoint = local ?? context.LocalEndPoint;
        _accepted.Writer.TryWrite(context);
    }

    public async ValueTask DisposeAsync()
    {
        _accepted.Writer.TryComplete();
        using var impatience = new CancellationTokenSource(TimeSpan.FromSeconds(1), TimeProvider.System);
        await _server.StopAsync(impatience.Token);
        _server.Dispose();
        _factory.Dispose();
    }

    ValueTask<IConnectionListener> IConnectionListenerFactory.BindAsync(EndPoint endpoint, CancellationToken cancel) =>
        ValueTask.FromResult<IConnectionListener>(new HandedIn(_accepted));

    HttpContext IHttpApplication<HttpContext>.CreateContext(IFeatureCollection features) =>
        new DefaultHttpContext(features);

    Task IHttpApplication<HttpContext>.ProcessRequestAsync(HttpContext context) => _handler(context);

    void IHttpApplication<HttpContext>.DisposeContext(HttpContext context, Exception? exception) { }

    // Kestrel disposes its listener while it stops: that must not be the server itself, which waits for that stop.
    private sealed class HandedIn(Channel<ConnectionContext> accepted) : IConnectionListener
    {
        public EndPoint EndPoint => Nominal;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) =>
            await accepted.Reader.WaitToReadAsync(cancellationToken) && accepted.Reader.TryRead(out var next)
                ? next : null;

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default) => DisposeAsync();

        public ValueTask DisposeAsync()
        {
            accepted.Writer.TryComplete();
            return ValueTask.CompletedTask;
        }
    }
}
