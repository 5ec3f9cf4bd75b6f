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

    public ValueTask DisposeAsync()
    {
        watch.Close();
        return ValueTask.CompletedTask;
    }
}
