using System.Globalization;

namespace Tidekeeper.Model.Admin.TiDB;

/// <summary>Sizes as PD writes them, for example <c>99.5GiB</c>.</summary>
public static class PdSize
{
    private const string Units = "KMGTPE";

    /// <summary>In bytes; 0 for a text that is no size.</summary>
    public static long Parse(string? text)
    {
        text ??= "";
        var number = text.EndsWith("iB", StringComparison.Ordinal) ? text[..^2] : text.TrimEnd('B');
        var power = number.Length > 0 ? Units.IndexOf(number[^1], StringComparison.Ordinal) + 1 : 0;
        var digits = power > 0 ? number[..^1] : number;
        return double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            ? (long)(value * Math.Pow(1024, power))
            : 0;
    }

    /// <summary>For people, with one digit after the point.</summary>
    public static string Print(long bytes)
    {
        double value = bytes;
        var power = 0;
        while (value >= 1024 && power < Units.Length)
        {
            value /= 1024;
            power++;
        }

        var unit = power == 0 ? "B" : $"{Units[power - 1]}iB";
        return value.ToString("0.#", CultureInfo.InvariantCulture) + unit;
    }
}
