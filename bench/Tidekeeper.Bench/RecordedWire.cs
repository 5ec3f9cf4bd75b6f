using Tidekeeper.Operator.Databases;
using Tidekeeper.Playground.Network;
using Tidekeeper.Simulation;

namespace Tidekeeper.Bench;

/// <summary>
/// Asks the simulated databases once for each question, and gives the same answer at once ever after: what is measured
/// is the operator and not the simulation.
/// </summary>
internal sealed class RecordedWire(SimulatedCluster world) : IDatabaseWire
{
    private readonly SortedDictionary<string, WireReply> _replies = new(StringComparer.Ordinal);

    public Task<WireReply> Send(WireRequest request, CancellationToken cancel)
    {
        if (!_replies.TryGetValue(request.Url, out var reply))
            _replies[request.Url] = reply = Ask(request);
        return Task.FromResult(reply);
    }

    /// <summary>What was answered; null for what was never asked.</summary>
    public WireReply? Find(string url) => _replies.GetValueOrDefault(url);

    private WireReply Ask(WireRequest request)
    {
        var uri = new Uri(request.Url);
        var answered = false;
        HttpReply? reply = null;
        world.World.Network.Send("127.1.0.1", uri.Host, uri.Port,
            new HttpCall(request.Method, uri.PathAndQuery, request.Body ?? "", "application/json"),
            answer => (answered, reply) = (true, answer));
        world.RunUntil(() => answered, TimeSpan.FromSeconds(10), []);
        return reply is null ? WireReply.None("connection refused") : new WireReply(reply.Status, reply.Body);
    }
}
