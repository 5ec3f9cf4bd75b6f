namespace Tidekeeper.Simulation.Engine;

/// <summary>
/// Whether news of changes reaches an operator. It may stand still while requests are answered, as when the API server
/// that serves the watches lags behind; its successor in the same place sees no better.
/// </summary>
public sealed class Sight(VirtualTime time)
{
    private string? _resource;
    private bool _forgets;

    /// <summary>Grows each time; a watch that was open then has missed something.</summary>
    private int _times;

    /// <summary>Until when nothing is heard.</summary>
    public DateTimeOffset Until { get; private set; }

    /// <param name="resource">As the store names it, such as <c>pods</c>; null for everything.</param>
    /// <param name="forgets">Afterwards the server knows the newest state only, and answers 410.</param>
    public void Lose(string? resource, TimeSpan how, bool forgets)
    {
        (_resource, _forgets, Until) = (resource, forgets, time.Now + how);
        _times++;
    }

    public bool IsLost(string resource) => time.Now < Until && Concerns(resource);

    /// <summary>How many times so far; compared before and after a wait.</summary>
    public int Times => _times;

    /// <summary>Whether a watch of that resource, which has seen so many losses, must begin anew.</summary>
    public bool HasForgotten(string resource, int seen) => _forgets && seen < _times && Concerns(resource);

    private bool Concerns(string resource) => _resource is null || _resource == resource;
}
