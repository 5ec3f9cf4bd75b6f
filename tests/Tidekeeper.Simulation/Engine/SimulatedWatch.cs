using System.Text;
using Tidekeeper.Kube;
using Tidekeeper.Playground.Api;
using Tidekeeper.Simulation.Faults;

namespace Tidekeeper.Simulation.Engine;

/// <summary>A watch whose events come late, whose connection breaks, and which ends when the server says so.</summary>
internal sealed class SimulatedWatch(
    ApiWatch watch, string resource, VirtualTime time, Random chance, Func<Weather> weather, Process process)
    : IWatchStream
{
    private const string Gone = """
        {"type":"ERROR","object":{"kind":"Status","apiVersion":"v1","status":"Failure","reason":"Expired","code":410,
        "message":"too old resource version"}}
        """;

    private int _losses = process.Sight.Times;

    public async Task<byte[]?> Read(CancellationToken cancel)
    {
        while (true)
        {
            process.ThrowIfDead();
            cancel.ThrowIfCancellationRequested();
            if (watch.TryRead() is { } line)
            {
                var late = weather().WatchDelayMilliseconds;
                if (late > 0)
                {
                    process.Story.Fault("watch event delayed", isSetback: false);
                    await Task.Delay(TimeSpan.FromMilliseconds(chance.Next(late)), time, cancel);
                }

                if (await Hidden(cancel))
                    return Encoding.UTF8.GetBytes(Gone);
                await process.Enter(cancel);
                if (chance.Next(1000) < weather().WatchCuts)
                {
                    process.Story.Fault("watch cut");
                    throw new TransportException("the watch's connection broke", mayHaveArrived: true);
                }

                return Encoding.UTF8.GetBytes(line.ToJsonString());
            }

            if (watch.Ended)
                return null;
            await process.Changed(resource, cancel);
            await process.Enter(cancel);
        }
    }

    // True when the event was held back for so long that the server no longer knows it.
    private async Task<bool> Hidden(CancellationToken cancel)
    {
        while (process.Sight.IsLost(resource))
        {
            var left = Math.Ceiling((process.Sight.Until - time.Now).TotalMilliseconds);
            await Task.Delay(TimeSpan.FromMilliseconds(left), time, cancel);
            process.ThrowIfDead();
        }

        var seen = _losses;
        _losses = process.Sight.Times;
        return process.Sight.HasForgotten(resource, seen);
    }

    public ValueTask DisposeAsync()
    {
        watch.Close();
        return ValueTask.CompletedTask;
    }
}
