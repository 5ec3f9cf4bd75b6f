using Tidekeeper.Operator.Databases;
using Tidekeeper.Playground;
using Tidekeeper.Playground.Network;
using Tidekeeper.Simulation.Faults;

namespace Tidekeeper.Simulation.Engine;

/// <summary>The way from an operator process to the databases' admin APIs, through the pod network.</summary>
public sealed class SimulatedWire(World world, VirtualTime time, Random chance, Func<Weather> weather, Process process)
    : IDatabaseWire
{
    private const string OperatorAddress = "127.1.0.1";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    public async Task<WireReply> Send(WireRequest request, CancellationToken cancel)
    {
        process.ThrowIfDead();
        await Task.Delay(TimeSpan.FromMilliseconds(1 + chance.Next(2 * weather().LatencyMilliseconds)), time, cancel);
        process.ThrowIfDead();
        if (chance.Next(1000) < weather().DatabaseErrors)
        {
            process.Story.Fault("database call failed");
            return await Fault(cancel);
        }

        var fate = request.Method == "GET" ? null : process.NextFate();
        if (fate == Interruption.CrashBefore)
            process.Die("before a call to the database");
        if (fate is Interruption.Stale or Interruption.Missed)
            process.Blind(fate.Value);
        process.ThrowIfDead();
        if (request.Method != "GET")
            process.Story.Asking?.Invoke(process.Identity, request);
        var uri = new Uri(request.Url);
        var answered = new TaskCompletionSource<HttpReply?>();
        world.Network.Send(OperatorAddress, uri.Host, uri.Port,
            new HttpCall(request.Method, uri.PathAndQuery, request.Body ?? "", "application/json"),
            reply => answered.TrySetResult(reply));
        if (fate == Interruption.CrashAfter)
            process.Die("after a call to the database");
        process.ThrowIfDead();
        if (fate == Interruption.AnswerLost)
        {
            process.Story.Fault("answer lost");
            await Task.Delay(Limit, time, cancel);
            process.ThrowIfDead();
            return WireReply.None("no answer within 5 s");
        }

        HttpReply? reply;
        try
        {
            reply = await answered.Task.WaitAsync(Limit, time, cancel);
        }
        catch (TimeoutException)
        {
            return WireReply.None("no answer within 5 s");
        }

        await process.Enter(cancel);
        if (request.Method != "GET")
            process.Story.Tell($"{process.Identity} {request.Method} {request.Url} -> {reply?.Status}");
        return reply is null ? WireReply.None("connection refused") : new WireReply(reply.Status, reply.Body);
    }

    private async Task<WireReply> Fault(CancellationToken cancel)
    {
        if (chance.Next(2) == 0)
            return new WireReply(503, "an injected error");
        await Task.Delay(Limit, time, cancel);
        process.ThrowIfDead();
        return WireReply.None("no answer within 5 s");
    }
}
