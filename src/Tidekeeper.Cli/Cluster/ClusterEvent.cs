using System.Text.Json.Nodes;
using Tidekeeper.Cli.View;
using Tidekeeper.Kube;

namespace Tidekeeper.Cli.Cluster;

/// <summary>One Event on a cluster.</summary>
/// <param name="Key">Changes with every time that it is told.</param>
internal sealed record ClusterEvent(string Key, string Time, string Type, string Reason, string Message, int Count)
{
    private static readonly string[] Components = ["pd", "tikv", "tiflash", "tidb"];

    /// <summary>What is said anyway is not said twice.</summary>
    public string Line(string? said)
    {
        var times = Count > 1 ? $" ({Count} times)" : "";
        var message = Message == said ? "(what is waited for)" : Message;
        return $"{Words.Since(Time),5} ago  {Type} {Reason}: {message}{times}";
    }

    /// <summary>
    /// The last Events on a cluster, the newest at the end; while it is not ready, with those that say why Kubernetes
    /// could not make pods of it.
    /// </summary>
    public static async Task<IReadOnlyList<ClusterEvent>> Lately(
        ClusterApi api, JsonObject cluster, int most, CancellationToken cancel)
    {
        var uid = (string?)cluster["metadata"]!["uid"];
        var all = await api.List(Resource.Events, (string)cluster["metadata"]!["namespace"]!, null, cancel);
        return
        [
            .. all.Where(item => (string?)item["involvedObject"]?["uid"] == uid || IsRefusal(item, cluster))
                .OrderBy(Last, StringComparer.Ordinal).TakeLast(most).Select(item => new ClusterEvent(
                    $"{item["metadata"]!["uid"]} {item["count"]}", Last(item), (string?)item["type"] ?? "",
                    (string?)item["reason"] ?? "", (string?)item["message"] ?? "", (int?)item["count"] ?? 1)),
        ];
    }

    private static bool IsRefusal(JsonObject item, JsonObject cluster) =>
        (string?)item["reason"] == "FailedCreate" && (string?)item["involvedObject"]?["kind"] == "StatefulSet"
        && !Words.Is(cluster, "Ready") && Components.Any(component =>
            (string?)item["involvedObject"]!["name"] == $"{cluster["metadata"]!["name"]}-{component}");

    private static string Last(JsonObject item) =>
        (string?)item["lastTimestamp"] ?? (string?)item["eventTime"]
            ?? (string?)item["metadata"]!["creationTimestamp"] ?? "";
}
