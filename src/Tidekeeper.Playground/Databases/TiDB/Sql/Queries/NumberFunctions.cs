namespace Tidekeeper.Playground.Databases.TiDB.Sql;

/// <summary>Functions of numbers.</summary>
internal static class NumberFunctions
{
    public static IEnumerable<(string Names, Function Function)> All =>
    [
        ("ABS", Same(1, 1, a => a[0].ToDouble() < 0 ? Evaluation.Negate(a[0]) : AsNumber(a[0]))),
        ("ROUND", Same(1, 2, a => Round(a[0], a.Length > 1 ? a[1].ToLong() : 0)) with { Type = RoundedType }),
        ("TRUNCATE", Same(2, 2, a => Truncate(a[0], a[1].ToLong()))),
        ("CEIL CEILING", Whole(a => Math.Ceiling(a))),
        ("FLOOR", Whole(a => Math.Floor(a))),
        ("MOD", Same(2, 2, a => Comparison.Arithmetic("%", a[0], a[1]))),
        ("POW POWER", Double(2, a => Math.Pow(a[0].ToDouble(), a[1].ToDouble()))),
        ("SQRT", Double(1, a => Math.Sqrt(a[0].ToDouble()))),
        ("EXP", Double(1, a => Math.Exp(a[0].ToDouble()))),
        ("LN", Double(1, a => Math.Log(a[0].ToDouble()))),
        ("LOG", Functions.Of(1, 2, ColumnType.Double, a => Real(a.Length == 1
            ? Math.Log(a[0].ToDouble()) : Math.Log(a[1].ToDouble()) / Math.Log(a[0].ToDouble())))),
        ("LOG2", Double(1, a => Math.Log2(a[0].ToDouble()))),
        ("LOG10", Double(1, a => Math.Log10(a[0].ToDouble()))),
        ("SIN", Double(1, a => Math.Sin(a[0].ToDouble()))),
        ("COS", Double(1, a => Math.Cos(a[0].ToDouble()))),
        ("TAN", Double(1, a => Math.Tan(a[0].ToDouble()))),
        ("RADIANS", Double(1, a => a[0].ToDouble() * Math.PI / 180)),
        ("DEGREES", Double(1, a => a[0].ToDouble() * 180 / Math.PI)),
        ("SIGN", Functions.Of(1, 1, ColumnType.BigInt, a => SqlValue.Of((long)Math.Sign(a[0].ToDouble())))),
        ("PI", Functions.Of(0, 0, ColumnType.Double, _ => SqlValue.Of(3.141593))),
        ("RAND", new Function(0, 1, _ => ColumnType.Double, (c, a) => a.Length == 0
            ? SqlValue.Of(c.Session.Server.Facts.Chance.NextDouble())
            : throw SqlErrors.Unsupported("RAND(seed)")) { IsVolatile = true }),
        ("GREATEST", Same(2, 1000, a => Most(a, 1)) with { Type = MergedType }),
        ("LEAST", Same(2, 1000, a => Most(a, -1)) with { Type = MergedType }),
        ("CRC32", Functions.Of(1, 1, ColumnType.UnsignedBigInt, a => SqlValue.Of(Crc32(a[0].ToString())))),
        ("ISNULL", Functions.Of(1, 1, ColumnType.Boolean, a => SqlValue.Of(a[0].IsNull)) with { SeesNull = true }),
    ];

    private static Function Same(int fewest, int most, Func<SqlValue[], SqlValue> compute) =>
        new(fewest, most, types => types[0].IsNumber ? types[0] : ColumnType.Double, (_, a) => compute(a));

    private static Function Double(int count, Func<SqlValue[], double> compute) =>
        Functions.Of(count, count, ColumnType.Double, a => Real(compute(a)));

    private static SqlValue Real(double value) =>
        double.IsFinite(value) ? SqlValue.Of(value) : SqlValue.Null;

    private static Function Whole(Func<decimal, decimal> compute) =>
        new(1, 1, types => types[0].IsInteger || types[0].Name == TypeName.Decimal ? ColumnType.BigInt
            : ColumnType.Double,
            (_, a) => a[0].Kind is ValueKind.Int or ValueKind.UInt ? a[0]
                : a[0].Kind == ValueKind.Decimal ? SqlValue.Of((long)compute(a[0].ToDecimal()))
                : SqlValue.Of((double)compute(a[0].ToDecimal())));

    private static ColumnType RoundedType(ColumnType[] types) =>
        types[0].Name == TypeName.Decimal ? ColumnType.Decimal(0)
        : types[0].IsNumber ? types[0] : ColumnType.Double;

    private static ColumnType MergedType(ColumnType[] types) => types.Aggregate(ColumnType.Nothing, Binder.Merge);

    private static SqlValue AsNumber(SqlValue value) => value.IsNumber ? value : SqlValue.Of(value.ToDouble());

    private static SqlValue Most(SqlValue[] values, int sign)
    {
        var best = values[0];
        foreach (var value in values)
            if (Comparison.Compare(value, best, TextOrder.Binary) * sign > 0)
                best = value;
        return best;
    }

    private static SqlValue Round(SqlValue value, long digits)
    {
        if (value.Kind is ValueKind.Int or ValueKind.UInt && digits >= 0)
            return value;
        if (value.Kind is ValueKind.Int or ValueKind.Decimal or ValueKind.UInt)
        {
            var rounded = Round(value.ToDecimal(), digits);
            return value.Kind == ValueKind.Int ? SqlValue.Of((long)rounded) : SqlValue.Of(rounded);
        }

        var number = value.ToDouble();
        var power = Math.Pow(10, digits);
        var scaled = number * power;
        return SqlValue.Of(double.IsFinite(scaled)
            ? Math.Round(scaled, MidpointRounding.AwayFromZero) / power : number);
    }

    private static decimal Round(decimal value, long digits)
    {
        if (digits >= 0)
            return Math.Round(value, (int)Math.Min(digits, 28), MidpointRounding.AwayFromZero);
        if (digits < -28)
            return 0;
        var power = (decimal)Math.Pow(10, -digits);
        return Math.Round(value / power, MidpointRounding.AwayFromZero) * power;
    }

    private static SqlValue Truncate(SqlValue value, long digits)
    {
        if (value.Kind is ValueKind.Int or ValueKind.UInt && digits >= 0)
            return value;
        var power = (decimal)Math.Pow(10, Math.Clamp(digits, -18, 18));
        var cut = decimal.Truncate(value.ToDecimal() * power) / power;
        return value.Kind switch
        {
            ValueKind.Int => SqlValue.Of((long)cut),
            ValueKind.Decimal or ValueKind.UInt => SqlValue.Of(cut),
            _ => SqlValue.Of((double)cut),
        };
    }

    private static ulong Crc32(string text)
    {
        var crc = 0xFFFFFFFFu;
        foreach (var b in Network.ByteText.Encode(text))
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xEDB88320u : 0);
        }

        return ~crc;
    }
}
