namespace Tidekeeper.Playground;

/// <summary>
/// One part of the simulated cluster that acts by itself: a controller, the scheduler, a kubelet, a running container.
/// It is level-triggered: it looks at what is there, does all that can be done now, and returns. The simulation may
/// delay any actor as long as it likes, so an actor never relies on having seen an intermediate state.
/// </summary>
public interface IActor
{
    /// <summary>Name for logs and for the simulation's history, for example <c>statefulset-controller</c>.</summary>
    string Name { get; }

    /// <summary>
    /// Looks around without acting: whether it sees something that it may have to act on before its time. Who cannot
    /// tell says true, and is asked whenever anything in the world has moved.
    /// </summary>
    bool Notices() => true;

    /// <summary>
    /// Whether all that it sees is the API: while nothing was written, it need not even look around.
    /// </summary>
    bool SeesOnlyApi => false;

    /// <summary>Acts. Cheap when nothing changed since the last call.</summary>
    /// <returns>When to call again even if nothing changes in the API; null for "only on change".</returns>
    DateTimeOffset? Act(DateTimeOffset now);
}
