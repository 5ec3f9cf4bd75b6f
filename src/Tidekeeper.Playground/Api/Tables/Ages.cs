namespace Tidekeeper.Playground.Api.Tables;

/// <summary>Durations as kubectl shows them: two units at most, and coarser with age.</summary>
internal static class Ages
{
    public static string Since(string? moment, DateTimeOffset now) =>
        JsonText.ReadMoment(moment) is { } at ? Show(now - at) : "<unknown>";

    public static string Show(TimeSpan span)
    {
        var seconds = (long)Math.Floor(span.TotalSeconds);
        if (seconds < -1)
            return "<invalid>";
        var (minutes, hours) = (seconds / 60, seconds / 3600);
        return seconds switch
        {
            < 0 => "0s",
            < 120 => $"{seconds}s",
            < 600 => Two(minutes, "m", seconds % 60, "s"),
            < 3 * 3600 => $"{minutes}m",
            < 8 * 3600 => Two(hours, "h", minutes % 60, "m"),
            < 48 * 3600 => $"{hours}h",
            < 8 * 86400 => Two(hours / 24, "d", hours % 24, "h"),
            < 2L * 365 * 86400 => $"{hours / 24}d",
            < 8L * 365 * 86400 => Two(hours / 24 / 365, "y", hours / 24 % 365, "d"),
            _ => $"{hours / 24 / 365}y",
        };
    }

    private static string Two(long large, string largeUnit, long small, string smallUnit) =>
        small == 0 ? $"{large}{largeUnit}" : $"{large}{largeUnit}{small}{smallUnit}";
}
