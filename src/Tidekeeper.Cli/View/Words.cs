using System.Globalization;
using System.Text.Json.Nodes;

namespace Tidekeeper.Cli.View;

/// <summary>Small pieces of text about Kubernetes objects.</summary>
internal static class Words
{
    public static string FullName(JsonObject item)
    {
        var ns = (string?)item["metadata"]?["namespace"];
        var name = (string?)item["metadata"]?["name"];
        return ns is null ? $"{name}" : $"{ns}/{name}";
    }

    public static JsonObject? Condition(JsonObject item, string type) =>
        item["status"]?["conditions"]?.AsArray().OfType<JsonObject>().FirstOrDefault(c => (string?)c["type"] == type);

    public static bool Is(JsonObject item, string type) => (string?)Condition(item, type)?["status"] == "True";

    /// <summary>Like kubectl: 41s, 3m, 2h, 5d.</summary>
    public static string Age(TimeSpan age) => age switch
    {
        { TotalSeconds: < 0 } => "0s",
        { TotalSeconds: < 120 } => $"{(int)age.TotalSeconds}s",
        { TotalMinutes: < 120 } => $"{(int)age.TotalMinutes}m",
        { TotalHours: < 48 } => $"{(int)age.TotalHours}h",
        _ => $"{(int)age.TotalDays}d",
    };

    /// <summary>As Kubernetes writes times.</summary>
    public static string Timestamp(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public static string Since(string? timestamp) =>
        DateTimeOffset.TryParse(timestamp, out var at) ? Age(TimeProvider.System.GetUtcNow() - at) : "?";
}
