using System.Globalization;
using System.Text.Json.Nodes;

namespace Tidekeeper.Cli.Probing;

/// <summary>What a probe has found.</summary>
internal sealed record ProbeReport
{
    public required string Cluster { get; init; }
    public required string Address { get; init; }
    public double Seconds { get; init; }

    /// <summary>Answered, after retries or without.</summary>
    public int Statements { get; init; }
    public int Retries { get; init; }
    public int Reconnects { get; init; }

    /// <summary>Statements that even the driver's retries did not save.</summary>
    public int Failed { get; init; }
    public int Acknowledged { get; init; }
    public int Missing { get; init; }

    /// <summary>Reads right after an acknowledged write that did not find it.</summary>
    public int WrongReads { get; init; }
    public double P50Milliseconds { get; init; }
    public double P99Milliseconds { get; init; }

    /// <summary>The longest time without any statement being answered.</summary>
    public double LongestGapMilliseconds { get; init; }

    /// <summary>The first errors, with the time at which they came.</summary>
    public IReadOnlyList<string> Errors { get; init; } = [];

    public bool IsClean => Failed == 0 && Missing == 0 && WrongReads == 0 && Statements > 0;

    public JsonObject ToJson() => new()
    {
        ["cluster"] = Cluster,
        ["address"] = Address,
        ["clean"] = IsClean,
        ["seconds"] = Math.Round(Seconds, 1),
        ["statements"] = Statements,
        ["retries"] = Retries,
        ["reconnects"] = Reconnects,
        ["failed"] = Failed,
        ["acknowledgedRows"] = Acknowledged,
        ["missingRows"] = Missing,
        ["wrongReads"] = WrongReads,
        ["p50Milliseconds"] = Math.Round(P50Milliseconds, 2),
        ["p99Milliseconds"] = Math.Round(P99Milliseconds, 2),
        ["longestGapMilliseconds"] = Math.Round(LongestGapMilliseconds, 1),
        ["errors"] = new JsonArray([.. Errors.Select(e => JsonValue.Create(e))]),
    };

    public string ToText()
    {
        string[] lines =
        [
            Invariant($"{Cluster}: {Statements} statements in {Seconds:0} s, {Failed} failed, {Retries} retries, ")
                + Invariant($"{Reconnects} reconnects"),
            Invariant($"  rows: {Acknowledged} acknowledged, {Missing} missing, {WrongReads} wrong reads"),
            Invariant($"  latency: p50 {P50Milliseconds:0.0} ms, p99 {P99Milliseconds:0.0} ms, ")
                + Invariant($"longest gap {LongestGapMilliseconds:0} ms"),
            .. Errors.Select(e => "  " + e),
            IsClean ? "  ok: every acknowledged row is there, and no statement failed"
                : Statements == 0 ? "  NOT OK: no statement was answered"
                : "  NOT OK: see above",
        ];
        return string.Join('\n', lines);
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
