using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tidekeeper.Kube.Http;
using Tidekeeper.Playground.Api;

namespace Tidekeeper.Cli.Nodes;

/// <summary>
/// Writes of simulated nodes to a real API server. It waits on the thread that asks: the world is held meanwhile, and
/// with its gate held nobody may depend on another thread.
/// </summary>
internal sealed class RemoteApi(KubeAccess access, string userAgent) : IApiWrites, IDisposable
{
    // While a write is under way everybody else waits for the world, each on a thread; the first connection needs one.
    private const int Threads = 256;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly HttpMessageInvoker _invoker = new(Handler(access.Endpoint));

    public JsonObject Create(ResourceType type, string? ns, JsonObject body, string manager) =>
        Send(HttpMethod.Post, $"{Path(type, ns)}?fieldManager={manager}", body);

    public JsonObject Update(ResourceType type, JsonObject body, string subresource, string manager)
    {
        var metadata = body["metadata"]!;
        var path = Path(type, (string?)metadata["namespace"]) + $"/{(string)metadata["name"]!}";
        return subresource.Length == 0
            ? Send(HttpMethod.Put, $"{path}?fieldManager={manager}", body)
            : Send(HttpMethod.Patch, $"{path}/{subresource}?fieldManager={manager}", StatusPatch(body),
                "application/json-patch+json");
    }

    public void Delete(
        ResourceType type, string? ns, string name, string? uid, int? graceSeconds, string propagation)
    {
        var options = new JsonObject
        {
            ["kind"] = "DeleteOptions",
            ["apiVersion"] = "v1",
            ["propagationPolicy"] = propagation,
        };
        if (uid is not null)
            options["preconditions"] = new JsonObject { ["uid"] = uid };
        if (graceSeconds is { } grace)
            options["gracePeriodSeconds"] = grace;
        Send(HttpMethod.Delete, $"{Path(type, ns)}/{name}", options);
    }

    /// <summary>A token of a service account that ends with the pod, as a kubelet mounts it.</summary>
    public string Token(string ns, string account, string pod, string podUid)
    {
        var request = new JsonObject
        {
            ["apiVersion"] = "authentication.k8s.io/v1",
            ["kind"] = "TokenRequest",
            ["spec"] = new JsonObject
            {
                ["boundObjectRef"] = new JsonObject
                {
                    ["apiVersion"] = "v1",
                    ["kind"] = "Pod",
                    ["name"] = pod,
                    ["uid"] = podUid,
                },
            },
        };
        var made = Send(HttpMethod.Post, $"/api/v1/namespaces/{ns}/serviceaccounts/{account}/token", request);
        return (string)made["status"]!["token"]!;
    }

    public void Dispose() => _invoker.Dispose();

    /// <summary>
    /// One connection that stays: to make another one needs a thread of the pool, and all of them may be waiting for
    /// the world that is held here.
    /// </summary>
    private static SocketsHttpHandler Handler(KubeEndpoint endpoint)
    {
        ThreadPool.SetMinThreads(Threads, Threads);
        var handler = KubeHandler.Create(endpoint);
        handler.PooledConnectionLifetime = handler.PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan;
        return handler;
    }

    /// <summary>
    /// Only the status, of that object and, where a version is given, of that version: a whole object would undo what
    /// others have written into its metadata meanwhile.
    /// </summary>
    private static JsonArray StatusPatch(JsonObject body)
    {
        var patch = new JsonArray();
        foreach (var field in (string[])["uid", "resourceVersion"])
        {
            if ((string?)body["metadata"]![field] is { Length: > 0 } value)
                patch.Add(Operation("test", $"/metadata/{field}", value));
        }

        patch.Add(Operation("add", "/status", body["status"]?.DeepClone()));
        return patch;
    }

    private static JsonObject Operation(string name, string path, JsonNode? value) =>
        new() { ["op"] = name, ["path"] = path, ["value"] = value };

    private static string Path(ResourceType type, string? ns)
    {
        var root = type.Group.Length == 0 ? $"/api/{type.Version}" : $"/apis/{type.Group}/{type.Version}";
        return type.Namespaced && ns is not null ? $"{root}/namespaces/{ns}/{type.Plural}" : $"{root}/{type.Plural}";
    }

    private JsonObject Send(HttpMethod method, string target, JsonNode body, string contentType = "application/json")
    {
        using var limit = new CancellationTokenSource(Patience, TimeProvider.System);
        using var request = new HttpRequestMessage(
            method, new Uri(access.Endpoint.Server.AbsoluteUri.TrimEnd('/') + target));
        request.Headers.TryAddWithoutValidation("User-Agent", userAgent);
        if (access.Credentials.Authorization(limit.Token).GetAwaiter().GetResult() is { } authorization)
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body.ToJsonString()));
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(contentType);
        try
        {
            using var response = _invoker.Send(request, limit.Token);
            using var stream = response.Content.ReadAsStream(limit.Token);
            var answer = JsonNode.Parse(stream) as JsonObject ?? [];
            return response.IsSuccessStatusCode ? answer : throw Refusal((int)response.StatusCode, answer);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException
            or JsonException)
        {
            throw new ApiFault(503, "ServiceUnavailable", $"{method} {target}: {e.Message}");
        }
    }

    private static ApiFault Refusal(int status, JsonObject answer) =>
        new(status, (string?)answer["reason"] ?? "", (string?)answer["message"] ?? $"HTTP status {status}");
}
