using System.Text.Json.Nodes;

namespace Tidekeeper.Cli.View;

/// <summary>One line of a cluster's plan, as its status has it.</summary>
internal sealed record UndertakingView(string Name, string What, string State, string Why, string Since)
{
    public static IReadOnlyList<UndertakingView> Of(JsonObject cluster) =>
    [
        .. (cluster["status"]?["plan"] as JsonArray ?? []).OfType<JsonObject>().Select(one => new UndertakingView(
            (string?)one["name"] ?? "", (string?)one["what"] ?? "", (string?)one["state"] ?? "",
            (string?)one["why"] ?? "", (string?)one["since"] ?? "")),
    ];

    /// <summary>For example <c>needs approval</c>.</summary>
    public string StateInWords => State switch
    {
        "NeedsApproval" => "needs approval",
        "UnderWay" => "under way",
        "Paused" => "paused",
        _ => "waits",
    };

    /// <summary>One line; the reason only where it is not told elsewhere.</summary>
    public string Line(string? said) =>
        $"{StateInWords} for {Words.Since(Since)}  {Name}: {What}"
        + (Why.Length == 0 || Why == said ? "" : $" ({Why})");
}
