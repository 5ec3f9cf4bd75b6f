using System.Globalization;
using System.Text;
using Tidekeeper.Playground.Network;

namespace Tidekeeper.Playground.Databases.TiDB.Sql;

/// <summary>
/// A row as bytes: for each column its id, the kind of value and the value. Columns go by id, so that a column can be
/// added or dropped without touching a row.
/// </summary>
internal static class RowCodec
{
    public static byte[] Encode(TableSchema table, SqlValue[] row)
    {
        using var bytes = new MemoryStream(64);
        using var writer = new BinaryWriter(bytes, Encoding.UTF8);
        for (var i = 0; i < table.Columns.Count; i++)
        {
            writer.Write7BitEncodedInt(table.Columns[i].Id);
            Write(writer, row[i]);
        }

        return bytes.ToArray();
    }

    public static SqlValue[] Decode(TableSchema table, byte[] bytes)
    {
        var row = new SqlValue[table.Columns.Count];
        foreach (var (index, value) in table.LateColumns)
            row[index] = value;
        using var reader = new BinaryReader(new MemoryStream(bytes), Encoding.UTF8);
        while (reader.BaseStream.Position < bytes.Length)
        {
            var index = table.IndexOfId(reader.Read7BitEncodedInt());
            var value = Read(reader);
            if (index >= 0)
                row[index] = value;
        }

        return row;
    }

    private static void Write(BinaryWriter writer, SqlValue value)
    {
        writer.Write((byte)value.Kind);
        switch (value.Kind)
        {
            case ValueKind.Null:
                break;
            case ValueKind.Int or ValueKind.UInt:
                writer.Write7BitEncodedInt64((value.Bits << 1) ^ (value.Bits >> 63));
                break;
            case ValueKind.Double:
                writer.Write(value.Bits);
                break;
            case ValueKind.Decimal:
                writer.Write(value.ToDecimal());
                break;
            case ValueKind.Time:
                writer.Write(value.Bits);
                writer.Write((byte)value.TimeDigits);
                break;
            case ValueKind.Enum:
                writer.Write7BitEncodedInt((int)value.Bits);
                WriteText(writer, value.Text);
                break;
            default:
                WriteText(writer, value.Text);
                break;
        }
    }

    private static void WriteText(BinaryWriter writer, string text)
    {
        var bytes = ByteText.Encode(text);
        writer.Write7BitEncodedInt(bytes.Length);
        writer.Write(bytes);
    }

    private static string ReadText(BinaryReader reader) =>
        ByteText.Decode(reader.ReadBytes(reader.Read7BitEncodedInt()));

    private static long ReadLong(BinaryReader reader)
    {
        var folded = reader.Read7BitEncodedInt64();
        return (long)((ulong)folded >> 1) ^ -(folded & 1);
    }

    private static SqlValue Read(BinaryReader reader)
    {
        var kind = (ValueKind)reader.ReadByte();
        switch (kind)
        {
            case ValueKind.Null:
                return SqlValue.Null;
            case ValueKind.Int:
                return SqlValue.Of(ReadLong(reader));
            case ValueKind.UInt:
                return SqlValue.Of(unchecked((ulong)ReadLong(reader)));
            case ValueKind.Double:
                return SqlValue.Of(reader.ReadDouble());
            case ValueKind.Decimal:
                return SqlValue.Of(reader.ReadDecimal());
            case ValueKind.Time:
                return SqlValue.OfTime(reader.ReadInt64(), reader.ReadByte());
            case ValueKind.Enum:
                return SqlValue.OfEnum(reader.Read7BitEncodedInt(), ReadText(reader));
            case ValueKind.Text:
                return SqlValue.Of(ReadText(reader));
            case ValueKind.Bytes:
                return SqlValue.OfBytes(ReadText(reader));
            case ValueKind.Date:
                return SqlValue.OfDate(ReadText(reader));
            case ValueKind.DateTime:
                return SqlValue.OfDateTime(ReadText(reader));
            default:
                throw new InvalidDataException(
                    string.Create(CultureInfo.InvariantCulture,
                        $"a stored row has a value of unknown kind {(int)kind}"));
        }
    }
}
