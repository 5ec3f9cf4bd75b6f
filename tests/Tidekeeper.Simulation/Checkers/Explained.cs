namespace Tidekeeper.Simulation.Checkers;

/// <summary>
/// L3: a cluster that is not ready says why. Read from the object as a user would; judged only while an operator has
/// had time to look.
/// </summary>
public sealed class Explained(string name) : IChecker
{
    private static readonly TimeSpan InStorm = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan InCalm = TimeSpan.FromMinutes(3);
    private DateTimeOffset? _silentSince;

    public string Invariant => "L3";

    public string? Broken(SimulatedCluster cluster)
    {
        var item = cluster.Cluster(name);
        if (item is null || HasReason(item["status"]))
        {
            _silentSince = null;
            return null;
        }

        _silentSince ??= cluster.Time.Now;
        return cluster.Time.Now - _silentSince > (cluster.Weather.IsCalm ? InCalm : InStorm)
            ? $"{name} has been neither ready nor explained since {_silentSince:HH:mm:ss}"
            : null;
    }

    private static bool HasReason(System.Text.Json.Nodes.JsonNode? status)
    {
        foreach (var condition in status?["conditions"]?.AsArray() ?? [])
        {
            if ((string?)condition?["type"] == "Ready")
                return (string?)condition["status"] == "True"
                    || !string.IsNullOrWhiteSpace((string?)condition["message"]);
        }

        return false;
    }
}
