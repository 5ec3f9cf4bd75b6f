using Tidekeeper.Model.Crds;

namespace Tidekeeper.Engines.TiDB;

/// <summary>The status of a TidbCluster, computed from nothing but what was seen and what is planned.</summary>
public static class TidbStatus
{
    /// <summary>The status to write, should it differ from the one that is stored.</summary>
    public static TidbClusterStatus Of(TidbSeen seen, Plan plan) =>
        new() { ObservedGeneration = seen.Cluster.Metadata.Generation };
}
