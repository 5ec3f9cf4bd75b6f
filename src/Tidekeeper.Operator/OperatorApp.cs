using Tidekeeper.Kube;

namespace Tidekeeper.Operator;

/// <summary>
/// The running operator: follows the API, campaigns for the lease, and reconciles while it leads. Holds no sockets,
/// threads or clock of its own, so a simulation runs exactly this.
/// </summary>
public sealed class OperatorApp(Func<CancellationToken, Task<OperatorParts>> prepare, OperatorLog log, Health health)
{
    public async Task Run(CancellationToken cancel)
    {
        OperatorParts parts;
        try
        {
            parts = await prepare(cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return;
        }

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var following = Task.WhenAll(
            [parts.Beside(ending.Token), .. parts.Followed.Select(kind => kind.Run(ending.Token))]);
        if (parts.Election is { } election)
            await election.Run((term, lost) => Lead(parts, term, lost), cancel);
        else
            await Lead(parts, null, cancel);
        ending.Cancel();
        await following;
        log.Info("stopped");
    }

    private async Task Lead(OperatorParts parts, Leadership? term, CancellationToken cancel)
    {
        try
        {
            // A store that is not complete would show clusters without their pods.
            foreach (var kind in parts.Followed)
                await kind.Synced.WaitAsync(cancel);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        health.Leads = true;
        try
        {
            await parts.Work(term, cancel);
        }
        finally
        {
            health.Leads = false;
        }
    }
}

/// <summary>What the operator is made of once the API server has been reached.</summary>
/// <param name="Followed">Everything that is kept in memory.</param>
/// <param name="Election">Null when the operator is alone by decree.</param>
/// <param name="Work">Reconciles until cancelled; with a term, every write bears it.</param>
public sealed record OperatorParts(
    IReadOnlyList<ICachedKind> Followed, Election? Election, Func<Leadership?, CancellationToken, Task> Work)
{
    /// <summary>What else goes on until the operator ends, whether it leads or not.</summary>
    public Func<CancellationToken, Task> Beside { get; init; } = _ => Task.CompletedTask;
}

/// <summary>What the probes say.</summary>
public sealed class Health
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, string> _forbidden = new(StringComparer.Ordinal);

    /// <summary>
    /// What the API server forbids and without which nothing can be seen, led or told; a sentence each.
    /// </summary>
    public IReadOnlyList<string> Forbidden
    {
        get
        {
            lock (_gate)
                return [.. _forbidden.Values];
        }
    }

    /// <param name="what">For example "follow pods".</param>
    /// <param name="why">Empty when it is allowed.</param>
    public void Forbid(string what, string why)
    {
        lock (_gate)
        {
            if (why.Length > 0)
                _forbidden[what] = $"may not {what}: {why}";
            else
                _forbidden.Remove(what);
        }
    }

    /// <summary>Whether the API server was reached and the kinds that we need exist.</summary>
    public bool Prepared { get; set; }

    /// <summary>Whether this process reconciles.</summary>
    public bool Leads { get; set; }

    /// <summary>What keeps the operator from starting; empty when nothing does.</summary>
    public string Obstacle { get; set; } = "";

    /// <summary>What a person should change although the operator works; empty for nothing.</summary>
    public string Notice { get; set; } = "";
}
