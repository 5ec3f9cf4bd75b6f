using System.Globalization;

namespace Tidekeeper.Playground.Databases.TiDB.Sql;

/// <summary>Dates and times: reading what people write, writing what MySQL writes.</summary>
internal static class Temporal
{
    /// <summary>838:59:59, the largest TIME, in microseconds.</summary>
    public const long LargestTime = (((838L * 60) + 59) * 60 + 59) * 1_000_000;

    /// <summary>Reads a date with an optional time of day; null when it is none.</summary>
    public static SqlValue? Read(string text, int digits)
    {
        if (!Split(text.Trim(), out var f))
            return null;
        var zero = f is [0, 0, 0, ..];
        if (!zero && (f[1] is < 1 or > 12 || f[2] < 1 || f[0] > 9999 ||
            f[2] > DateTime.DaysInMonth((int)Math.Max(f[0], 1), (int)f[1])))
            return null;
        if (f[3] > 23 || f[4] > 59 || f[5] > 59)
            return null;
        if (zero)
            return SqlValue.OfDateTime("0000-00-00 00:00:00" + Fraction(0, digits));
        var step = (long)Math.Pow(10, 6 - digits);
        var micros = (f[6] + step / 2) / step * step;
        var moment = new DateTime((int)Math.Max(f[0], 1), (int)f[1], (int)f[2], (int)f[3], (int)f[4], (int)f[5])
            .AddTicks(micros * 10);
        return SqlValue.OfDateTime(Text(moment, digits));
    }

    public static string Text(DateTime moment, int digits) =>
        moment.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) +
        Fraction(moment.Ticks % TimeSpan.TicksPerSecond / 10, digits);

    /// <summary>The moment of a date or datetime value; null for the zero date.</summary>
    public static DateTime? Moment(SqlValue value)
    {
        if (value.IsNull)
            return null;
        var text = value.IsTemporal && value.Kind != ValueKind.Time ? value.Text : Read(value.ToString(), 6)?.Text;
        return text is not null && DateTime.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var moment) ? moment : null;
    }

    /// <summary>Reads [-][days ]hh:mm:ss[.f], hh:mm or hhmmss; null when it is no time.</summary>
    public static long? ReadTime(string text)
    {
        text = text.Trim();
        var negative = text.StartsWith('-');
        if (negative)
            text = text[1..];
        var days = 0L;
        var space = text.IndexOf(' ');
        if (space > 0 && long.TryParse(text.AsSpan(0, space), out days))
            text = text[(space + 1)..];
        var point = text.IndexOf('.');
        var micros = point < 0 ? 0 : Micros(text[(point + 1)..]);
        var whole = point < 0 ? text : text[..point];
        var parts = whole.Split(':');
        if (micros < 0 || parts.Length > 3 ||
            parts.Any(p => p.Length == 0 || !p.All(char.IsAsciiDigit) || p.Length > 7))
            return null;
        var n = parts.Select(p => long.Parse(p, CultureInfo.InvariantCulture)).ToArray();
        var (h, m, s) = n.Length switch
        {
            1 => (n[0] / 10000, n[0] / 100 % 100, n[0] % 100),
            2 => (n[0], n[1], 0L),
            _ => (n[0], n[1], n[2]),
        };
        if (m > 59 || s > 59)
            return null;
        var total = ((((days * 24) + h) * 60 + m) * 60 + s) * 1_000_000 + micros;
        return negative ? -total : total;
    }

    public static string TimeText(long microseconds, int digits)
    {
        var size = Math.Abs(microseconds);
        var seconds = size / 1_000_000;
        return $"{(microseconds < 0 ? "-" : "")}{seconds / 3600:00}:{seconds / 60 % 60:00}:{seconds % 60:00}" +
            Fraction(size % 1_000_000, digits);
    }

    /// <summary>20240131 or 20240131235959 or 235959, with the fraction if there is one.</summary>
    public static string AsNumber(SqlValue value) =>
        value.ToString().Replace("-", "", StringComparison.Ordinal).Replace(":", "", StringComparison.Ordinal)
            .Replace(" ", "", StringComparison.Ordinal);

    /// <summary>A text that compares equal for equal moments, whatever the digits.</summary>
    public static string Comparable(SqlValue value) => value.Text.Length switch
    {
        10 => value.Text + " 00:00:00.000000",
        19 => value.Text + ".000000",
        var length => value.Text + new string('0', Math.Max(0, 26 - length)),
    };

    private static string Fraction(long micros, int digits) =>
        digits <= 0 ? "" : "." + micros.ToString("000000", CultureInfo.InvariantCulture)[..digits];

    private static long Micros(string fraction) =>
        fraction.Length == 0 ? 0
        : fraction.All(char.IsAsciiDigit)
            ? long.Parse((fraction + "000000")[..6], CultureInfo.InvariantCulture)
            : -1;

    /// <summary>Year, month, day, hour, minute, second, microseconds, from punctuated or plain digits.</summary>
    private static bool Split(string text, out long[] fields)
    {
        fields = new long[7];
        if (text.Length is 8 or 14 && text.All(char.IsAsciiDigit))
            text = text.Length == 8 ? $"{text[..4]}-{text[4..6]}-{text[6..]}"
                : $"{text[..4]}-{text[4..6]}-{text[6..8]} {text[8..10]}:{text[10..12]}:{text[12..]}";
        var field = 0;
        for (var i = 0; i < text.Length;)
        {
            var start = i;
            while (i < text.Length && char.IsAsciiDigit(text[i]))
                i++;
            if (i == start || field > 6 || i - start > 9)
                return false;
            var digits = text[start..i];
            fields[field] = field == 6
                ? long.Parse((digits + "000000")[..6], CultureInfo.InvariantCulture)
                : long.Parse(digits, CultureInfo.InvariantCulture);
            if (field == 0 && digits.Length <= 2)
                fields[0] += fields[0] < 70 ? 2000 : 1900;
            field++;
            if (i == text.Length || (text[i] == 'Z' && i == text.Length - 1))
                break;
            var separator = text[i++];
            var fits = field switch
            {
                1 or 2 => separator is '-' or '/' or '.' or ':',
                3 => separator is ' ' or 'T',
                4 or 5 => separator == ':',
                _ => separator == '.',
            };
            if (!fits)
                return false;
        }

        if (field is > 0 and 1 or 2)
            return false;
        // A two-digit zero year belongs to the zero date only.
        if (fields[1] == 0 && fields[2] == 0 && fields[0] == 2000 && !text.StartsWith("2000", StringComparison.Ordinal))
            fields[0] = 0;
        return field >= 3;
    }
}
