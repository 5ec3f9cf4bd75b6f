using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Nodes;

/// <summary>
/// How long a container's <c>preStop</c> hook keeps it from being told to end. Commands are not run here: of an
/// <c>exec</c> only the pause counts, as in <c>sleep 10</c>, which is what such hooks are for.
/// </summary>
internal static partial class PreStopHook
{
    public static TimeSpan Pause(JsonObject container)
    {
        if (container.Number("lifecycle", "preStop", "sleep", "seconds") is { } seconds)
            return TimeSpan.FromSeconds(seconds);
        var command = string.Join(' ', container.TextsAt("lifecycle", "preStop", "exec", "command"));
        return Sleep().Match(command) is { Success: true } sleep
            ? TimeSpan.FromSeconds(int.Parse(sleep.Groups[1].ValueSpan, CultureInfo.InvariantCulture))
            : TimeSpan.Zero;
    }

    [GeneratedRegex(@"\bsleep (\d{1,6})\b", RegexOptions.CultureInvariant)]
    private static partial Regex Sleep();
}
