using Tidekeeper.Kube;
using Tidekeeper.Kube.Queue;

namespace Tidekeeper.Operator;

/// <summary>
/// The queue of the term in which this process leads. Wake-ups that come while it does not lead are dropped: a term
/// begins with a look at every cluster.
/// </summary>
public sealed class CurrentQueue
{
    private WorkQueue? _queue;

    public int Ready => _queue?.Ready ?? 0;
    public int InFlight => _queue?.InFlight ?? 0;

    public void Begin(WorkQueue queue) => _queue = queue;

    public void End() => _queue = null;

    public void AddAt(ObjectKey key, DateTimeOffset due) => _queue?.AddAt(key, due, Urgency.Soon);
}
