namespace Tidekeeper.Simulation.Checkers;

/// <summary>
/// L3: a cluster that is not ready says why. Read from the object as a user would. The limit is the same in storm and
/// calm: a minute to look, and what each setback since then may have cost an operator.
/// </summary>
public sealed class Explained(string name) : IChecker
{
    private static readonly TimeSpan ToLook = TimeSpan.FromMinutes(1);

    /// <summary>The longest a single fault costs: a pause, or a silence of 30 s and the back-off after it.</summary>
    private static readonly TimeSpan PerSetback = TimeSpan.FromSeconds(45);
    private DateTimeOffset? _silentSince;
    private int _setbacksBefore;

    // An object in the store never changes: what was read from it once holds as long as it is the same one.
    private (System.Text.Json.Nodes.JsonObject? Item, bool IsExplained) _read;

    public string Invariant => "L3";

    public string? Broken(SimulatedCluster cluster)
    {
        var item = cluster.Cluster(name);
        if (item is not null && item != _read.Item)
            _read = (item, HasReason(item["status"]));
        if (item is null || _read.IsExplained)
        {
            _silentSince = null;
            return null;
        }

        if (_silentSince is null)
            (_silentSince, _setbacksBefore) = (cluster.Time.Now, cluster.Story.Setbacks);
        var setbacks = cluster.Story.Setbacks - _setbacksBefore;
        return cluster.Time.Now - _silentSince > ToLook + (PerSetback * setbacks)
            ? $"{name} has been neither ready nor explained since {_silentSince:HH:mm:ss}, with {setbacks} setbacks"
            : null;
    }

    private static bool HasReason(System.Text.Json.Nodes.JsonNode? status)
    {
        foreach (var condition in status?["conditions"]?.AsArray() ?? [])
        {
            // Of a cluster that is v1's nothing else is said.
            if ((string?)condition?["type"] == "Adopted" && (string?)condition["status"] == "False")
                return true;
            if ((string?)condition?["type"] == "Ready")
                return (string?)condition["status"] == "True"
                    || !string.IsNullOrWhiteSpace((string?)condition["message"]);
        }

        return false;
    }
}
