using System.Globalization;
using System.Text.RegularExpressions;

namespace Tidekeeper.Playground.Api.Crd.Cel;

/// <summary>Durations as Go writes them (<c>1h30m</c>, <c>1.5s</c>) and parts of moments.</summary>
internal static partial class CelTime
{
    public static bool TryDuration(string text, out TimeSpan span)
    {
        span = TimeSpan.Zero;
        if (text == "0")
            return true;
        if (!Whole().IsMatch(text))
            return false;
        var total = 0.0;
        foreach (Match part in Part().Matches(text))
        {
            var unit = part.Groups[2].Value switch
            {
                "h" => 3600.0,
                "m" => 60,
                "s" => 1,
                "ms" => 1e-3,
                "us" or "µs" => 1e-6,
                _ => 1e-9,
            };
            total += double.Parse(part.Groups[1].Value, CultureInfo.InvariantCulture) * unit;
        }

        if (total > TimeSpan.MaxValue.TotalSeconds / 2)
            return false;
        span = TimeSpan.FromSeconds(text[0] == '-' ? -total : total);
        return true;
    }

    public static object? Read(string function, object? value) => (function, value) switch
    {
        ("getFullYear", DateTimeOffset t) => (long)t.Year,
        ("getMonth", DateTimeOffset t) => (long)t.Month - 1,
        ("getDate", DateTimeOffset t) => (long)t.Day,
        ("getDayOfMonth", DateTimeOffset t) => (long)t.Day - 1,
        ("getDayOfWeek", DateTimeOffset t) => (long)t.DayOfWeek,
        ("getDayOfYear", DateTimeOffset t) => (long)t.DayOfYear - 1,
        ("getHours", DateTimeOffset t) => (long)t.Hour,
        ("getMinutes", DateTimeOffset t) => (long)t.Minute,
        ("getSeconds", DateTimeOffset t) => (long)t.Second,
        ("getMilliseconds", DateTimeOffset t) => (long)t.Millisecond,
        ("getHours", TimeSpan s) => (long)s.TotalHours,
        ("getMinutes", TimeSpan s) => (long)s.TotalMinutes,
        ("getSeconds", TimeSpan s) => (long)s.TotalSeconds,
        ("getMilliseconds", TimeSpan s) => (long)s.TotalMilliseconds,
        _ => throw CelFault.NoOverload,
    };

    [GeneratedRegex(@"^[-+]?((\d+\.?\d*|\.\d+)(h|ms|us|µs|ns|m|s))+$")]
    private static partial Regex Whole();

    [GeneratedRegex(@"(\d+\.?\d*|\.\d+)(h|ms|us|µs|ns|m|s)")]
    private static partial Regex Part();
}
