using System.Text.Json.Nodes;

namespace Tidekeeper.Cli.View;

/// <summary>What a pod is to its database, out of the cluster's status.</summary>
internal static class Roles
{
    public static string Of(string pod, string component, JsonObject cluster) => component switch
    {
        "pd" => Member(pod, cluster["status"]?["pd"]) + Age(cluster["status"]?["pd"]),
        "tikv" or "tiflash" => Store(pod, cluster["status"]?[component]) + Age(cluster["status"]?[component]),
        "tidb" => Server(pod, cluster["status"]?["tidb"]),
        _ => "",
    };

    private static string Age(JsonNode? status) =>
        (bool?)status?["synced"] == false ? " (before PD fell silent)" : "";

    private static string Member(string pod, JsonNode? pd)
    {
        if (pd?["members"]?[pod] is not JsonObject member)
            return "not a member yet";
        var health = (bool?)member["health"] == true ? "healthy" : "unhealthy";
        return (string?)pd["leader"]?["name"] == pod ? $"leader, {health}" : $"member, {health}";
    }

    private static string Store(string pod, JsonNode? status)
    {
        var store = status?["stores"]?.AsObject().Select(s => s.Value).OfType<JsonObject>()
            .FirstOrDefault(s => (string?)s["podName"] == pod);
        return store is null ? "no store yet" : $"store {store["id"]}, {store["state"]}";
    }

    private static string Server(string pod, JsonNode? tidb) =>
        tidb?["members"]?[pod]?["health"] is JsonValue health
            ? (bool)health ? "serving SQL" : "not serving SQL"
            : "not serving SQL yet";
}
