using System.Text.Json.Nodes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Api.Tables;

/// <summary>Texts that several kinds show the same way.</summary>
internal static class Cells
{
    public const string None = "<none>";

    public static string Join(IEnumerable<string> parts, string empty = "") =>
        string.Join(',', parts) is { Length: > 0 } text ? text : empty;

    public static string Labels(JsonObject? labels) => labels is null ? None
        : Join(labels.OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => $"{l.Key}={l.Value.Text()}"), None);

    /// <summary>A label selector with <c>matchLabels</c> and <c>matchExpressions</c>.</summary>
    public static string Selector(JsonObject? selector)
    {
        if (selector is null)
            return None;
        var parts = (selector.ObjectAt("matchLabels") ?? [])
            .OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => $"{l.Key}={l.Value.Text()}")
            .Concat(selector.ObjectsAt("matchExpressions").Select(Expression));
        return Join(parts, None);
    }

    public static string ContainerNames(JsonObject? pod) =>
        Join(pod.ObjectsAt("containers").Select(c => c.Text("name") ?? ""));

    public static string Images(JsonObject? pod) =>
        Join(pod.ObjectsAt("containers").Select(c => c.Text("image") ?? ""));

    public static string AccessModes(JsonNode? owner) => Join(owner.TextsAt("accessModes").Select(mode => mode switch
    {
        "ReadWriteOnce" => "RWO",
        "ReadOnlyMany" => "ROX",
        "ReadWriteMany" => "RWX",
        "ReadWriteOncePod" => "RWOP",
        _ => mode,
    }));

    /// <summary>A value that may be a number or a text, such as <c>maxUnavailable: 25%</c>.</summary>
    public static string? Either(JsonNode? value) => value is null ? null : value.Text() ?? value.ToJsonString();

    private static string Expression(JsonObject part)
    {
        var key = part.Text("key");
        var values = string.Join(',', part.TextsAt("values").Order(StringComparer.Ordinal));
        return part.Text("operator") switch
        {
            "In" => $"{key} in ({values})",
            "NotIn" => $"{key} notin ({values})",
            "DoesNotExist" => $"!{key}",
            _ => key ?? "",
        };
    }
}
