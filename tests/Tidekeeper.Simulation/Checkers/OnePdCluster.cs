namespace Tidekeeper.Simulation.Checkers;

/// <summary>
/// S3: under one name there is never a second PD cluster, and never two members that were let in and have not started.
/// </summary>
public sealed class OnePdCluster(string ns, string pdName) : IChecker
{
    public string Invariant => "S3";

    public string? Broken(SimulatedCluster cluster)
    {
        var born = cluster.Databases.All
            .Where(d => d.Pd.Replicas.Any(r => r.Namespace == ns
                && r.Name.StartsWith(pdName + "-", StringComparison.Ordinal)))
            .ToArray();
        if (born.Length > 1)
            return $"{ns}/{pdName} has {born.Length} PD clusters: {string.Join(", ", born.Select(d => d.ClusterId))}";
        if (born.Length == 0)
            return null;
        var joining = born[0].Pd.State.Members
            .Where(m => born[0].Pd.Replicas.All(r => r.MemberId != m.MemberId)).Select(m => m.Name).ToArray();
        return joining.Length > 1 ? $"{string.Join(" and ", joining)} join {ns}/{pdName} at the same time" : null;
    }
}
