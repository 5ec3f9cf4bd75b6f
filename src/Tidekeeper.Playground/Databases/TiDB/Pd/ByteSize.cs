using System.Globalization;

namespace Tidekeeper.Playground.Databases.TiDB.Pd;

/// <summary>Sizes as PD prints them (<c>99.5GiB</c>) and as operators pass them (<c>100Gi</c>, <c>100GB</c>).</summary>
internal static class ByteSize
{
    private static readonly (string Letter, long Bytes)[] Units =
        [("T", 1L << 40), ("G", 1L << 30), ("M", 1L << 20), ("K", 1L << 10)];

    public static string Format(long bytes)
    {
        foreach (var (letter, size) in Units)
        {
            if (bytes >= size)
                return ((double)bytes / size).ToString("0.###", CultureInfo.InvariantCulture) + letter + "iB";
        }

        return bytes.ToString(CultureInfo.InvariantCulture) + "B";
    }

    /// <summary>Null for no size, and for zero, which stands for "not limited".</summary>
    public static long? Parse(string? text)
    {
        var number = (text ?? "").TrimEnd('B', 'i', 'b');
        var unit = Units.FirstOrDefault(u => number.EndsWith(u.Letter, StringComparison.OrdinalIgnoreCase));
        if (unit.Letter is not null)
            number = number[..^1];
        return double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            && value > 0
            ? (long)(value * (unit.Letter is null ? 1 : unit.Bytes))
            : null;
    }
}
