using Tidekeeper.Playground.Databases.TiDB.Pd;
using Tidekeeper.Playground.Databases.TiDB.Stores;

namespace Tidekeeper.Playground.Databases.TiDB;

/// <summary>One TiDB cluster as it really exists, told apart by its cluster id alone.</summary>
public sealed class Database
{
    public ulong ClusterId { get; }
    public PdEnsemble Pd { get; }
    public StoreCluster Stores { get; }

    /// <summary>
    /// Namespace and flag with which the first member began it; null when it was read back from volumes.
    /// </summary>
    public (string Namespace, string Text)? InitialCluster { get; internal set; }

    /// <summary>Running TiDB servers in the order in which they started; the first one owns schema changes.</summary>
    public List<TidbServer> Servers { get; } = [];

    public Database(ulong clusterId, Random chance, DatabaseScale scale, Func<DateTimeOffset> now)
    {
        ClusterId = clusterId;
        Stores = new StoreCluster(scale, now);
        Pd = new PdEnsemble(clusterId, Stores, chance);
    }
}

/// <summary>A running TiDB server.</summary>
public sealed record TidbServer(string Namespace, string PodName, string PodAddress, int Port, string Version);
