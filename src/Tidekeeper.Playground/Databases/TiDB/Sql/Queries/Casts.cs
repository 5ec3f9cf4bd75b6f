using Tidekeeper.Playground.Network;

namespace Tidekeeper.Playground.Databases.TiDB.Sql;

/// <summary>CAST and CONVERT: values that do not fit are cut, never refused.</summary>
internal static class Casts
{
    public static Bound Bind(Bound value, ColumnType type) =>
        Binder.Of(type, [value], row => Cast(value.Compute(row), type));

    public static SqlValue Cast(SqlValue value, ColumnType type)
    {
        if (value.IsNull)
            return value;
        switch (type.Name)
        {
            case TypeName.BigInt when type.Unsigned:
                return SqlValue.Of(value.Kind == ValueKind.UInt ? value.Unsigned
                    : value.Kind == ValueKind.Int ? unchecked((ulong)value.Bits)
                        : (ulong)Math.Max(0, value.ToDecimal()));
            case TypeName.BigInt:
                return SqlValue.Of(value.IsText ? (long)Math.Truncate(value.ToDouble()) is var cut &&
                    !long.TryParse(value.Text.Trim(), out cut) ? (long)Math.Truncate(value.ToDouble()) : cut
                        : value.ToLong());
            case TypeName.Date or TypeName.DateTime:
                var moment = Temporal.Read(value.ToString(), Math.Max(type.Scale, 0));
                return moment is null ? SqlValue.Null
                    : type.Name == TypeName.Date ? SqlValue.OfDate(moment.Value.Text[..10]) : moment.Value;
            case TypeName.VarChar or TypeName.VarBinary or TypeName.LongBlob:
                return Text(value, type);
            default:
                return Storing.ToColumn(value, type, "cast", 1, Lenient.Instance);
        }
    }

    private static SqlValue Text(SqlValue value, ColumnType type)
    {
        var text = value.ToString();
        if (type.Length >= 0 && type.IsBinary)
            text = ByteText.Decode(ByteText.Encode(text).AsSpan(0, Math.Min(type.Length, ByteText.Length(text))));
        else if (type.Length >= 0 && text.Length > type.Length)
            text = text[..type.Length];
        return type.IsBinary ? SqlValue.OfBytes(text) : SqlValue.Of(text);
    }
}
