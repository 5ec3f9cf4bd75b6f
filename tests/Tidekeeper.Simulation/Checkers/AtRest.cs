namespace Tidekeeper.Simulation.Checkers;

/// <summary>
/// S16: while nothing happens nothing is written and nothing restarts, a restart of the operator included. Compares two
/// pictures of everything that the operator or a StatefulSet made.
/// </summary>
public sealed class AtRest
{
    private static readonly string[] Kinds =
    [
        "pingcap.com/v1alpha1/tidbclusters", "apps/v1/statefulsets", "apps/v1/deployments", "v1/services",
        "v1/configmaps", "v1/persistentvolumeclaims", "policy/v1/poddisruptionbudgets", "v1/serviceaccounts",
    ];

    private readonly SimulatedCluster _cluster;
    private readonly string _name;
    private readonly string _before;

    private AtRest(SimulatedCluster cluster, string name) =>
        (_cluster, _name, _before) = (cluster, name, Picture(cluster, name));

    public static AtRest From(SimulatedCluster cluster, string name) => new(cluster, name);

    /// <summary>What is no longer as it was; null while all is.</summary>
    public string? Broken()
    {
        var after = Picture(_cluster, _name);
        if (after == _before)
            return null;
        return "at rest, something was written:"
            + "\n- " + string.Join("\n- ", _before.Split('\n').Except(after.Split('\n')))
            + "\n+ " + string.Join("\n+ ", after.Split('\n').Except(_before.Split('\n')));
    }

    private static string Picture(SimulatedCluster cluster, string name)
    {
        var lines = Kinds.SelectMany(r => cluster.Api.List(r, SimulatedCluster.Namespace)
            .Where(o => ((string)o["metadata"]!["name"]!).Contains(name, StringComparison.Ordinal))
            .Select(o => $"{r} {o["metadata"]!["name"]} {o["metadata"]!["resourceVersion"]}"));
        var pods = cluster.Api.List("v1/pods", SimulatedCluster.Namespace, $"app.kubernetes.io/instance={name}")
            .Select(p => $"pod {p["metadata"]!["name"]} {p["metadata"]!["uid"]} "
                + p["status"]?["containerStatuses"]?[0]?["restartCount"]);
        return string.Join('\n', lines.Concat(pods));
    }
}
