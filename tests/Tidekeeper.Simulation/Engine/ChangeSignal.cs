namespace Tidekeeper.Simulation.Engine;

/// <summary>
/// Wakes the watches of a resource when it changes, and no others: nobody polls, and a lease that is renewed every two
/// seconds wakes nobody who watches pods.
/// </summary>
public sealed class ChangeSignal
{
    private readonly SortedDictionary<string, TaskCompletionSource> _waited = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _changed = new(StringComparer.Ordinal);

    /// <param name="resource">As the store names it: <c>pods</c>, <c>statefulsets.apps</c>.</param>
    public Task Wait(string resource, CancellationToken cancel)
    {
        // Not RunContinuationsAsynchronously: together with WaitAsync that sends the waiter through the thread pool.
        if (!_waited.TryGetValue(resource, out var next))
            _waited[resource] = next = new();
        return next.Task.WaitAsync(cancel);
    }

    /// <summary>Remembers a change; nobody is woken before <see cref="Raise"/>: the writer is at work.</summary>
    public void Note(string resource) => _changed.Add(resource);

    /// <summary>Wakes whoever waits for what changed; false when nothing did.</summary>
    public bool Raise()
    {
        if (_changed.Count == 0)
            return false;
        string[] raised = [.. _changed];
        _changed.Clear();
        foreach (var resource in raised)
        {
            if (_waited.Remove(resource, out var waiting))
                waiting.SetResult();
        }

        return true;
    }

    /// <summary>Notes everything that is waited for: bookmarks fall due and watches end by the clock alone.</summary>
    public void NoteAll() => _changed.UnionWith(_waited.Keys);
}
