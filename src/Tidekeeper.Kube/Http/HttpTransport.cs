using System.Net.Http.Headers;

namespace Tidekeeper.Kube.Http;

/// <summary>
/// Carries requests over HTTP. Connections are kept and reused; at most <see cref="InFlight"/> requests are under way
/// besides watches, which is what the fair queues of an API server leave to one client in any case.
/// </summary>
public sealed class HttpTransport : IKubeTransport, IDisposable
{
    private const int InFlight = 20;
    private readonly KubeEndpoint _endpoint;
    private readonly ICredentials _credentials;
    private readonly HttpMessageInvoker _invoker;
    private readonly TimeProvider _time;
    private readonly string _userAgent;
    private readonly SemaphoreSlim _slots = new(InFlight, InFlight);

    public HttpTransport(KubeEndpoint endpoint, ICredentials credentials, string userAgent, TimeProvider time)
        : this(endpoint, credentials, userAgent, time, KubeHandler.Create(endpoint)) { }

    /// <summary>Over connections of another making.</summary>
    public HttpTransport(KubeEndpoint endpoint, ICredentials credentials, string userAgent, TimeProvider time,
        HttpMessageHandler handler)
    {
        _endpoint = endpoint;
        _credentials = credentials;
        _time = time;
        _userAgent = userAgent;
        _invoker = new HttpMessageInvoker(handler, disposeHandler: true);
    }

    public async Task<KubeResponse> Send(KubeRequest request, CancellationToken cancel)
    {
        await _slots.WaitAsync(cancel);
        try
        {
            var response = await Once(request, cancel);
            // A token may have been renewed, or an exec plug-in's credential ended early: once more with a fresh one.
            return response.Status == 401 && _credentials.Discard() ? await Once(request, cancel) : response;
        }
        finally
        {
            _slots.Release();
        }
    }

    public async Task<WatchOpening> Watch(KubeRequest request, CancellationToken cancel)
    {
        var opening = await Open(request, cancel);
        return opening is WatchOpening.Refused { Response.Status: 401 } && _credentials.Discard()
            ? await Open(request, cancel) : opening;
    }

    public void Dispose()
    {
        _invoker.Dispose();
        _slots.Dispose();
    }

    private async Task<WatchOpening> Open(KubeRequest request, CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(request.Timeout, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancel, limit.Token);
        try
        {
            using var message = await Message(request, both.Token);
            var response = await _invoker.SendAsync(message, both.Token);
            if (!response.IsSuccessStatusCode)
            {
                using (response)
                    return new WatchOpening.Refused(await Whole(response, both.Token));
            }

            var stream = await response.Content.ReadAsStreamAsync(both.Token);
            return new WatchOpening.Opened(new LineStream(response, stream));
        }
        catch (Exception e) when (IsTransport(e, cancel))
        {
            throw Explain(e, request);
        }
    }

    private async Task<KubeResponse> Once(KubeRequest request, CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(request.Timeout, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancel, limit.Token);
        try
        {
            using var message = await Message(request, both.Token);
            using var response = await _invoker.SendAsync(message, both.Token);
            return await Whole(response, both.Token);
        }
        catch (Exception e) when (IsTransport(e, cancel))
        {
            throw Explain(e, request);
        }
    }

    private async Task<HttpRequestMessage> Message(KubeRequest request, CancellationToken cancel)
    {
        var target = request.Query.Count == 0 ? request.Path : $"{request.Path}?{request.EscapedQuery}";
        var message = new HttpRequestMessage(new HttpMethod(request.Method),
            new Uri(_endpoint.Server.AbsoluteUri.TrimEnd('/') + target));
        message.Headers.TryAddWithoutValidation("Accept", request.Accept);
        message.Headers.TryAddWithoutValidation("User-Agent", _userAgent);
        if (await _credentials.Authorization(cancel) is { } authorization)
            message.Headers.TryAddWithoutValidation("Authorization", authorization);
        if (request.Body.Length > 0)
        {
            message.Content = new ByteArrayContent(request.Body);
            message.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(request.ContentType);
        }

        return message;
    }

    private static async Task<KubeResponse> Whole(HttpResponseMessage response, CancellationToken cancel)
    {
        var body = await response.Content.ReadAsByteArrayAsync(cancel);
        List<string> warnings = [];
        if (response.Headers.TryGetValues("Warning", out var headers))
            foreach (var header in headers)
                warnings.Add(WarningText(header));
        return new((int)response.StatusCode, body)
        {
            RetryAfter = response.Headers.RetryAfter?.Delta,
            Warnings = warnings,
        };
    }

    /// <summary>The text between the quotes of <c>299 - "text"</c>.</summary>
    private static string WarningText(string header)
    {
        var from = header.IndexOf('"', StringComparison.Ordinal);
        var to = header.LastIndexOf('"');
        return to > from && from >= 0 ? header[(from + 1)..to].Replace("\\\"", "\"", StringComparison.Ordinal) : header;
    }

    // A credential that cannot be read now, for example while its file is being replaced, may be readable soon.
    private static bool IsTransport(Exception e, CancellationToken cancel) =>
        e is HttpRequestException or IOException or ConfigException
        || (e is OperationCanceledException && !cancel.IsCancellationRequested);

    private TransportException Explain(Exception e, KubeRequest request)
    {
        if (e is OperationCanceledException)
            return new($"{_endpoint.Server}: no answer within {request.Timeout.TotalSeconds:0} s", true, e);
        var never = e is ConfigException or HttpRequestException
        {
            HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError
            or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError
        };
        return new($"{_endpoint.Server}: {Innermost(e)}", !never, e);
    }

    private static string Innermost(Exception e) =>
        e.InnerException is { } inner && inner.Message != e.Message ? $"{e.Message} ({Innermost(inner)})" : e.Message;
}
