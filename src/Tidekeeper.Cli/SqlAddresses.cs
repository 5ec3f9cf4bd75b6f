using System.Text.Json.Nodes;

namespace Tidekeeper.Cli;

/// <summary>
/// The loopback port of each cluster's SQL endpoint; written by the playground, read by every command.
/// </summary>
internal static class SqlAddresses
{
    private static string FilePath => Path.Combine(Session.Home, "sql.json");

    public static SortedDictionary<(string Namespace, string Cluster), int> Read()
    {
        SortedDictionary<(string, string), int> ports = [];
        if (!File.Exists(FilePath) || JsonNode.Parse(File.ReadAllText(FilePath)) is not JsonArray entries)
            return ports;
        foreach (var entry in entries)
            ports[((string)entry!["namespace"]!, (string)entry["cluster"]!)] = (int)entry["port"]!;
        return ports;
    }

    public static void Write(IEnumerable<((string Namespace, string Cluster) Of, int Port)> ports)
    {
        var entries = new JsonArray([.. ports.Select(p => new JsonObject
        {
            ["namespace"] = p.Of.Namespace,
            ["cluster"] = p.Of.Cluster,
            ["port"] = p.Port,
        })]);
        var draft = FilePath + ".new";
        File.WriteAllText(draft, entries.ToJsonString());
        File.Move(draft, FilePath, overwrite: true);
    }
}
