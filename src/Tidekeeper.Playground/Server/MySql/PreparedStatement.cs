using System.Globalization;
using System.Text;
using Tidekeeper.Playground.Network;

namespace Tidekeeper.Playground.Server.MySql;

/// <summary>
/// A prepared statement: its text and the places of its parameters. To execute it, the values are written into the text
/// as literals and the statement runs like any other.
/// </summary>
internal sealed class PreparedStatement
{
    private readonly string _text;
    private readonly List<int> _places;
    private readonly SortedDictionary<int, List<byte>> _longData = [];
    private int[] _types = [];

    public PreparedStatement(string text)
    {
        _text = text;
        _places = StatementText.Find(text, '?');
        if (_places.Count > ushort.MaxValue)
            throw new SqlFault(1390, "HY000", "Prepared statement contains too many placeholders");
    }

    public int Parameters => _places.Count;

    /// <summary>COM_STMT_SEND_LONG_DATA: a part of a value that comes before the execution.</summary>
    public void AddLongData(int parameter, ReadOnlySpan<byte> part)
    {
        if (!_longData.TryGetValue(parameter, out var data))
            _longData[parameter] = data = [];
        if (data.Count + part.Length <= PacketStream.LargestPayload)
            data.AddRange(part);
    }

    public void Reset() => _longData.Clear();

    /// <summary>The statement with the values of an execution in place.</summary>
    public string Bind(ref PayloadReader reader)
    {
        if (Parameters == 0)
            return _text;
        var nulls = reader.Take((Parameters + 7) / 8).ToArray();
        if (reader.Byte() == 1)
        {
            _types = new int[Parameters];
            for (var i = 0; i < Parameters; i++)
                _types[i] = reader.Int16();
        }

        if (_types.Length != Parameters)
            throw new SqlFault(1210, "HY000", "Incorrect arguments to mysqld_stmt_execute");
        var text = new StringBuilder();
        var from = 0;
        for (var i = 0; i < Parameters; i++)
        {
            text.Append(_text, from, _places[i] - from).Append(' ');
            from = _places[i] + 1;
            if (_longData.TryGetValue(i, out var data))
                text.Append(Quoted(ByteText.Decode([.. data])));
            else if ((nulls[i / 8] & (1 << (i % 8))) != 0)
                text.Append("NULL");
            else
                text.Append(Value(ref reader, _types[i]));
            text.Append(' ');
        }

        Reset();
        return text.Append(_text, from, _text.Length - from).ToString();
    }

    private static string Value(ref PayloadReader reader, int type)
    {
        var unsigned = (type & 0x8000) != 0;
        switch (type & 0xFF)
        {
            case 1:
                var tiny = reader.Byte();
                return Text(unsigned ? tiny : (sbyte)tiny);
            case 2 or 13:
                var small = reader.Int16();
                return Text(unsigned ? small : (short)small);
            case 3 or 9:
                var whole = reader.Int32();
                return Text(unsigned ? whole : (int)whole);
            case 8:
                var large = reader.Int64();
                return unsigned ? large.ToString(CultureInfo.InvariantCulture) : Text(unchecked((long)large));
            case 4:
                return Real(BitConverter.UInt32BitsToSingle(reader.Int32())
                    .ToString("R", CultureInfo.InvariantCulture));
            case 5:
                return Real(BitConverter.UInt64BitsToDouble(reader.Int64())
                    .ToString("R", CultureInfo.InvariantCulture));
            case 6:
                return "NULL";
            case 7 or 10 or 12:
                return Moment(ref reader);
            case 11:
                return Time(ref reader);
            case 0 or 246:
                return Quoted(ByteText.Decode(reader.Counted()));
            default:
                return Quoted(ByteText.Decode(reader.Counted()));
        }
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Real(string text) => text.Contains('E') ? text : text + "e0";

    private static string Quoted(string text) =>
        "'" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal) + "'";

    private static string Moment(ref PayloadReader reader)
    {
        var length = reader.Byte();
        if (length == 0)
            return "'0000-00-00'";
        var text = $"{reader.Int16():0000}-{reader.Byte():00}-{reader.Byte():00}";
        if (length > 4)
            text += $" {reader.Byte():00}:{reader.Byte():00}:{reader.Byte():00}";
        return "'" + text + (length > 7 ? $".{reader.Int32():000000}" : "") + "'";
    }

    private static string Time(ref PayloadReader reader)
    {
        var length = reader.Byte();
        if (length == 0)
            return "'00:00:00'";
        var sign = reader.Byte() == 1 ? "-" : "";
        var days = reader.Int32();
        var text = $"{sign}{(days * 24) + reader.Byte():00}:{reader.Byte():00}:{reader.Byte():00}";
        return "'" + text + (length > 8 ? $".{reader.Int32():000000}" : "") + "'";
    }
}
