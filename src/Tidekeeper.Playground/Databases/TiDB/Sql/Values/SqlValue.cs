using System.Globalization;
using Tidekeeper.Playground.Network;

namespace Tidekeeper.Playground.Databases.TiDB.Sql;

internal enum ValueKind : byte { Null, Int, UInt, Decimal, Double, Text, Bytes, Date, DateTime, Time, Enum }

/// <summary>
/// One value. Dates are kept as canonical text, so that they sort as text; times as microseconds; an enum as its
/// number and its text; bytes as <see cref="ByteText"/>.
/// </summary>
internal readonly struct SqlValue : IEquatable<SqlValue>
{
    private readonly object? _reference;

    public ValueKind Kind { get; }

    /// <summary>The bits of a number, microseconds of a time, the number of an enum.</summary>
    public long Bits { get; }

    private SqlValue(ValueKind kind, long bits, object? reference = null)
    {
        Kind = kind;
        Bits = bits;
        _reference = reference;
    }

    public static SqlValue Null => default;
    public static SqlValue True { get; } = Of(1);
    public static SqlValue False { get; } = Of(0);

    public static SqlValue Of(long value) => new(ValueKind.Int, value);
    public static SqlValue Of(ulong value) => new(ValueKind.UInt, unchecked((long)value));
    public static SqlValue Of(bool value) => value ? True : False;
    public static SqlValue Of(double value) => new(ValueKind.Double, BitConverter.DoubleToInt64Bits(value));
    public static SqlValue Of(decimal value) => new(ValueKind.Decimal, 0, value);
    public static SqlValue Of(string? text) => text is null ? Null : new(ValueKind.Text, 0, text);
    public static SqlValue OfBytes(string bytes) => new(ValueKind.Bytes, 0, bytes);
    public static SqlValue OfDate(string text) => new(ValueKind.Date, 0, text);
    public static SqlValue OfDateTime(string text) => new(ValueKind.DateTime, 0, text);
    public static SqlValue OfTime(long microseconds, int digits) => new(ValueKind.Time, microseconds, digits);
    public static SqlValue OfEnum(int number, string text) => new(ValueKind.Enum, number, text);

    public bool IsNull => Kind == ValueKind.Null;
    public bool IsNumber => Kind is ValueKind.Int or ValueKind.UInt or ValueKind.Decimal or ValueKind.Double;
    public bool IsText => Kind is ValueKind.Text or ValueKind.Bytes or ValueKind.Enum;
    public bool IsTemporal => Kind is ValueKind.Date or ValueKind.DateTime or ValueKind.Time;

    public ulong Unsigned => unchecked((ulong)Bits);

    /// <summary>Digits after the point of a time's seconds.</summary>
    public int TimeDigits => Kind == ValueKind.Time ? (int)_reference! : 0;

    /// <summary>The text of a string, a date or an enum; see <see cref="ToString"/> for any value.</summary>
    public string Text => (string)_reference!;

    /// <summary>As a client sees it; null for NULL.</summary>
    public string? ToClient() => Kind switch
    {
        ValueKind.Null => null,
        ValueKind.Int => Bits.ToString(CultureInfo.InvariantCulture),
        ValueKind.UInt => Unsigned.ToString(CultureInfo.InvariantCulture),
        ValueKind.Decimal => ((decimal)_reference!).ToString(CultureInfo.InvariantCulture),
        ValueKind.Double => DoubleText(BitConverter.Int64BitsToDouble(Bits)),
        ValueKind.Time => Temporal.TimeText(Bits, TimeDigits),
        _ => Text,
    };

    public override string ToString() => ToClient() ?? "NULL";

    public double ToDouble() => Kind switch
    {
        ValueKind.Null => 0,
        ValueKind.Int or ValueKind.Enum => Bits,
        ValueKind.UInt => Unsigned,
        ValueKind.Decimal => (double)(decimal)_reference!,
        ValueKind.Double => BitConverter.Int64BitsToDouble(Bits),
        ValueKind.Date or ValueKind.DateTime or ValueKind.Time => NumberText.Prefix(Temporal.AsNumber(this)),
        _ => NumberText.Prefix(Text),
    };

    /// <summary>The exact value; a double or a text that does not fit is cut to what a decimal holds.</summary>
    public decimal ToDecimal()
    {
        switch (Kind)
        {
            case ValueKind.Int or ValueKind.Enum:
                return Bits;
            case ValueKind.UInt:
                return Unsigned;
            case ValueKind.Decimal:
                return (decimal)_reference!;
            case ValueKind.Text or ValueKind.Bytes when
                decimal.TryParse(Text, NumberStyles.Number, CultureInfo.InvariantCulture, out var exact):
                return exact;
            default:
                var value = ToDouble();
                return value is > -7.9e28 and < 7.9e28 ? (decimal)value
                    : throw SqlErrors.Overflow("DECIMAL", ToString());
        }
    }

    /// <summary>Rounded to a whole number, as CAST(… AS SIGNED) does.</summary>
    public long ToLong() => Kind switch
    {
        ValueKind.Int or ValueKind.UInt or ValueKind.Enum => Bits,
        ValueKind.Decimal => (long)Math.Clamp(
            Math.Round(ToDecimal(), MidpointRounding.AwayFromZero), long.MinValue, long.MaxValue),
        ValueKind.Text or ValueKind.Bytes when
            long.TryParse(Text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var whole) => whole,
        _ => Clamp(Math.Round(ToDouble(), MidpointRounding.AwayFromZero)),
    };

    public bool IsTrue => Kind switch
    {
        ValueKind.Null => false,
        ValueKind.Int or ValueKind.UInt => Bits != 0,
        ValueKind.Decimal => (decimal)_reference! != 0,
        _ => ToDouble() != 0,
    };

    private static long Clamp(double value) =>
        value >= 9.2233720368547758e18 ? long.MaxValue : value <= -9.2233720368547758e18 ? long.MinValue : (long)value;

    private static string DoubleText(double value)
    {
        if (value == 0)
            return "0";
        var size = Math.Abs(value);
        if (size is >= 1e15 or < 1e-15)
            return value.ToString("R", CultureInfo.InvariantCulture).Replace("E+", "e", StringComparison.Ordinal)
                .Replace("E", "e", StringComparison.Ordinal);
        return size < 1e-4
            ? ((decimal)value).ToString(CultureInfo.InvariantCulture)
            : value.ToString("R", CultureInfo.InvariantCulture);
    }

    public bool Equals(SqlValue other) =>
        Kind == other.Kind && Bits == other.Bits && Equals(_reference, other._reference);

    public override bool Equals(object? obj) => obj is SqlValue other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(Kind, Bits, _reference);
}
