namespace Tidekeeper.Simulation.Checkers;

/// <summary>
/// L5: what it costs to converge grows with the cluster and with what went wrong, not with time. Counted in requests
/// to the API: a reconcile that does nothing needs none.
/// </summary>
public static class BoundedWork
{
    /// <summary>Lists, watches and the objects of a cluster that has no pods yet.</summary>
    private const int AtFirst = 100;

    /// <summary>A pod goes through about ten states that somebody has to look at.</summary>
    private const int PerPod = 12;

    /// <summary>A new life lists every kind again; a lost answer is asked for again.</summary>
    private const int PerSetback = 12;

    public static int Bound(int pods, int setbacks) => AtFirst + (PerPod * pods) + (PerSetback * setbacks);

    /// <summary>Null while the promise holds.</summary>
    public static string? Broken(SimulatedCluster cluster)
    {
        var pods = cluster.Api.List("v1/pods", SimulatedCluster.Namespace).Count;
        var bound = Bound(pods, cluster.Story.Setbacks);
        return cluster.Requests <= bound ? null
            : $"{cluster.Requests} requests for {pods} pods and {cluster.Story.Setbacks} setbacks; "
                + $"at most {bound} are bearable; most often: " + string.Join(", ", cluster.Story.RequestsByKind
                    .OrderByDescending(kind => kind.Value).Take(6).Select(kind => $"{kind.Value} x {kind.Key}"));
    }
}
