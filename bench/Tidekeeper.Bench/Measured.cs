using System.Text;

namespace Tidekeeper.Bench;

/// <summary>One line of the table.</summary>
/// <param name="Target">Empty where there is none.</param>
public sealed record Measured(string What, string Target, string Value)
{
    /// <summary>A table in Markdown, so that it can be pasted into docs/bench.md.</summary>
    public static string Table(IReadOnlyList<Measured> rows)
    {
        Measured[] all = [new("what", "target", "measured"), .. rows];
        var (what, target) = (all.Max(row => row.What.Length), all.Max(row => row.Target.Length));
        var text = new StringBuilder();
        foreach (var row in all)
        {
            text.Append($"| {row.What.PadRight(what)} | {row.Target.PadRight(target)} | {row.Value} |\n");
            if (row == all[0])
                text.Append("|---|---|---|\n");
        }

        return text.ToString();
    }
}
