using System.Net.Http.Headers;
using System.Text;
using Tidekeeper.Model.StandIns;

namespace Tidekeeper.StandIn;

/// <summary>HTTP from within the container.</summary>
internal sealed class Web : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        ConnectTimeout = TimeSpan.FromSeconds(2),
        // A name leads to another pod a moment later: connections are not kept for long.
        PooledConnectionLifetime = TimeSpan.FromSeconds(10),
    });

    public async Task<(int Status, string Type, string Body)> Send(Fetch fetch)
    {
        using var limit = new CancellationTokenSource(Patience, TimeProvider.System);
        using var request = new HttpRequestMessage(new HttpMethod(fetch.Method), fetch.Url);
        if (fetch.Body.Length > 0)
        {
            request.Content = new StringContent(fetch.Body, Encoding.UTF8);
            request.Content.Headers.ContentType = MediaTypeHeaderValue.TryParse(fetch.ContentType, out var type)
                ? type : new MediaTypeHeaderValue("application/json");
        }

        using var response = await _http.SendAsync(request, limit.Token);
        return ((int)response.StatusCode, response.Content.Headers.ContentType?.ToString() ?? "",
            await response.Content.ReadAsStringAsync(limit.Token));
    }

    public void Dispose() => _http.Dispose();
}
