using System.Globalization;
using Tidekeeper.Playground.Network;

namespace Tidekeeper.Playground.Server.MySql;

/// <summary>A row of a prepared statement's result: numbers and dates in binary, all else as text.</summary>
internal static class BinaryRow
{
    public static Payload Write(Payload payload, IReadOnlyList<SqlColumn> columns, IReadOnlyList<string?> row)
    {
        var nulls = new byte[(columns.Count + 9) / 8];
        for (var i = 0; i < row.Count; i++)
            if (row[i] is null)
                nulls[(i + 2) / 8] |= (byte)(1 << ((i + 2) % 8));
        payload.Byte(0).Raw(nulls);
        for (var i = 0; i < row.Count; i++)
            if (row[i] is { } text)
                Write(payload, columns[i], text);
        return payload;
    }

    private static void Write(Payload payload, SqlColumn column, string text)
    {
        switch (column.MySqlType)
        {
            case 1:
                payload.Byte((int)Number(column, text));
                break;
            case 2 or 13:
                payload.Int16((int)Number(column, text));
                break;
            case 3 or 9:
                payload.Int32((long)Number(column, text));
                break;
            case 8:
                payload.Int64(Number(column, text));
                break;
            case 4:
                payload.Int32(BitConverter.SingleToInt32Bits(float.Parse(text, CultureInfo.InvariantCulture)));
                break;
            case 5:
                payload.Int64(BitConverter.DoubleToUInt64Bits(double.Parse(text, CultureInfo.InvariantCulture)));
                break;
            case 7 or 10 or 12:
                Moment(payload, text);
                break;
            case 11:
                Time(payload, text);
                break;
            default:
                payload.Text(text);
                break;
        }
    }

    private static ulong Number(SqlColumn column, string text) => column.IsUnsigned
        ? ulong.Parse(text, CultureInfo.InvariantCulture)
        : unchecked((ulong)long.Parse(text, CultureInfo.InvariantCulture));

    /// <summary>yyyy-MM-dd[ HH:mm:ss[.ffffff]]</summary>
    private static void Moment(Payload payload, string text)
    {
        var fraction = text.Length > 20 ? int.Parse(text[20..].PadRight(6, '0'), CultureInfo.InvariantCulture) : 0;
        payload.Byte(fraction > 0 ? 11 : text.Length > 10 ? 7 : 4)
            .Int16(Digits(text, 0, 4)).Byte(Digits(text, 5, 2)).Byte(Digits(text, 8, 2));
        if (text.Length > 10)
            payload.Byte(Digits(text, 11, 2)).Byte(Digits(text, 14, 2)).Byte(Digits(text, 17, 2));
        if (fraction > 0)
            payload.Int32(fraction);
    }

    private static int Digits(string text, int start, int count) =>
        int.Parse(text.AsSpan(start, count), CultureInfo.InvariantCulture);

    /// <summary>[-]hhh:mm:ss[.ffffff]</summary>
    private static void Time(Payload payload, string text)
    {
        var parts = text.TrimStart('-').Split(':', '.');
        var hours = int.Parse(parts[0], CultureInfo.InvariantCulture);
        var fraction = parts.Length > 3 ? int.Parse(parts[3].PadRight(6, '0'), CultureInfo.InvariantCulture) : 0;
        payload.Byte(fraction > 0 ? 12 : 8).Byte(text[0] == '-' ? 1 : 0).Int32(hours / 24).Byte(hours % 24)
            .Byte(int.Parse(parts[1], CultureInfo.InvariantCulture))
                .Byte(int.Parse(parts[2], CultureInfo.InvariantCulture));
        if (fraction > 0)
            payload.Int32(fraction);
    }
}
