using System.Text.Json;

namespace Tidekeeper.Model.Crds;

/// <summary>Reads a TidbCluster as it is stored, which may be older than today's rules.</summary>
public static class TidbClusterReader
{
    /// <summary>The cluster, as far as it can be read, and what is wrong with the rest. Never throws.</summary>
    public static (TidbCluster? Cluster, IReadOnlyList<Problem> Problems) Read(JsonElement item)
    {
        try
        {
            return (item.Deserialize(TidbClusterJson.Default.TidbCluster), []);
        }
        catch (JsonException fault)
        {
            return (null, [new Problem(fault.Path ?? "", "", fault.Message, "correct the field")]);
        }
    }
}
