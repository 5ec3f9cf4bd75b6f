namespace Tidekeeper.Playground.Databases.TiDB.Sql;

/// <summary>How two values compare, and their arithmetic, as MySQL does it for values of different kinds.</summary>
internal static class Comparison
{
    /// <summary>Order of two values that are not NULL.</summary>
    public static int Compare(SqlValue a, SqlValue b, TextOrder order)
    {
        if (a.Kind == ValueKind.Int && b.Kind == ValueKind.Int)
            return a.Bits.CompareTo(b.Bits);
        if (a.Kind == ValueKind.Enum && b.Kind == ValueKind.Enum)
            return a.Bits.CompareTo(b.Bits);
        if (a.IsText && b.IsText)
            return Collations.Compare(
                a.Text, b.Text, a.Kind == ValueKind.Bytes || b.Kind == ValueKind.Bytes ? TextOrder.Bytes : order);
        if (a.IsTemporal || b.IsTemporal)
            return CompareTemporal(a, b, order);
        if (a.Kind == ValueKind.Double || b.Kind == ValueKind.Double || a.IsText || b.IsText)
            return a.ToDouble().CompareTo(b.ToDouble());
        if (a.Kind == ValueKind.UInt && b.Kind == ValueKind.UInt)
            return a.Unsigned.CompareTo(b.Unsigned);
        return a.ToDecimal().CompareTo(b.ToDecimal());
    }

    private static int CompareTemporal(SqlValue a, SqlValue b, TextOrder order)
    {
        if (a.Kind == ValueKind.Time || b.Kind == ValueKind.Time)
        {
            var (x, y) = (Micros(a), Micros(b));
            return x is null || y is null
                ? Collations.Compare(a.ToString(), b.ToString(), order)
                : x.Value.CompareTo(y.Value);
        }

        var (left, right) = (Moment(a), Moment(b));
        return left is null || right is null
            ? a.IsNumber || b.IsNumber ? a.ToDouble().CompareTo(b.ToDouble())
                : Collations.Compare(a.ToString(), b.ToString(), order)
            : string.CompareOrdinal(left, right);
    }

    private static string? Moment(SqlValue value) =>
        value.IsTemporal ? Temporal.Comparable(value)
        : Temporal.Read(value.ToString(), 6) is { } read ? Temporal.Comparable(read) : null;

    private static long? Micros(SqlValue value) => value.Kind switch
    {
        ValueKind.Time => value.Bits,
        ValueKind.Text or ValueKind.Int => Temporal.ReadTime(value.ToString()),
        _ => null,
    };

    /// <summary>Order for sorting: NULL comes first.</summary>
    public static int Sort(SqlValue a, SqlValue b, TextOrder order) =>
        a.IsNull ? (b.IsNull ? 0 : -1) : b.IsNull ? 1 : Compare(a, b, order);

    /// <summary>+ - * / DIV % with MySQL's types; NULL when an operand is, or when dividing by zero.</summary>
    public static SqlValue Arithmetic(string op, SqlValue a, SqlValue b)
    {
        if (a.IsNull || b.IsNull)
            return SqlValue.Null;
        try
        {
            if (op is "/" or "DIV" or "%")
                return Divide(op, a, b);
            if (IsWhole(a) && IsWhole(b))
                return a.Kind == ValueKind.UInt || b.Kind == ValueKind.UInt
                    ? SqlValue.Of(Unsigned(op, a, b))
                    : SqlValue.Of(Signed(op, a.Bits, b.Bits));
            if (IsExact(a) && IsExact(b))
                return SqlValue.Of(Exact(op, a.ToDecimal(), b.ToDecimal()));
            var (x, y) = (a.ToDouble(), b.ToDouble());
            return SqlValue.Of(op switch { "+" => x + y, "-" => x - y, _ => x * y });
        }
        catch (OverflowException)
        {
            var type = IsWhole(a) && IsWhole(b)
                ? a.Kind == ValueKind.UInt || b.Kind == ValueKind.UInt ? "BIGINT UNSIGNED" : "BIGINT"
                : "DECIMAL";
            throw SqlErrors.Overflow(type, $"({a} {op} {b})");
        }
    }

    private static bool IsWhole(SqlValue value) => value.Kind is ValueKind.Int or ValueKind.UInt;

    private static bool IsExact(SqlValue value) => IsWhole(value) || value.Kind == ValueKind.Decimal;

    private static long Signed(string op, long a, long b) =>
        checked(op switch { "+" => a + b, "-" => a - b, _ => a * b });

    private static ulong Unsigned(string op, SqlValue a, SqlValue b) =>
        (ulong)Exact(op, a.ToDecimal(), b.ToDecimal());

    private static decimal Exact(string op, decimal a, decimal b) =>
        op switch { "+" => a + b, "-" => a - b, _ => a * b };

    private static SqlValue Divide(string op, SqlValue a, SqlValue b)
    {
        if (b.ToDouble() == 0)
            return SqlValue.Null;
        if (IsExact(a) && IsExact(b))
        {
            var (x, y) = (a.ToDecimal(), b.ToDecimal());
            if (op == "/")
            {
                var scale = Math.Min(28, Scale(x) + 4);
                return SqlValue.Of(WithScale(Math.Round(x / y, scale, MidpointRounding.AwayFromZero), scale));
            }

            var result = op == "DIV" ? decimal.Truncate(x / y) : x % y;
            return op == "DIV" || (IsWhole(a) && IsWhole(b))
                ? a.Kind == ValueKind.UInt ? SqlValue.Of((ulong)result) : SqlValue.Of((long)result)
                : SqlValue.Of(result);
        }

        var (left, right) = (a.ToDouble(), b.ToDouble());
        return op switch
        {
            "/" => SqlValue.Of(left / right),
            "DIV" => SqlValue.Of((long)(left / right)),
            _ => SqlValue.Of(left % right),
        };
    }

    public static int Scale(decimal value) => value.Scale;

    /// <summary>The same number with exactly that many digits after the point.</summary>
    public static decimal WithScale(decimal value, int scale)
    {
        value = Math.Round(value, Math.Min(scale, 28), MidpointRounding.AwayFromZero);
        while (value.Scale < scale)
        {
            var wider = value * 1.0m;
            if (wider.Scale == value.Scale)
                return value;
            value = wider;
        }

        return value;
    }
}
