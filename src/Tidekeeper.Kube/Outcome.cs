namespace Tidekeeper.Kube;

/// <summary>What came of one reconcile. The set is closed.</summary>
public abstract record Outcome
{
    private Outcome() { }

    /// <summary>Nothing left to do until something changes.</summary>
    public sealed record Settled : Outcome;

    /// <summary>Look again after that time, even if nothing changes.</summary>
    public sealed record Again(TimeSpan After) : Outcome;

    /// <summary>It went wrong and may go right later: again, after a pause that grows.</summary>
    /// <param name="AtLeast">The least pause, when a server asked for one.</param>
    public sealed record Failed(Exception Error, TimeSpan? AtLeast = null) : Outcome;

    /// <summary>It will go wrong until somebody changes the object: not again before that.</summary>
    public sealed record Rejected(string Why) : Outcome;
}
