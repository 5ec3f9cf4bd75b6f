using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tidekeeper.Playground.Network;

namespace Tidekeeper.Playground.Databases.TiDB.Sql;

/// <summary>Turns a value into what a column of a type holds, or says why it cannot.</summary>
internal static class Storing
{
    public static SqlValue ToColumn(SqlValue value, ColumnType type, string column, long row, Strictness strictness)
    {
        if (value.IsNull)
            return value;
        return type.Name switch
        {
            TypeName.Decimal => ToDecimal(value, type, column, row, strictness),
            TypeName.Float or TypeName.Double => ToDouble(value, type, column, row, strictness),
            TypeName.Year => ToYear(value, column, row, strictness),
            TypeName.Date or TypeName.DateTime or TypeName.Timestamp => ToMoment(value, type, column, row, strictness),
            TypeName.Time => ToTime(value, type, column, row, strictness),
            TypeName.Enum => ToEnum(value, type, column, row, strictness),
            TypeName.Json => ToJson(value, column),
            _ => type.IsInteger ? ToInteger(value, type, column, row, strictness)
                : ToText(value, type, column, row, strictness),
        };
    }

    private static SqlValue ToInteger(SqlValue value, ColumnType type, string column, long row, Strictness strictness)
    {
        var (low, high) = Range(type);
        if (value.Kind == ValueKind.Int && value.Bits >= low && (value.Bits <= high || type.Unsigned) &&
            (!type.Unsigned || value.Bits >= 0 && value.Bits <= high))
            return type.Unsigned ? SqlValue.Of((ulong)value.Bits) : value;
        if (value.IsText && type.Name == TypeName.Bit)
            return SqlValue.Of(ByteText.Encode(value.Text).Aggregate(0UL, (all, b) => (all << 8) | b));
        if (value.IsText && !NumberText.IsNumber(value.Text))
            strictness.Report(SqlErrors.Incorrect("int", value.Text, column, row));
        var number = value.IsText || value.IsTemporal || value.Kind == ValueKind.Double
            ? Number(value) : value.ToDecimal();
        number = Math.Round(number, MidpointRounding.AwayFromZero);
        if (number < low || number > high)
        {
            strictness.Report(SqlErrors.OutOfRange(column, row));
            number = Math.Clamp(number, low, high);
        }

        return type.Unsigned ? SqlValue.Of((ulong)number) : SqlValue.Of((long)number);
    }

    private static decimal Number(SqlValue value)
    {
        if (value.IsText && decimal.TryParse(
            value.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var exact))
            return exact;
        return (decimal)Math.Clamp(value.ToDouble(), -7e27, 7e27);
    }

    public static (decimal Low, decimal High) Range(ColumnType type)
    {
        var bits = type.Name switch
        {
            TypeName.TinyInt => 8,
            TypeName.SmallInt => 16,
            TypeName.MediumInt => 24,
            TypeName.Int => 32,
            TypeName.Bit => Math.Max(type.Length, 1),
            _ => 64,
        };
        if (type.Unsigned || type.Name == TypeName.Bit)
            return (0, bits == 64 ? ulong.MaxValue : (1UL << bits) - 1);
        return bits == 64 ? (long.MinValue, long.MaxValue) : (-(1L << (bits - 1)), (1L << (bits - 1)) - 1);
    }

    private static SqlValue ToDecimal(SqlValue value, ColumnType type, string column, long row, Strictness strictness)
    {
        if (value.IsText && !NumberText.IsNumber(value.Text))
            strictness.Report(SqlErrors.Incorrect("decimal", value.Text, column, row));
        var scale = Math.Max(type.Scale, 0);
        var number = Math.Round(value.IsText || value.Kind == ValueKind.Double ? Number(value) : value.ToDecimal(),
            scale, MidpointRounding.AwayFromZero);
        var limit = Power(type.Length - scale);
        if (Math.Abs(number) >= limit || (type.Unsigned && number < 0))
        {
            strictness.Report(SqlErrors.OutOfRange(column, row));
            number = type.Unsigned && number < 0 ? 0 : Math.Sign(number) * (limit - (1 / Power(scale)));
        }

        return SqlValue.Of(Comparison.WithScale(number, scale));
    }

    private static decimal Power(int digits)
    {
        var power = 1m;
        for (var i = 0; i < digits; i++)
            power *= 10;
        return power;
    }

    private static SqlValue ToDouble(SqlValue value, ColumnType type, string column, long row, Strictness strictness)
    {
        if (value.IsText && !NumberText.IsNumber(value.Text))
            strictness.Report(SqlErrors.Incorrect("double", value.Text, column, row));
        var number = value.ToDouble();
        if (double.IsInfinity(number) || (type.Unsigned && number < 0) ||
            (type.Name == TypeName.Float && Math.Abs(number) > float.MaxValue))
        {
            strictness.Report(SqlErrors.OutOfRange(column, row));
            number = number < 0 ? type.Unsigned ? 0 : -double.MaxValue : double.MaxValue;
        }

        if (type.Scale >= 0)
            number = Math.Round(number, Math.Min(type.Scale, 15), MidpointRounding.AwayFromZero);
        if (type.Name == TypeName.Float)
            number = double.Parse(((float)number).ToString("R", CultureInfo.InvariantCulture),
                CultureInfo.InvariantCulture);
        return SqlValue.Of(number);
    }

    private static SqlValue ToYear(SqlValue value, string column, long row, Strictness strictness)
    {
        var year = value.ToLong();
        if (year is > 0 and < 70)
            year += 2000;
        else if (year is >= 70 and < 100)
            year += 1900;
        if (year is >= 1901 and <= 2155 || (year == 0 && NumberText.IsNumber(value.ToString())))
            return SqlValue.Of(year);
        strictness.Report(SqlErrors.OutOfRange(column, row));
        return SqlValue.Of(0L);
    }

    private static SqlValue ToMoment(SqlValue value, ColumnType type, string column, long row, Strictness strictness)
    {
        var digits = type.Name == TypeName.Date ? 0 : Math.Max(type.Scale, 0);
        var name = type.Name == TypeName.Date ? "date" : type.Name == TypeName.Timestamp ? "timestamp" : "datetime";
        var read = value.Kind == ValueKind.Time ? null : Temporal.Read(value.ToString(), digits);
        if (read is null || (read.Value.Text.StartsWith("0000", StringComparison.Ordinal) && strictness is Strict))
        {
            strictness.Report(SqlErrors.Incorrect(name, value.ToString(), column, row));
            read ??= Temporal.Read("0000-00-00", digits);
        }

        return type.Name == TypeName.Date ? SqlValue.OfDate(read!.Value.Text[..10]) : read!.Value;
    }

    private static SqlValue ToTime(SqlValue value, ColumnType type, string column, long row, Strictness strictness)
    {
        var digits = Math.Max(type.Scale, 0);
        var text = value.Kind == ValueKind.DateTime ? value.Text[11..] : value.ToString();
        var micros = value.Kind == ValueKind.Time ? value.Bits : Temporal.ReadTime(text);
        if (micros is null)
        {
            strictness.Report(SqlErrors.Incorrect("time", value.ToString(), column, row));
            micros = 0;
        }

        if (Math.Abs(micros.Value) > Temporal.LargestTime)
        {
            strictness.Report(SqlErrors.Incorrect("time", value.ToString(), column, row));
            micros = Math.Sign(micros.Value) * Temporal.LargestTime;
        }

        var step = (long)Math.Pow(10, 6 - digits);
        return SqlValue.OfTime((micros.Value + (Math.Sign(micros.Value) * step / 2)) / step * step, digits);
    }

    private static SqlValue ToEnum(SqlValue value, ColumnType type, string column, long row, Strictness strictness)
    {
        if (value.IsNumber && value.ToLong() is var number && number >= 1 && number <= type.Values.Count)
            return SqlValue.OfEnum((int)number, type.Values[(int)number - 1]);
        var text = value.ToString();
        for (var i = 0; i < type.Values.Count; i++)
            if (Collations.Compare(type.Values[i], text, Collations.Order(type)) == 0)
                return SqlValue.OfEnum(i + 1, type.Values[i]);
        strictness.Report(SqlErrors.Truncated(column, row));
        return SqlValue.OfEnum(0, "");
    }

    private static SqlValue ToJson(SqlValue value, string column)
    {
        try
        {
            var node = JsonNode.Parse(value.ToString());
            return SqlValue.Of(JsonText.Write(node));
        }
        catch (JsonException)
        {
            throw new SqlFault(3140, "22032",
                $"Invalid JSON text in column '{column}'.");
        }
    }

    private static SqlValue ToText(SqlValue value, ColumnType type, string column, long row, Strictness strictness)
    {
        var text = value.ToString();
        if (!type.IsBinary && !ByteText.IsText(text))
        {
            strictness.Report(SqlErrors.Incorrect("string", Printable(text), column, row));
            text = new string([.. text.Where(c => !char.IsSurrogate(c))]);
        }

        if (type.Name == TypeName.Char)
            text = text.TrimEnd(' ');
        var limit = type.MaxLength ?? long.MaxValue;
        if (text.Length > limit / 4 && Size(text, type) > limit)
            text = Shorten(text, type, limit, column, row, strictness);
        if (type.Name == TypeName.Binary)
            text += new string('\0', Math.Max(0, Math.Max(type.Length, 1) - ByteText.Length(text)));
        return type.IsBinary ? SqlValue.OfBytes(text) : SqlValue.Of(text);
    }

    private static string Shorten(
        string text, ColumnType type, long limit, string column, long row, Strictness strictness)
    {
        if (type.IsBinary || type.IsTextBlob)
        {
            strictness.Report(SqlErrors.TooLong(column, row));
            return ByteText.Decode(ByteText.Encode(text).AsSpan(0, (int)limit));
        }

        var end = 0;
        for (var characters = 0L; characters < limit; characters++)
            end += char.IsHighSurrogate(text[end]) ? 2 : 1;
        // Spaces beyond the end of a VARCHAR are cut without an error.
        if (text.AsSpan(end).Trim(' ').Length > 0)
            strictness.Report(SqlErrors.TooLong(column, row));
        return text[..end];
    }

    /// <summary>Bytes for binary and TEXT types, characters for CHAR and VARCHAR.</summary>
    private static long Size(string text, ColumnType type) =>
        type.IsBinary || type.IsTextBlob ? ByteText.Length(text) : text.Length - text.Count(char.IsLowSurrogate);

    private static string Printable(string text) =>
        string.Concat(ByteText.Encode(text).Take(16)
            .Select(b => b is >= 32 and < 127 ? ((char)b).ToString() : $"\\x{b:X2}"));
}
