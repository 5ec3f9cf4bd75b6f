using System.Globalization;
using Tidekeeper.Playground.Network;

namespace Tidekeeper.Playground.Databases.TiDB.Sql;

/// <summary>Values and columns as the protocol sends them.</summary>
internal static class Results
{
    public static string? Text(SqlValue value, ColumnType type)
    {
        if (value.Kind == ValueKind.Decimal && type.Name == TypeName.Decimal && type.Scale > 0)
            return Comparison.WithScale(value.ToDecimal(), type.Scale).ToString(CultureInfo.InvariantCulture);
        if (type.Name == TypeName.Bit && !value.IsNull)
            return Bits(value.Unsigned, (Math.Max(type.Length, 1) + 7) / 8);
        if (type.ZeroFill && type.IsInteger && value.ToClient() is { } digits)
            return digits.PadLeft(Math.Max(type.Length, type.Name == TypeName.Int ? 10 : 1), '0');
        if (type.Name == TypeName.Float && value.Kind == ValueKind.Double)
            return SqlValue.Of(double.Parse(
                ((float)value.ToDouble()).ToString("G6", CultureInfo.InvariantCulture),
                    CultureInfo.InvariantCulture)).ToClient();
        return value.ToClient();
    }

    private static string Bits(ulong value, int length)
    {
        var bytes = new byte[length];
        for (var i = length - 1; i >= 0; i--, value >>= 8)
            bytes[i] = (byte)value;
        return ByteText.Decode(bytes);
    }

    public static SqlColumn Column(PlanColumn column)
    {
        var type = column.Type;
        var source = column.Source;
        return new SqlColumn(column.Name, type.Protocol, source?.Table ?? "", source?.Schema ?? "")
        {
            OriginalTable = source?.OriginalTable ?? "",
            OriginalName = source?.Name ?? "",
            IsBinary = !type.IsCharacters && type.Name != TypeName.Json,
            IsUnsigned = type.Unsigned,
            IsNotNull = source?.Column?.NotNull == true,
            IsAutoIncrement = source?.Column?.AutoIncrement == true,
            Decimals = (byte)(type.Name is TypeName.Float or TypeName.Double ? type.Scale >= 0 ? type.Scale : 31
                : type.Name == TypeName.Decimal || type.IsTemporal ? Math.Max(type.Scale, 0) : 0),
            Length = Length(type),
        };
    }

    private static long Length(ColumnType type) =>
        type.IsCharacters ? Math.Min((type.MaxLength ?? 1024) * 4, uint.MaxValue)
        : type.IsBinary ? Math.Min(type.MaxLength ?? 1024, uint.MaxValue)
        : type.Name switch
        {
            TypeName.Date => 10,
            TypeName.DateTime or TypeName.Timestamp => 19 + (type.Scale > 0 ? type.Scale + 1 : 0),
            TypeName.Time => 10,
            TypeName.Float => 12,
            TypeName.Double => 22,
            TypeName.Json => uint.MaxValue,
            TypeName.Decimal => type.Length + 2,
            TypeName.TinyInt => 4,
            TypeName.SmallInt => 6,
            TypeName.MediumInt => 9,
            TypeName.Int => 11,
            _ => 20,
        };
}
