using System.Text;
using Tidekeeper.Kube;
using Tidekeeper.Playground.Api;
using Tidekeeper.Simulation.Engine;

namespace Tidekeeper.UnitTests.Kube;

/// <summary>The playground's API server as a transport, with a switch for what may go wrong.</summary>
internal sealed class PlaygroundTransport(ApiServer api, VirtualTime time) : IKubeTransport
{
    /// <summary>Every request sent, as <c>METHOD path?query</c>.</summary>
    public List<string> Sent { get; } = [];

    /// <summary>Answers in place of the server when it returns something.</summary>
    public Func<KubeRequest, KubeResponse?> Instead { get; set; } = _ => null;

    /// <summary>Requests that nobody ever answers.</summary>
    public Func<KubeRequest, bool> Unanswered { get; set; } = _ => false;

    public async Task<KubeResponse> Send(KubeRequest request, CancellationToken cancel)
    {
        Sent.Add(request.ToString());
        if (Unanswered(request))
        {
            await Task.Delay(request.Timeout, time, cancel);
            throw new TransportException($"{request}: no answer", mayHaveArrived: true);
        }

        if (Instead(request) is { } other)
            return other;
        var answer = api.Handle(Translate(request));
        return new KubeResponse(answer.Status, answer.Body) { Warnings = answer.Warnings };
    }

    public Task<WatchOpening> Watch(KubeRequest request, CancellationToken cancel)
    {
        var (watch, refusal) = api.Watch(Translate(request));
        return Task.FromResult<WatchOpening>(watch is null
            ? new WatchOpening.Refused(new(refusal!.Status, refusal.Body))
            : new WatchOpening.Opened(new Stream(watch, time)));
    }

    /// <summary>Writes that were sent, without the query.</summary>
    public IReadOnlyList<string> Writes =>
        [.. Sent.Where(s => !s.StartsWith("GET", StringComparison.Ordinal)).Select(s => s.Split('?')[0])];

    private static ApiRequest Translate(KubeRequest request) => PlaygroundRequest.Of(request, "tidekeeper/test");

    private sealed class Stream(ApiWatch watch, VirtualTime time) : IWatchStream
    {
        public async Task<byte[]?> Read(CancellationToken cancel)
        {
            while (!watch.Ended)
            {
                if (watch.TryRead() is { } line)
                    return Encoding.UTF8.GetBytes(line.ToJsonString());
                await Task.Delay(TimeSpan.FromMilliseconds(20), time, cancel);
            }

            return null;
        }

        public ValueTask DisposeAsync()
        {
            watch.Close();
            return ValueTask.CompletedTask;
        }
    }
}
