using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Tidekeeper.Playground.Network;

namespace Tidekeeper.Playground.Server;

/// <summary>Carries HTTP between real sockets and the world's network, in both directions.</summary>
internal sealed class PodCalls(World world, WorldDriver driver) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly HttpMessageInvoker _outside = new(new SocketsHttpHandler
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        ConnectTimeout = TimeSpan.FromSeconds(2),
    });

    /// <summary>Null when nothing answers there, or not in time.</summary>
    public async Task<HttpReply?> Send(HttpContext context, string from, string host, int port, string pathAndQuery)
    {
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        var body = await reader.ReadToEndAsync(context.RequestAborted);
        var call = new HttpCall(context.Request.Method, pathAndQuery, body, context.Request.ContentType ?? "");
        var answered = new TaskCompletionSource<HttpReply?>(TaskCreationOptions.RunContinuationsAsynchronously);
        driver.Do(() =>
        {
            world.Network.Send(from, host, port, call, reply => answered.TrySetResult(reply));
            return true;
        });
        try
        {
            return await answered.Task.WaitAsync(Patience, world.Time, context.RequestAborted);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    /// <summary>Answers a request by the listener at the address and port that it came to.</summary>
    public async Task Answer(HttpContext context)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var address = context.Connection.LocalIpAddress!.MapToIPv4().ToString();
        if (await Send(context, "", address, context.Connection.LocalPort, target) is { } reply)
            await Write(context, reply);
        else
            context.Abort();
    }

    public static async Task Write(HttpContext context, HttpReply reply)
    {
        var bytes = Encoding.UTF8.GetBytes(reply.Body);
        context.Response.StatusCode = reply.Status;
        context.Response.ContentType = reply.ContentType;
        context.Response.ContentLength = bytes.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
            await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
    }

    /// <summary>
    /// For <see cref="PodNetwork.Outside"/>: a real HTTP call; the reply comes back with the gate held.
    /// </summary>
    public void Outside(string address, int port, HttpCall call, Action<HttpReply?> reply) =>
        _ = SendOutside(address, port, call, reply);

    public void Dispose() => _outside.Dispose();

    private async Task SendOutside(string address, int port, HttpCall call, Action<HttpReply?> reply)
    {
        HttpReply? answer = null;
        using var limit = new CancellationTokenSource(Patience, world.Time);
        try
        {
            using var request = new HttpRequestMessage(
                new HttpMethod(call.Method), $"http://{address}:{port}{call.PathAndQuery}");
            if (call.Body.Length > 0)
            {
                request.Content = new StringContent(call.Body, Encoding.UTF8);
                request.Content.Headers.ContentType = MediaTypeHeaderValue.TryParse(call.ContentType, out var type)
                    ? type : new MediaTypeHeaderValue("application/json");
            }

            using var response = await _outside.SendAsync(request, limit.Token);
            var text = await response.Content.ReadAsStringAsync(limit.Token);
            answer = new HttpReply((int)response.StatusCode, text,
                response.Content.Headers.ContentType?.ToString() ?? "text/plain");
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or IOException)
        {
            // For the caller inside, a host that does not answer is a connection that failed: null says so.
        }

        driver.Do(() =>
        {
            reply(answer);
            return true;
        });
    }
}
