using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Tidekeeper.Operator.Databases;

/// <summary>Asks databases over HTTP; HTTP_PROXY, HTTPS_PROXY and NO_PROXY count.</summary>
public sealed class HttpDatabaseWire : IDatabaseWire, IDisposable
{
    private readonly HttpMessageInvoker _invoker;
    private readonly TimeProvider _time;

    /// <param name="proxy">In place of the environment's.</param>
    public HttpDatabaseWire(TimeProvider time, IWebProxy? proxy = null)
    {
        _time = time;
        _invoker = new(new SocketsHttpHandler
        {
            ConnectTimeout = TimeSpan.FromSeconds(3),
            // Pods come and go behind the same names.
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(15),
            AllowAutoRedirect = true,
            UseCookies = false,
            Proxy = proxy,
        }, disposeHandler: true);
    }

    /// <summary>A database that does not answer within this time counts as silent.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromSeconds(5);

    public async Task<WireReply> Send(WireRequest request, CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(Limit, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancel, limit.Token);
        try
        {
            using var message = new HttpRequestMessage(new HttpMethod(request.Method), new Uri(request.Url));
            if (request.Body is { } body)
                message.Content = new StringContent(body, Encoding.UTF8, "application/json");
            using var response = await _invoker.SendAsync(message, both.Token);
            var text = await response.Content.ReadAsStringAsync(both.Token);
            // What a proxy says in place of a database that it cannot reach is not the database's answer.
            return response.StatusCode == System.Net.HttpStatusCode.BadGateway
                ? WireReply.None($"a proxy could not reach it: {text.Trim()}")
                : new((int)response.StatusCode, text);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return WireReply.None($"no answer within {Limit.TotalSeconds:0} s");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException)
        {
            return WireReply.None(e.InnerException?.Message ?? e.Message);
        }
    }

    public void Dispose() => _invoker.Dispose();
}
