using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tidekeeper.Model.Crds;
using Tidekeeper.Model.Kubernetes;

namespace Tidekeeper.Engines.TiDB.Control;

/// <summary>
/// One guard of the gate that a person has taken upon themselves, for a while and with a reason, as the annotation on
/// the cluster says it. One that cannot be read, or whose time is over, changes nothing and says so.
/// </summary>
public sealed record Override
{
    /// <summary>No longer than this: what is forgotten must end by itself.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(24);

    /// <summary>The guard that is ignored.</summary>
    public string Guard { get; init; } = "";

    /// <summary>The component whose members it is ignored for; empty for all.</summary>
    public string Component { get; init; } = "";

    /// <summary>When it was made.</summary>
    public DateTimeOffset From { get; init; }

    /// <summary>When it ends.</summary>
    public DateTimeOffset Until { get; init; }

    /// <summary>Why somebody wanted it.</summary>
    public string Reason { get; init; } = "";

    /// <summary>Why it is not in force whatever the time; empty when it can be.</summary>
    public string Problem { get; init; } = "";

    /// <summary>What the annotation holds; it can be read back.</summary>
    public string ToText()
    {
        var text = new JsonObject { ["guard"] = Guard };
        if (Component.Length > 0)
            text["component"] = Component;
        text["from"] = Time(From);
        text["until"] = Time(Until);
        text["reason"] = Reason;
        return text.ToJsonString();
    }

    /// <summary>Null when nobody wants one.</summary>
    internal static Override? Of(TidbCluster cluster) =>
        cluster.Metadata.Annotations?.GetValueOrDefault(Labels.Override) is { Length: > 0 } text ? Read(text) : null;

    internal static bool Lifts(TidbSeen seen, string guard, string component) =>
        Of(seen.Cluster) is { } one && one.Guard == guard && (one.Component.Length == 0 || one.Component == component)
        && one.StateAt(seen.Now) == "InForce";

    internal string StateAt(DateTimeOffset now) =>
        Problem.Length > 0 ? "Refused" : now < Until ? "InForce" : "Expired";

    private static Override Read(string text)
    {
        JsonObject? json;
        try
        {
            json = JsonNode.Parse(text) as JsonObject;
        }
        catch (JsonException)
        {
            json = null;
        }

        var read = new Override
        {
            Guard = Text(json, "guard"),
            Component = Text(json, "component"),
            From = Date(json, "from"),
            Until = Date(json, "until"),
            Reason = Text(json, "reason")
        };
        return read with { Problem = ProblemOf(json, read) };
    }

    private static string ProblemOf(JsonObject? json, Override read)
    {
        if (json is null)
            return "it is no JSON object; write it with tide override";
        if (Guards.All.All(guard => guard.Name != read.Guard))
            return $"guard: {read.Guard} is none of {string.Join(", ", Guards.All.Select(guard => guard.Name))}";
        if (read.From == default || read.Until == default)
            return "from and until must be times such as 2026-01-31T12:00:00Z";
        if (read.Until - read.From > Longest)
            return $"it lasts longer than {Longest.TotalHours:0} h; write an earlier until";
        return read.Reason.Length == 0 ? "reason is empty; say why" : "";
    }

    private static string Text(JsonObject? json, string name) =>
        json?[name] is JsonValue value && value.GetValueKind() == JsonValueKind.String ? (string)value! : "";

    private static DateTimeOffset Date(JsonObject? json, string name) =>
        DateTimeOffset.TryParse(
            Text(json, name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : default;

    private static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
