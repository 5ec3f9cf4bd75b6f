using Tidekeeper.Playground.Databases.TiDB.Processes;
using Tidekeeper.Playground.Network;
using Tidekeeper.Playground.Nodes;

namespace Tidekeeper.Playground.Databases.TiDB;

/// <summary>What the images of the TiDB family do in the playground.</summary>
public static class TidbPrograms
{
    /// <summary>
    /// Adds the images to the catalog. All of them work on <paramref name="registry"/>; <paramref name="sql"/> makes
    /// the SQL front of a server from the rows that it reaches.
    /// </summary>
    public static void AddTo(
        ProgramCatalog catalog, DatabaseRegistry registry, Func<IKeyValue, TidbServer, ISqlListener> sql)
    {
        catalog.Add("pingcap/pd", new PdProgram(registry));
        catalog.Add("pingcap/tikv", new TiKVProgram(registry));
        catalog.Add("pingcap/tidb", new TiDBProgram(registry, sql));
        catalog.Add("pingcap/tiflash", new TiFlashProgram(registry));
    }
}
