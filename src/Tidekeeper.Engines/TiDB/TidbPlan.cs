namespace Tidekeeper.Engines.TiDB;

/// <summary>What is to be done about a TidbCluster now.</summary>
public static class TidbPlan
{
    /// <summary>The table of contents of operating a TiDB cluster. The order is the safety argument.</summary>
    private static readonly IReadOnlyList<(string Name, Func<TidbSeen, Step> Decide)> Steps = [];

    /// <summary>Runs the steps on what was seen.</summary>
    public static Plan Plan(TidbSeen seen) => Engines.Plan.Run(seen, Steps);
}
