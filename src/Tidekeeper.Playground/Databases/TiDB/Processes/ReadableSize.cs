using System.Globalization;

namespace Tidekeeper.Playground.Databases.TiDB.Processes;

/// <summary>Sizes as TiKV reads (<c>1GB</c>, <c>512MiB</c>, <c>100</c>) and prints them (<c>1GiB</c>).</summary>
internal static class ReadableSize
{
    private static readonly string[] Units = ["P", "T", "G", "M", "K"];

    /// <summary>Null when the text is no size.</summary>
    public static long? Bytes(string text)
    {
        var number = text.Trim();
        if (number.EndsWith("iB", StringComparison.Ordinal))
            number = number[..^2];
        else if (number.EndsWith('B'))
            number = number[..^1];
        var factor = 1L;
        for (var unit = 0; unit < Units.Length; unit++)
        {
            if (!number.EndsWith(Units[unit], StringComparison.Ordinal))
                continue;
            number = number[..^1];
            factor = 1L << (10 * (Units.Length - unit));
            break;
        }

        return double.TryParse(number.TrimEnd(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture,
            out var value) ? (long)(value * factor) : null;
    }

    /// <summary>With the largest unit that needs no fraction.</summary>
    public static string? Normal(string text)
    {
        if (Bytes(text) is not { } bytes)
            return null;
        for (var unit = 0; unit < Units.Length && bytes > 0; unit++)
        {
            var factor = 1L << (10 * (Units.Length - unit));
            if (bytes % factor == 0)
                return $"{bytes / factor}{Units[unit]}iB";
        }

        return $"{bytes}B";
    }
}

/// <summary>Durations as TiKV reads and prints them: <c>1d2h3m4s5ms</c>, the largest unit first.</summary>
internal static class ReadableDuration
{
    private static readonly (string Name, long Milliseconds)[] Units =
        [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1)];

    public static string? Normal(string text)
    {
        if (Milliseconds(text) is not { } left)
            return null;
        var normal = "";
        foreach (var (name, size) in Units)
        {
            if (left >= size)
                normal += $"{left / size}{name}";
            left %= size;
        }

        return normal.Length == 0 ? "0s" : normal;
    }

    private static long? Milliseconds(string text)
    {
        double total = 0;
        var rest = text;
        while (rest.Length > 0)
        {
            var digits = rest.TakeWhile(c => char.IsAsciiDigit(c) || c == '.').Count();
            var name = new string([.. rest.Skip(digits).TakeWhile(char.IsAsciiLetter)]);
            var unit = Units.FirstOrDefault(u => u.Name == name);
            if (unit.Name is null || !double.TryParse(rest.AsSpan(0, digits), NumberStyles.AllowDecimalPoint,
                CultureInfo.InvariantCulture, out var number))
                return null;
            total += number * unit.Milliseconds;
            rest = rest[(digits + name.Length)..];
        }

        return text.Length == 0 ? null : (long)total;
    }
}
