using System.Numerics;
using System.Text.Json;

namespace Tidekeeper.Model;

/// <summary>
/// A quantity as Kubernetes writes it (<c>500m</c>, <c>1.5Gi</c>, <c>2e3</c>), exact to a nano unit. As in Kubernetes,
/// smaller parts are rounded away from zero.
/// </summary>
public readonly record struct Quantity : IComparable<Quantity>
{
    // Longer texts and larger powers than these are no resources; the limit keeps hostile input cheap.
    private const int MaxLength = 64;
    private const int MaxExponent = 60;

    private static readonly BigInteger NanosPerUnit = BigInteger.Pow(10, 9);

    private readonly bool _isBinary;

    private Quantity(BigInteger nanos, bool isBinary) => (Nanos, _isBinary) = (nanos, isBinary);

    /// <summary>The value in billionths.</summary>
    public BigInteger Nanos { get; }

    public static Quantity FromBytes(long bytes) => new(bytes * NanosPerUnit, isBinary: true);

    public static Quantity Parse(string text) =>
        TryParse(text, out var quantity)
            ? quantity
            : throw new FormatException($"\"{text}\" is no quantity; write for example 500m, 2, 4Gi or 100G");

    /// <summary>From JSON, where a quantity may be a string or a number.</summary>
    public static bool TryParse(JsonElement element, out Quantity quantity)
    {
        quantity = default;
        return element.ValueKind switch
        {
            JsonValueKind.String => TryParse(element.GetString(), out quantity),
            JsonValueKind.Number => TryParse(element.GetRawText(), out quantity),
            _ => false,
        };
    }

    public static bool TryParse(string? text, out Quantity quantity)
    {
        quantity = default;
        if (string.IsNullOrEmpty(text) || text.Length > MaxLength) return false;
        var at = text[0] is '+' or '-' ? 1 : 0;
        var mantissa = BigInteger.Zero;
        var fractionDigits = 0;
        var digits = 0;
        var inFraction = false;
        for (; at < text.Length && (char.IsAsciiDigit(text[at]) || (text[at] == '.' && !inFraction)); at++)
        {
            if (text[at] == '.')
            {
                inFraction = true;
                continue;
            }

            digits++;
            mantissa = (mantissa * 10) + (text[at] - '0');
            if (inFraction) fractionDigits++;
        }

        if (digits == 0 || !TryScale(text.AsSpan(at), out var twos, out var tens)) return false;
        if (text[0] == '-') mantissa = -mantissa;
        quantity = new Quantity(Scale(mantissa << twos, tens - fractionDigits + 9), twos > 0);
        return true;
    }

    private static bool TryScale(ReadOnlySpan<char> suffix, out int twos, out int tens)
    {
        (twos, tens) = suffix switch
        {
            "Ki" => (10, 0),
            "Mi" => (20, 0),
            "Gi" => (30, 0),
            "Ti" => (40, 0),
            "Pi" => (50, 0),
            "Ei" => (60, 0),
            "n" => (0, -9),
            "u" => (0, -6),
            "m" => (0, -3),
            "" => (0, 0),
            "k" => (0, 3),
            "M" => (0, 6),
            "G" => (0, 9),
            "T" => (0, 12),
            "P" => (0, 15),
            "E" => (0, 18),
            _ => (0, int.MinValue),
        };
        if (tens != int.MinValue) return true;
        return suffix[0] is 'e' or 'E'
            && int.TryParse(suffix[1..], System.Globalization.NumberStyles.AllowLeadingSign, null, out tens)
            && Math.Abs(tens) <= MaxExponent;
    }

    private static BigInteger Scale(BigInteger value, int tens)
    {
        if (tens >= 0) return value * BigInteger.Pow(10, tens);
        var quotient = BigInteger.DivRem(value, BigInteger.Pow(10, -tens), out var rest);
        return rest.IsZero ? quotient : quotient + rest.Sign;
    }

    public bool IsNegative => Nanos.Sign < 0;
    public bool IsZero => Nanos.IsZero;

    /// <summary>
    /// In whole units (bytes, cores), rounded away from zero; the nearest <see cref="long"/> where it is too
    /// large.
    /// </summary>
    public long ToInt64()
    {
        var whole = Scale(Nanos, -9);
        return whole > long.MaxValue ? long.MaxValue : whole < long.MinValue ? long.MinValue : (long)whole;
    }

    public int CompareTo(Quantity other) => Nanos.CompareTo(other.Nanos);
    public bool Equals(Quantity other) => Nanos == other.Nanos;
    public override int GetHashCode() => Nanos.GetHashCode();

    public static bool operator <(Quantity left, Quantity right) => left.CompareTo(right) < 0;
    public static bool operator >(Quantity left, Quantity right) => left.CompareTo(right) > 0;
    public static bool operator <=(Quantity left, Quantity right) => left.CompareTo(right) <= 0;
    public static bool operator >=(Quantity left, Quantity right) => left.CompareTo(right) >= 0;
    public static Quantity operator +(Quantity left, Quantity right) =>
        new(left.Nanos + right.Nanos, left._isBinary && right._isBinary);

    /// <summary>The canonical form: the largest suffix that needs no fraction, binary if it was read so.</summary>
    public override string ToString()
    {
        var whole = BigInteger.DivRem(Nanos, NanosPerUnit, out var rest);
        return _isBinary && rest.IsZero
            ? Canonical(whole, 1024, ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"])
            : Canonical(Nanos, 1000, ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"]);
    }

    private static string Canonical(BigInteger value, int step, string[] suffixes)
    {
        if (value.IsZero) return "0";
        var index = 0;
        for (; index < suffixes.Length - 1 && (value % step).IsZero; index++) value /= step;
        return $"{value}{suffixes[index]}";
    }
}
