using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Tidekeeper.EndToEnd.Faults;

/// <summary>What an API server does to those who ask it.</summary>
/// <param name="Status">With which it refuses everything; null: it carries out what it is asked.</param>
/// <param name="Delay">Before it answers.</param>
/// <param name="CutsWatches">In the middle of each line that they would have told.</param>
internal sealed record Trouble(int? Status = null, TimeSpan Delay = default, bool CutsWatches = false)
{
    public static readonly Trouble None = new();
}

/// <summary>
/// Stands before a real API server with that one's certificate, and passes on what it is asked or does what the test
/// says. Watches end when that changes.
/// </summary>
internal sealed class TroubledServer : IAsyncDisposable
{
    private static readonly string[] Carried = ["Accept", "Authorization", "User-Agent"];
    private readonly WebApplication _web;
    private readonly HttpMessageInvoker _invoker;
    private readonly Uri _real;
    private Trouble _now = Trouble.None;
    private CancellationTokenSource _changes = new();
    private int _asked;

    private TroubledServer(Uri real, X509Certificate2 certificate)
    {
        _real = real;
        _invoker = new HttpMessageInvoker(new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                RemoteCertificateValidationCallback = (_, shown, _, _) =>
                    shown?.GetCertHashString() == certificate.GetCertHashString()
            }
        });
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = [] });
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate)));
        _web = builder.Build();
        _web.Run(Answer);
    }

    public Uri Address => new(_web.Urls.Single());

    /// <summary>Requests since the trouble began.</summary>
    public int Asked => Volatile.Read(ref _asked);

    public static async Task<TroubledServer> Before(ControlPlane plane)
    {
        var real = new Uri(await plane.Kubectl("config view -o jsonpath={.clusters[0].cluster.server}"));
        using var pem = X509Certificate2.CreateFromPemFile(
            plane.AuthorityFile, Path.ChangeExtension(plane.AuthorityFile, ".key"));
        // TLS wants a key that was imported.
        var imported = X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
        var server = new TroubledServer(real, imported);
        await server._web.StartAsync();
        return server;
    }

    public async Task Becomes(Trouble trouble)
    {
        Volatile.Write(ref _now, trouble);
        Volatile.Write(ref _asked, 0);
        using var ended = Interlocked.Exchange(ref _changes, new CancellationTokenSource());
        await ended.CancelAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _changes.CancelAsync();
        await _web.DisposeAsync();
        _invoker.Dispose();
        _changes.Dispose();
    }

    private async Task Answer(HttpContext context)
    {
        Interlocked.Increment(ref _asked);
        var trouble = Volatile.Read(ref _now);
        var isWatch = context.Request.Query.ContainsKey("watch");
        using var end = CancellationTokenSource.CreateLinkedTokenSource(
            context.RequestAborted, isWatch ? _changes.Token : CancellationToken.None);
        try
        {
            await Task.Delay(trouble.Delay, TimeProvider.System, end.Token);
            if (trouble.Status is { } status)
                await Refuse(context.Response, status);
            else
                await PassOn(context, isWatch && trouble.CutsWatches, end.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or HttpRequestException or IOException)
        {
            context.Abort();
        }
    }

    /// <summary>As the API server's own filters answer, which is no object of the API.</summary>
    private static Task Refuse(HttpResponse response, int status)
    {
        response.StatusCode = status;
        response.ContentType = "text/plain; charset=utf-8";
        if (status == 429)
            response.Headers.RetryAfter = "1";
        return response.WriteAsync(status == 429 ? "Too many requests, please try again later.\n" : "out of order\n");
    }

    private async Task PassOn(HttpContext context, bool cuts, CancellationToken cancel)
    {
        var asked = context.Request;
        using var request = new HttpRequestMessage(
            new HttpMethod(asked.Method), new Uri(_real, asked.Path.ToUriComponent() + asked.QueryString));
        foreach (var name in Carried.Where(asked.Headers.ContainsKey))
            request.Headers.TryAddWithoutValidation(name, asked.Headers[name].AsEnumerable());
        if (asked.ContentLength > 0)
        {
            request.Content = new StreamContent(asked.Body);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", asked.ContentType);
        }

        using var answer = await _invoker.SendAsync(request, cancel);
        context.Response.StatusCode = (int)answer.StatusCode;
        context.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
        context.Features.Get<IHttpResponseBodyFeature>()!.DisableBuffering();
        await context.Response.StartAsync(cancel);
        await context.Response.Body.FlushAsync(cancel);
        await using var body = await answer.Content.ReadAsStreamAsync(cancel);
        var buffer = new byte[16 << 10];
        while (await body.ReadAsync(buffer, cancel) is > 0 and var count)
        {
            await context.Response.Body.WriteAsync(buffer.AsMemory(0, cuts ? count / 2 : count), cancel);
            await context.Response.Body.FlushAsync(cancel);
            if (cuts)
                throw new IOException("cut");
        }
    }
}
