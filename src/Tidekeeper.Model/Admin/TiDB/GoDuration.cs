using System.Globalization;

namespace Tidekeeper.Model.Admin.TiDB;

/// <summary>Durations as Go writes and reads them: <c>30m0s</c>, <c>1h2m3.5s</c>, <c>100ms</c>.</summary>
public static class GoDuration
{
    private static readonly (string Name, double Milliseconds)[] Units =
        [("ms", 1), ("us", 0.001), ("µs", 0.001), ("ns", 0.000001), ("h", 3_600_000), ("m", 60_000), ("s", 1000)];

    /// <summary>The longest that Go knows: about 292 years. What is written longer counts as this.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromTicks(long.MaxValue / 100);

    /// <summary>Null when the text is no duration.</summary>
    public static TimeSpan? Parse(string? text)
    {
        text ??= "";
        var rest = text.AsSpan();
        double total = 0;
        while (rest.Length > 0)
        {
            var digits = 0;
            while (digits < rest.Length && (char.IsAsciiDigit(rest[digits]) || rest[digits] == '.'))
                digits++;
            if (!double.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint,
                CultureInfo.InvariantCulture, out var number))
                return null;
            rest = rest[digits..];
            var unit = Unit(rest);
            if (unit.Name is null)
                return null;
            total += number * unit.Milliseconds;
            rest = rest[unit.Name.Length..];
        }

        if (text.Length == 0)
            return null;
        return total < Longest.TotalMilliseconds ? TimeSpan.FromMilliseconds(total) : Longest;
    }

    public static string Format(TimeSpan value)
    {
        var seconds = (value.TotalSeconds % 60).ToString("0.#########", CultureInfo.InvariantCulture);
        return value.TotalHours >= 1 ? $"{(long)value.TotalHours}h{value.Minutes}m{seconds}s"
            : value.TotalMinutes >= 1 ? $"{value.Minutes}m{seconds}s"
            : $"{seconds}s";
    }

    private static (string? Name, double Milliseconds) Unit(ReadOnlySpan<char> text)
    {
        foreach (var unit in Units)
        {
            if (text.StartsWith(unit.Name, StringComparison.Ordinal))
                return unit;
        }

        return default;
    }
}
