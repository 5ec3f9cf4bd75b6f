using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tidekeeper.Kube;

/// <summary>Who wants to lead, through which Lease, and at what pace.</summary>
public sealed record ElectionOptions(string Namespace, string LeaseName, string Identity)
{
    /// <summary>A holder that has not renewed for so long has lost the lease.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>A holder that could not renew for so long stops writing, before anyone else may begin.</summary>
    public TimeSpan RenewWithin { get; init; } = TimeSpan.FromSeconds(10);

    public TimeSpan Pace { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>One attempt may take so long: an answer that never comes must leave time for another attempt.</summary>
    public TimeSpan Attempt { get; init; } = TimeSpan.FromSeconds(4);
}

/// <summary>The Lease as last read, and when this process first saw it in this form.</summary>
public sealed record LeaseSeen(
    string Holder, TimeSpan Duration, string AcquireTime, string RenewTime, long Transitions, string ResourceVersion)
{
    /// <summary>By our own clock: clocks of other machines are not compared with ours.</summary>
    public DateTimeOffset SeenAt { get; init; }

    public static LeaseSeen Read(JsonElement lease)
    {
        var spec = lease.TryGetProperty("spec", out var s) ? s : default;
        return new(
            Text(spec, "holderIdentity"),
            TimeSpan.FromSeconds(Number(spec, "leaseDurationSeconds")),
            Text(spec, "acquireTime"),
            Text(spec, "renewTime"),
            Number(spec, "leaseTransitions"),
            lease.GetProperty("metadata").GetProperty("resourceVersion").GetString()!);
    }

    private static string Text(JsonElement spec, string name) =>
        spec.ValueKind == JsonValueKind.Object && spec.TryGetProperty(name, out var v)
            && v.ValueKind == JsonValueKind.String ? v.GetString()! : "";

    private static long Number(JsonElement spec, string name) =>
        spec.ValueKind == JsonValueKind.Object && spec.TryGetProperty(name, out var v)
            && v.ValueKind == JsonValueKind.Number ? v.GetInt64() : 0;
}

/// <summary>What a candidate does about the lease it saw. The set is closed.</summary>
public abstract record ElectionMove
{
    private ElectionMove() { }

    /// <summary>There is no lease: make one.</summary>
    public sealed record Create : ElectionMove;

    /// <summary>It is ours: renew it.</summary>
    public sealed record Renew : ElectionMove;

    /// <summary>It is nobody's, or its holder went silent: take it, with the next epoch.</summary>
    public sealed record TakeOver(long Epoch) : ElectionMove;

    /// <summary>Somebody else holds it.</summary>
    public sealed record Wait(TimeSpan For) : ElectionMove;

    /// <summary>Decides; pure.</summary>
    /// <param name="leading">Whether this process leads now. A lease that bears our name from an earlier life is taken
    /// over with a new epoch, since nobody knows what that life still has in flight.</param>
    public static ElectionMove Decide(LeaseSeen? seen, string identity, bool leading, DateTimeOffset now)
    {
        if (seen is null)
            return new Create();
        if (seen.Holder == identity)
            return leading ? new Renew() : new TakeOver(seen.Transitions + 1);
        if (seen.Holder.Length == 0)
            return new TakeOver(seen.Transitions + 1);
        var left = seen.SeenAt + seen.Duration - now;
        return left <= TimeSpan.Zero ? new TakeOver(seen.Transitions + 1) : new Wait(left);
    }
}

/// <summary>
/// One term of leadership. Writes go through <see cref="KubeApi.Under"/> this: once the term has ended, by the clock
/// or by a release, they are refused on this side and never sent.
/// </summary>
/// <param name="epoch">Number of the term: leaseTransitions of the Lease, which only grows.</param>
public sealed class Leadership(long epoch, TimeProvider time) : IFence
{
    private readonly Lock _gate = new();
    private DateTimeOffset _until;
    private string? _ended;

    public long Epoch => epoch;

    public string? Fallen
    {
        get
        {
            lock (_gate)
                return _ended ?? (time.GetUtcNow() < _until
                    ? null
                    : $"the lease of epoch {epoch} was not renewed in time");
        }
    }

    internal void ExtendTo(DateTimeOffset until)
    {
        lock (_gate)
            _until = until;
    }

    internal void End(string why)
    {
        lock (_gate)
            _ended ??= why;
    }
}

/// <summary>Campaigns for the lease, leads while it has it, gives it back at the end.</summary>
public sealed class Election(KubeApi api, ElectionOptions options, TimeProvider time, Action<string> log)
{
    private LeaseSeen? _seen;
    private Leadership? _term;
    private string _trouble = "";
    private bool _isForbidden;

    /// <summary>Told why the server forbids to hold the lease; an empty text when it does no longer.</summary>
    public Action<string>? Forbidden { get; init; }

    /// <summary>The term in which this process leads; null while it does not.</summary>
    public Leadership? Term => _term is { Fallen: null } term ? term : null;

    /// <summary>Who holds the lease, as last seen.</summary>
    public string Holder => _seen?.Holder ?? "";

    /// <summary>
    /// Runs <paramref name="lead"/> each time the lease is won, with a token that is cancelled when it is lost.
    /// Returns when cancelled, after the work has ended and the lease was given back.
    /// </summary>
    public async Task Run(Func<Leadership, CancellationToken, Task> lead, CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            if (await Campaign(cancel) is not { } term)
                return;
            log($"leads with epoch {term.Epoch}");
            using var lost = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            var work = lead(term, lost.Token);
            var keeping = Keep(term, lost.Token);
            await Task.WhenAny(work, keeping);
            lost.Cancel();
            await keeping;
            // Until the work has ended the lease is kept from running out only by its own duration; whatever is
            // still in flight after that is refused by the fence.
            await work;
            await Release(term);
        }
    }

    private async Task<Leadership?> Campaign(CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                if (await Try(leading: false, cancel) is { } term)
                    return _term = term;
                // A right comes when somebody grants it: nobody waits for the second in which it does.
                await Task.Delay(_isForbidden ? options.Duration : options.Pace, time, cancel);
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                return null;
            }
        }

        return null;
    }

    private async Task Keep(Leadership term, CancellationToken cancel)
    {
        try
        {
            while (term.Fallen is null)
            {
                await Task.Delay(options.Pace, time, cancel);
                await Try(leading: true, cancel);
            }

            log($"no longer leads: {term.Fallen}");
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // The work ended, or the process shall.
        }
    }

    /// <summary>One look at the lease and one move; returns a term when this move began one.</summary>
    private async Task<Leadership?> Try(bool leading, CancellationToken cancel)
    {
        var begun = time.GetUtcNow();
        using var limit = new CancellationTokenSource(options.Attempt, time);
        using var attempt = CancellationTokenSource.CreateLinkedTokenSource(cancel, limit.Token);
        try
        {
            var term = await Move(leading, begun, attempt.Token);
            Trouble("", isForbidden: false);
            return term;
        }
        catch (KubeException e)
        {
            Trouble(e.Message, e.Refusal?.Status == 403);
            return null;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            log($"lease {options.Namespace}/{options.LeaseName}: no answer within {options.Attempt.TotalSeconds:0} s");
            return null;
        }
    }

    // The same trouble every two seconds is said once.
    private void Trouble(string what, bool isForbidden)
    {
        if (what.Length > 0 && what != _trouble)
            log($"lease {options.Namespace}/{options.LeaseName}: {what}");
        if (isForbidden || _isForbidden)
            Forbidden?.Invoke(isForbidden ? what : "");
        (_trouble, _isForbidden) = (what, isForbidden);
    }

    private async Task<Leadership?> Move(bool leading, DateTimeOffset begun, CancellationToken cancel)
    {
        var answer = await api.Get(Resource.Leases, options.Namespace, options.LeaseName, LeaseSeen.Read, cancel);
        Remember(answer.ValueOrAbsent, begun);
        switch (ElectionMove.Decide(_seen, options.Identity, leading, time.GetUtcNow()))
        {
            case ElectionMove.Create:
                return await Write(leading ? _term!.Epoch : 0, begun, leading, cancel);
            case ElectionMove.TakeOver takeOver when !leading:
                return await Write(takeOver.Epoch, begun, leading, cancel);
            case ElectionMove.Renew:
                return await Write(_term!.Epoch, begun, leading, cancel);
            default:
                if (leading)
                    _term!.End($"the lease is held by {_seen!.Holder}");
                return null;
        }
    }

    private void Remember(LeaseSeen? lease, DateTimeOffset now)
    {
        var same = lease is not null && _seen is not null
            && lease.RenewTime == _seen.RenewTime && lease.Holder == _seen.Holder
            && lease.Transitions == _seen.Transitions;
        _seen = lease is null ? null : lease with { SeenAt = same ? _seen!.SeenAt : now };
    }

    private async Task<Leadership?> Write(long epoch, DateTimeOffset begun, bool leading, CancellationToken cancel)
    {
        var body = Body(options.Identity, epoch);
        Answer<LeaseSeen> answer;
        if (_seen is null)
            answer = await api.Create(Resource.Leases, options.Namespace, body, LeaseSeen.Read, cancel);
        else
            answer = await api.Replace(
                Resource.Leases, options.Namespace, options.LeaseName, body, LeaseSeen.Read, cancel);
        if (answer.IsConflict)
            return null;
        Remember(answer.Value, begun);
        // Counted from before the request was sent: others count from when they see it, which is later.
        if (leading)
        {
            _term!.ExtendTo(begun + options.RenewWithin);
            return null;
        }

        var term = new Leadership(epoch, time);
        term.ExtendTo(begun + options.RenewWithin);
        return term;
    }

    private async Task Release(Leadership term)
    {
        var held = term.Fallen is null;
        term.End($"the lease of epoch {term.Epoch} was given back");
        if (!held || _seen is null)
            return;
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(3), time);
        try
        {
            var answer = await api.Replace(Resource.Leases, options.Namespace, options.LeaseName,
                Body("", term.Epoch), LeaseSeen.Read, limit.Token);
            log(answer.Succeeded ? "gave the lease back" : $"could not give the lease back: {answer.Refusal!.Message}");
        }
        catch (Exception e) when (e is KubeException or OperationCanceledException)
        {
            log($"could not give the lease back: {e.Message}");
        }
    }

    private JsonObject Body(string holder, long epoch)
    {
        var now = time.GetUtcNow().UtcDateTime
            .ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
        var metadata = new JsonObject { ["name"] = options.LeaseName, ["namespace"] = options.Namespace };
        if (_seen is not null)
            metadata["resourceVersion"] = _seen.ResourceVersion;
        return new()
        {
            ["apiVersion"] = "coordination.k8s.io/v1",
            ["kind"] = "Lease",
            ["metadata"] = metadata,
            ["spec"] = new JsonObject
            {
                ["holderIdentity"] = holder,
                ["leaseDurationSeconds"] = (int)options.Duration.TotalSeconds,
                ["acquireTime"] = _seen is { AcquireTime.Length: > 0 } seen && seen.Holder == holder
                    ? seen.AcquireTime
                    : now,
                ["renewTime"] = now,
                ["leaseTransitions"] = epoch,
            },
        };
    }
}
