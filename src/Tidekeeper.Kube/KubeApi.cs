using System.Text.Json;
using System.Text.Json.Nodes;
using Tidekeeper.Kube.Http;

namespace Tidekeeper.Kube;

/// <summary>The typed client: requests from <see cref="Requests"/>, answers as <see cref="Answer{T}"/>.</summary>
/// <param name="manager">Field manager of everything written.</param>
public sealed class KubeApi(IKubeTransport transport, string manager)
{
    public IKubeTransport Transport => transport;
    public string Manager => manager;

    /// <summary>Told about every request and its status; 0 when there was no answer.</summary>
    public Action<KubeRequest, int>? Answered { get; init; }

    /// <summary>Told about warnings that the server sends along.</summary>
    public Action<KubeRequest, string>? Warned { get; init; }

    /// <summary>Asked before every write; null when this client needs no permission.</summary>
    public IFence? Fence { get; init; }

    /// <summary>The same client, whose writes are refused once the fence has fallen.</summary>
    public KubeApi Under(IFence fence) =>
        new(transport, manager) { Answered = Answered, Warned = Warned, Fence = fence };

    public Task<Answer<T>> Get<T>(Resource resource, string? ns, string name, Func<JsonElement, T> read,
        CancellationToken cancel) =>
        Send(Requests.Get(resource, ns, name), read, cancel);

    public Task<Answer<ListPage<T>>> List<T>(Resource resource, string? ns, ListOptions options,
        Func<JsonElement, T> read, CancellationToken cancel) =>
        Send(Requests.List(resource, ns, options), root => ListPage.Read(root, read), cancel);

    public Task<Answer<T>> Create<T>(Resource resource, string? ns, JsonNode body, Func<JsonElement, T> read,
        CancellationToken cancel) =>
        Send(Requests.Create(resource, ns, body, manager), read, cancel);

    public Task<Answer<T>> Replace<T>(Resource resource, string? ns, string name, JsonNode body,
        Func<JsonElement, T> read, CancellationToken cancel) =>
        Send(Requests.Replace(resource, ns, name, body, manager), read, cancel);

    public Task<Answer<T>> Apply<T>(Resource resource, string? ns, string name, JsonNode body,
        Func<JsonElement, T> read, CancellationToken cancel, string subresource = "") =>
        Send(Requests.Apply(resource, ns, name, body, manager, subresource), read, cancel);

    /// <summary>Server-side apply of an object that there must not be yet: else <c>IsNotNew</c>.</summary>
    public Task<Answer<T>> ApplyNew<T>(Resource resource, string? ns, string name, JsonNode body,
        Func<JsonElement, T> read, CancellationToken cancel) =>
        Send(Requests.ApplyNew(resource, ns, name, body, manager), read, cancel);

    public Task<Answer<T>> Patch<T>(Resource resource, string? ns, string name, JsonNode patch,
        Func<JsonElement, T> read, CancellationToken cancel, string subresource = "") =>
        Send(Requests.Patch(resource, ns, name, patch, manager, subresource), read, cancel);

    public Task<Answer<bool>> Delete(Resource resource, string? ns, string name, DeleteOptions options,
        CancellationToken cancel) =>
        Send(Requests.Delete(resource, ns, name, options), _ => true, cancel);

    public Task<Answer<bool>> Evict(string ns, string pod, DeleteOptions options, CancellationToken cancel) =>
        Send(Requests.Evict(ns, pod, options), _ => true, cancel);

    /// <summary>Sends a request; what <paramref name="read"/> returns must not hold on to the element.</summary>
    public async Task<Answer<T>> Send<T>(KubeRequest request, Func<JsonElement, T> read, CancellationToken cancel)
    {
        if (request.Method != "GET" && Fence is { } fence && fence.Fallen is { } why)
            throw new KubeException(Fault.Fenced, $"{request}: not sent, {why}");
        var response = await Deliver(request, cancel);
        foreach (var warning in response.Warnings)
            Warned?.Invoke(request, warning);
        if (response.Status is >= 200 and < 300)
            return Answer.Of(request, Parse(request, response, read));
        var refusal = Refusal.Read(response) with { Status = response.Status };
        return response.Status is >= 400 and < 500
            ? Answer.Refused<T>(request, refusal)
            : throw KubeException.Of(request, refusal);
    }

    private async Task<KubeResponse> Deliver(KubeRequest request, CancellationToken cancel)
    {
        try
        {
            var response = await transport.Send(request, cancel);
            Answered?.Invoke(request, response.Status);
            return response;
        }
        catch (TransportException e)
        {
            Answered?.Invoke(request, 0);
            var fault = e.MayHaveArrived ? Fault.NoAnswer : Fault.NotSent;
            var what = e.MayHaveArrived ? "no answer" : "not sent";
            throw new KubeException(fault, $"{request}: {what}: {e.Message}", e);
        }
    }

    private static T Parse<T>(KubeRequest request, KubeResponse response, Func<JsonElement, T> read)
    {
        try
        {
            using var document = JsonDocument.Parse(response.Body);
            return read(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException
            or FormatException)
        {
            throw new KubeException(Fault.Unreadable,
                $"{request}: the answer ({response.Status}, {response.Body.Length} bytes) cannot be read: {e.Message}",
                e);
        }
    }
}

/// <summary>Permission to write, which can be lost for good.</summary>
public interface IFence
{
    /// <summary>Null while writing is allowed, else why it is not any more.</summary>
    string? Fallen { get; }
}

/// <summary>One page of a list.</summary>
/// <param name="Continue">Token of the next page; empty on the last one.</param>
public sealed record ListPage<T>(IReadOnlyList<T> Items, string ResourceVersion, string Continue);

/// <summary>Reads pages.</summary>
public static class ListPage
{
    public static ListPage<T> Read<T>(JsonElement root, Func<JsonElement, T> read)
    {
        var metadata = root.GetProperty("metadata");
        var version = metadata.TryGetProperty("resourceVersion", out var v) ? v.GetString() : null;
        var next = metadata.TryGetProperty("continue", out var c) ? c.GetString() : null;
        List<T> items = [];
        if (root.TryGetProperty("items", out var array) && array.ValueKind == JsonValueKind.Array)
            foreach (var item in array.EnumerateArray())
                items.Add(read(item));
        return new(items, version ?? "", next ?? "");
    }
}
