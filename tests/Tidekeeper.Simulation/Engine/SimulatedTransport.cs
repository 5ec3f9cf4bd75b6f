using Tidekeeper.Kube;
using Tidekeeper.Playground;
using Tidekeeper.Playground.Api;
using Tidekeeper.Simulation.Faults;

namespace Tidekeeper.Simulation.Engine;

/// <summary>
/// The wire between one operator process and the API server, with everything that can go wrong on it. Once the
/// process is dead nothing comes through any more, whatever its code still tries.
/// </summary>
public sealed class SimulatedTransport(
    World world, VirtualTime time, Random chance, Func<Weather> weather, Process process, Func<LeaseHeld?> lease)
    : IKubeTransport
{
    private static readonly TimeSpan AnswerNeverComes = TimeSpan.FromSeconds(30);

    public async Task<KubeResponse> Send(KubeRequest request, CancellationToken cancel)
    {
        var held = request.Method is "GET" ? null : lease();
        var sent = time.Now;
        await Travel(cancel);
        var now = weather();
        if (request.Method is not "GET" && chance.Next(1000) < now.LateWrites)
        {
            process.Story.Fault("write came late");
            _ = ArriveLate(request, held, sent);
            throw await Silence(request, arrived: true, cancel);
        }

        var luck = chance.Next(1000);
        if (luck < now.LostRequests)
        {
            process.Story.Fault("request lost");
            throw await Silence(request, arrived: chance.Next(2) == 0, cancel);
        }

        luck -= now.LostRequests;
        if (Refusal(request, luck, now) is { } refusal)
        {
            process.Story.Fault($"refused with {refusal.Status}");
            await Arrive(cancel);
            return refusal;
        }

        var dies = request.Method is not "GET" && chance.Next(1000) < now.Crashes;
        var fate = IsWork(request) ? process.NextFate() : null;
        if ((dies && chance.Next(2) == 0) || fate == Interruption.CrashBefore)
            process.Die("before a write");
        if (fate is Interruption.Stale or Interruption.Missed)
            process.Blind(fate.Value);
        process.ThrowIfDead();
        var answer = Carry(request, held, sent);
        if (dies || fate == Interruption.CrashAfter)
            process.Die("after a write, before its answer");
        process.ThrowIfDead();
        if (chance.Next(1000) < now.LostAnswers || fate == Interruption.AnswerLost)
        {
            process.Story.Fault("answer lost");
            throw await Silence(request, arrived: true, cancel);
        }

        await Arrive(cancel);
        return answer;
    }

    public async Task<WatchOpening> Watch(KubeRequest request, CancellationToken cancel)
    {
        await Travel(cancel);
        if (chance.Next(1000) < weather().LostRequests)
            throw await Silence(request, arrived: false, cancel);
        var (watch, refusal) = world.Api.Watch(Translate(request));
        return watch is null
            ? new WatchOpening.Refused(new KubeResponse(refusal!.Status, refusal.Body))
            : new WatchOpening.Opened(
                new SimulatedWatch(watch, StoredName(request.Path), time, chance, weather, process));
    }

    // A write that is not the renewal of a lease.
    private static bool IsWork(KubeRequest request) =>
        request.Method is not "GET" && !request.Path.Contains("/leases", StringComparison.Ordinal);

    private static KubeResponse? Refusal(KubeRequest request, int luck, Weather now)
    {
        if (request.Method is not "GET" && luck < now.Conflicts)
            return Status(409, "Conflict", "the object has been modified");
        luck -= now.Conflicts;
        if (luck >= 0 && luck < now.ServerErrors)
        {
            return (luck % 3) switch
            {
                0 => Status(429, "TooManyRequests", "too many requests") with { RetryAfter = TimeSpan.FromSeconds(1) },
                1 => Status(500, "InternalError", "an injected internal error"),
                _ => Status(503, "ServiceUnavailable", "apiserver is shutting down"),
            };
        }

        return null;
    }

    private static KubeResponse Status(int code, string reason, string message) =>
        new(code, System.Text.Encoding.UTF8.GetBytes(
            $$"""
            {"kind":"Status","apiVersion":"v1","status":"Failure","reason":"{{reason}}","code":{{code}},"message":"{{message}}"}
            """));

    private KubeResponse Carry(KubeRequest request, LeaseHeld? held, DateTimeOffset sent)
    {
        var before = world.Api.Head;
        var answer = world.Api.Handle(Translate(request));
        var response = new KubeResponse(answer.Status, answer.Body) { Warnings = answer.Warnings };
        var change = world.Api.Head == before ? null : process.Story.Newest;
        process.Story.Did(new(process.Identity, request, response, held, change is not null)
        {
            Change = change,
            Sent = sent,
        });
        return response;
    }

    // It left its sender in time and lies in some buffer since; whether the sender still lives does not matter to it.
    private async Task ArriveLate(KubeRequest request, LeaseHeld? held, DateTimeOffset sent)
    {
        await Task.Delay(TimeSpan.FromSeconds(2 + chance.Next(60)), time);
        process.Story.Tell($"{process.Identity}: a write that was sent long ago arrives");
        Carry(request, held, sent);
    }

    private ApiRequest Translate(KubeRequest request) =>
        PlaygroundRequest.Of(request, "tidekeeper/simulated") with { User = process.Identity };

    private async Task<TransportException> Silence(KubeRequest request, bool arrived, CancellationToken cancel)
    {
        await Task.Delay(AnswerNeverComes, time, cancel);
        await process.Enter(cancel);
        return new TransportException($"{request}: no answer within {AnswerNeverComes.TotalSeconds:0} s", arrived);
    }

    // The way back: a paused process sees its answer when it wakes.
    private async Task Arrive(CancellationToken cancel)
    {
        await Travel(cancel);
        await process.Enter(cancel);
    }

    // "/apis/apps/v1/namespaces/db/statefulsets" is kept as "statefulsets.apps".
    private static string StoredName(string path)
    {
        var parts = path.Trim('/').Split('/');
        return parts[0] == "api" ? parts[^1] : $"{parts[^1]}.{parts[1]}";
    }

    private async Task Travel(CancellationToken cancel)
    {
        process.ThrowIfDead();
        var mean = weather().LatencyMilliseconds;
        await Task.Delay(TimeSpan.FromMilliseconds(1 + chance.Next(2 * mean)), time, cancel);
        process.ThrowIfDead();
    }
}
