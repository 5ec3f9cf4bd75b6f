using Tidekeeper.Operator.Databases;

namespace Tidekeeper.Bench.Fleet;

/// <summary>The databases of the copies: each answers as the one that they were copied from.</summary>
/// <param name="latency">Of each answer; zero answers at once.</param>
internal sealed class FleetWire(RecordedWire original, TimeSpan latency) : IDatabaseWire
{
    private static readonly int NameLength = Copies.Name(0).Length;
    private readonly Lock _gate = new();
    private readonly SortedSet<string> _asked = new(StringComparer.Ordinal);

    /// <summary>How many of the databases were asked something.</summary>
    public int Asked
    {
        get
        {
            lock (_gate)
                return _asked.Count;
        }
    }

    public async Task<WireReply> Send(WireRequest request, CancellationToken cancel)
    {
        if (latency > TimeSpan.Zero)
            await Task.Delay(latency, TimeProvider.System, cancel);
        var name = new Uri(request.Url).Host[..NameLength];
        lock (_gate)
            _asked.Add(name);
        var url = request.Url.Replace(name, SettledWorld.Name, StringComparison.Ordinal);
        return original.Find(url) is { } reply
            ? reply with { Body = reply.Body.Replace(SettledWorld.Name, name, StringComparison.Ordinal) }
            : WireReply.None("connection refused");
    }
}
