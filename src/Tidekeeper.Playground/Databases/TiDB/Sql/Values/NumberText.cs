using System.Globalization;

namespace Tidekeeper.Playground.Databases.TiDB.Sql;

/// <summary>Numbers in text.</summary>
internal static class NumberText
{
    /// <summary>
    /// The number at the beginning of a text, 0 when there is none: how MySQL reads text as a number.
    /// </summary>
    public static double Prefix(string text)
    {
        var span = text.AsSpan().Trim();
        var length = PrefixLength(span);
        return length > 0 &&
            double.TryParse(span[..length], NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            ? value
            : 0;
    }

    /// <summary>Whether the whole text is a number.</summary>
    public static bool IsNumber(string text)
    {
        var span = text.AsSpan().Trim();
        return span.Length > 0 && PrefixLength(span) == span.Length;
    }

    /// <summary>
    /// A literal as written: whole numbers stay whole, a point makes a decimal, an exponent a double.
    /// </summary>
    public static SqlValue Literal(string text)
    {
        if (text.Contains('e', StringComparison.OrdinalIgnoreCase))
            return SqlValue.Of(double.Parse(text, CultureInfo.InvariantCulture));
        if (!text.Contains('.'))
        {
            if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var signed))
                return SqlValue.Of(signed);
            if (ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var unsigned))
                return SqlValue.Of(unsigned);
        }

        return decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var exact)
            ? SqlValue.Of(exact)
            : SqlValue.Of(double.Parse(text, CultureInfo.InvariantCulture));
    }

    private static int PrefixLength(ReadOnlySpan<char> text)
    {
        var i = text.Length > 0 && text[0] is '+' or '-' ? 1 : 0;
        var digits = 0;
        for (; i < text.Length && char.IsAsciiDigit(text[i]); i++)
            digits++;
        if (i < text.Length && text[i] == '.')
            for (i++; i < text.Length && char.IsAsciiDigit(text[i]); i++)
                digits++;
        if (digits == 0)
            return 0;
        if (i < text.Length && text[i] is 'e' or 'E')
        {
            var exponent = i + 1;
            if (exponent < text.Length && text[exponent] is '+' or '-')
                exponent++;
            if (exponent < text.Length && char.IsAsciiDigit(text[exponent]))
                for (i = exponent; i < text.Length && char.IsAsciiDigit(text[i]);)
                    i++;
        }

        return i;
    }
}
