using System.Globalization;
using System.Text;
using Tidekeeper.Playground.Network;

namespace Tidekeeper.Playground.Databases.TiDB.Sql;

/// <summary>
/// Keys whose ordinal order is the order of the rows. All keys are ASCII: a table's rows are
/// <c>t&lt;table&gt;_r&lt;primary key&gt;</c>, its indexes <c>t&lt;table&gt;_i&lt;index&gt;_&lt;values&gt;</c>.
/// </summary>
internal static class KeyCodec
{
    private const char Missing = '0';
    private const char Present = '1';

    public static string Table(long table) => $"t{table:X8}_";

    public static string Rows(long table) => $"t{table:X8}_r";

    public static string Index(long table, long index) => $"t{table:X8}_i{index:X4}_";

    /// <summary>The first key after all that begin with the prefix.</summary>
    public static string After(string prefix) => prefix + "\u007f";

    /// <summary>Appends a value of a column; a prefix length of 0 means the whole value.</summary>
    public static void Append(StringBuilder key, SqlValue value, ColumnType type, int prefixLength = 0)
    {
        if (value.IsNull)
        {
            key.Append(Missing);
            return;
        }

        key.Append(Present);
        switch (value.Kind)
        {
            case ValueKind.Int or ValueKind.Time or ValueKind.Enum:
                AppendHex(key, unchecked((ulong)value.Bits) ^ 0x8000000000000000UL);
                break;
            case ValueKind.UInt:
                AppendHex(key, value.Unsigned);
                break;
            case ValueKind.Double:
                AppendHex(key, Ordered(value.ToDouble()));
                break;
            case ValueKind.Decimal:
                AppendDecimal(key, value.ToDecimal(), type.Digits);
                break;
            case ValueKind.Date or ValueKind.DateTime:
                AppendBytes(key, Encoding.ASCII.GetBytes(value.Text));
                break;
            default:
                var order = value.Kind == ValueKind.Bytes ? TextOrder.Bytes : Collations.Order(type);
                AppendBytes(key, Cut(ByteText.Encode(Collations.Fold(value.Text, order)), value, type, order,
                    prefixLength));
                break;
        }
    }

    private static byte[] Cut(byte[] bytes, SqlValue value, ColumnType type, TextOrder order, int length) =>
        length == 0 ? bytes
        : type.IsBinary ? bytes[..Math.Min(length, bytes.Length)]
        : ByteText.Encode(Collations.Fold(value.Text[..Math.Min(length, value.Text.Length)], order));

    /// <summary>A key that is equal for values that are equal, for grouping and DISTINCT.</summary>
    public static void AppendGroup(StringBuilder key, SqlValue value, ColumnType type)
    {
        switch (value.Kind)
        {
            case ValueKind.Null:
                key.Append(Missing);
                break;
            case ValueKind.Int or ValueKind.UInt or ValueKind.Decimal:
                var text = value.ToString();
                key.Append(Present).Append(text.Contains('.') ? text.TrimEnd('0').TrimEnd('.') : text).Append(' ');
                break;
            case ValueKind.Double:
                key.Append(Present).Append(value.ToDouble().ToString("R", CultureInfo.InvariantCulture)).Append(' ');
                break;
            default:
                Append(key, value, type);
                break;
        }
    }

    private static void AppendHex(StringBuilder key, ulong value) =>
        key.Append(CultureInfo.InvariantCulture, $"{value:X16}");

    private static ulong Ordered(double value)
    {
        var bits = BitConverter.DoubleToUInt64Bits(value == 0 ? 0 : value);
        return (bits & 0x8000000000000000UL) != 0 ? ~bits : bits | 0x8000000000000000UL;
    }

    private static void AppendDecimal(StringBuilder key, decimal value, int scale)
    {
        var whole = (Int128)decimal.Truncate(value);
        var fraction = value - decimal.Truncate(value);
        for (var i = 0; i < scale; i++)
        {
            fraction *= 10;
            whole = (whole * 10) + (Int128)decimal.Truncate(fraction);
            fraction -= decimal.Truncate(fraction);
        }

        key.Append(CultureInfo.InvariantCulture, $"{unchecked((UInt128)whole) ^ (UInt128.One << 127):X32}");
    }

    /// <summary>
    /// Bytes as printable ASCII in the same order: low ones as <c>!hh</c>, high ones as <c>~hh</c>, others as they are,
    /// and a space, which is below all of them, at the end.
    /// </summary>
    private static void AppendBytes(StringBuilder key, byte[] bytes)
    {
        foreach (var b in bytes)
        {
            if (b is >= 0x23 and <= 0x7D)
                key.Append((char)b);
            else
                key.Append(b < 0x23 ? '!' : '~').Append(CultureInfo.InvariantCulture, $"{b:X2}");
        }

        key.Append(' ');
    }
}
