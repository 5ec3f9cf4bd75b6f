using System.Text;
using Tidekeeper.Kube;
using Tidekeeper.Playground;
using Tidekeeper.Playground.Api;
using Tidekeeper.Simulation.Engine;

namespace Tidekeeper.Bench;

/// <summary>
/// The playground's API without a socket, in real time and for many threads. Counts requests by verb.
/// </summary>
/// <param name="latency">Of each answer; zero answers at once.</param>
internal sealed class ApiTransport(World world, TimeSpan latency) : IKubeTransport
{
    private readonly Lock _counting = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public SortedDictionary<string, int> Requests { get; } = new(StringComparer.Ordinal);

    /// <summary>Told about each write before it is carried out.</summary>
    public Action<KubeRequest> Writes { get; set; } = _ => { };

    public void FollowStore() => world.Api.Store.Committed += _ =>
        Interlocked.Exchange(ref _changed, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();

    public async Task<KubeResponse> Send(KubeRequest request, CancellationToken cancel)
    {
        Count(request);
        if (request.Method != "GET")
            Writes(request);
        if (latency > TimeSpan.Zero)
            await Task.Delay(latency, TimeProvider.System, cancel);
        lock (world.Gate)
        {
            var answer = world.Api.Handle(Translate(request));
            return new KubeResponse(answer.Status, answer.Body) { Warnings = answer.Warnings };
        }
    }

    public Task<WatchOpening> Watch(KubeRequest request, CancellationToken cancel)
    {
        Count(request);
        lock (world.Gate)
        {
            var (watch, refusal) = world.Api.Watch(Translate(request));
            return Task.FromResult<WatchOpening>(watch is null
                ? new WatchOpening.Refused(new(refusal!.Status, refusal.Body))
                : new WatchOpening.Opened(new Stream(this, watch)));
        }
    }

    /// <summary>The verb as Kubernetes counts it, with the subresource; the lease counts for itself.</summary>
    public static string Verb(KubeRequest request)
    {
        if (request.Path.Contains("/leases", StringComparison.Ordinal))
            return "lease";
        if (request.Path.Contains("/events", StringComparison.Ordinal))
            return "event";
        return request.Method switch
        {
            "GET" when request.Query.Any(q => q is { Name: "watch" }) => "watch",
            "GET" when request.Query.Any(q => q is { Name: "limit" }) => "list",
            "GET" => "get",
            "PATCH" when request.Path.EndsWith("/status", StringComparison.Ordinal) => "status",
            "PATCH" => "apply",
            _ => request.Method.ToLowerInvariant(),
        };
    }

    public static string Print(SortedDictionary<string, int> counts) =>
        string.Join(", ", counts.Select(count => $"{count.Value} {count.Key}"));

    private void Count(KubeRequest request)
    {
        lock (_counting)
            Requests[Verb(request)] = Requests.GetValueOrDefault(Verb(request)) + 1;
    }

    private static ApiRequest Translate(KubeRequest request) => PlaygroundRequest.Of(request, "tidekeeper/bench");

    private sealed class Stream(ApiTransport transport, ApiWatch watch) : IWatchStream
    {
        public async Task<byte[]?> Read(CancellationToken cancel)
        {
            while (true)
            {
                var changed = transport._changed.Task;
                if (Next() is { } line)
                    return line;
                if (watch.Ended)
                    return null;
                await changed.WaitAsync(cancel);
            }
        }

        public ValueTask DisposeAsync()
        {
            watch.Close();
            return ValueTask.CompletedTask;
        }

        private byte[]? Next()
        {
            lock (transport.Gate)
                return watch.TryRead() is { } line ? Encoding.UTF8.GetBytes(line.ToJsonString()) : null;
        }
    }

    private Lock Gate => world.Gate;
}
