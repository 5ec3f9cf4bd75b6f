using System.Text.Json;
using System.Text.Json.Nodes;
using Tidekeeper.Playground.Api.Schemas;

namespace Tidekeeper.Playground.Api.Kinds;

/// <summary>
/// A difference as the real server prints it at the end of a refusal: unified, with three lines around it, of its
/// internal structure as JSON that is indented by one blank.
/// </summary>
internal static class InternalDiff
{
    private const int Context = 3;

    private static readonly JsonSerializerOptions Indented =
        new(RelaxedJson.Options) { WriteIndented = true, IndentSize = 1, NewLine = "\n" };

    public static string Between(JsonObject old, JsonObject item) =>
        Between(old.ToJsonString(Indented).Split('\n'), item.ToJsonString(Indented).Split('\n'));

    public static string Between(IReadOnlyList<string> before, IReadOnlyList<string> after)
    {
        var first = 0;
        while (first < before.Count && first < after.Count && before[first] == after[first])
            first++;
        var same = 0;
        while (same < before.Count - first && same < after.Count - first
               && before[before.Count - same - 1] == after[after.Count - same - 1])
            same++;
        var start = Math.Max(0, first - Context);
        var tail = Math.Min(Context, same);
        var lines = new List<string>();
        lines.AddRange(before.Take(first).Skip(start).Select(line => " " + line));
        lines.AddRange(before.Take(before.Count - same).Skip(first).Select(line => "-" + line));
        lines.AddRange(after.Take(after.Count - same).Skip(first).Select(line => "+" + line));
        lines.AddRange(before.Skip(before.Count - same).Take(tail).Select(line => " " + line));
        var (lost, won) = (before.Count - same + tail - start, after.Count - same + tail - start);
        return $"@@ -{start + 1},{lost} +{start + 1},{won} @@\n" + string.Concat(lines.Select(line => line + "\n"));
    }
}
