using Tidekeeper.Playground.Network;

namespace Tidekeeper.Playground.Server.MySql;

/// <summary>The packets with which a server answers a command.</summary>
internal sealed class Answers(PacketStream packets)
{
    private const int StatusInTransaction = 0x1;
    private const int StatusAutocommit = 0x2;
    private const int StatusMoreResults = 0x8;
    private const int FlagNotNull = 1;
    private const int FlagBlob = 16;
    private const int FlagUnsigned = 32;
    private const int FlagBinary = 128;
    private const int FlagAutoIncrement = 512;
    private const int FlagNumber = 32768;
    private const int CharsetBinary = 63;
    private const int CharsetUtf8Mb4Bin = 46;

    private readonly Payload _payload = new();

    /// <summary>The session whose flags go with the answers; null before the login.</summary>
    public ISqlSession? Session { get; set; }

    public void Ok(long affected = 0, long lastInsertId = 0, int warnings = 0, bool more = false) =>
        packets.Write(_payload.Clear().Byte(0).Count((ulong)affected).Count((ulong)lastInsertId)
            .Int16(Status(more)).Int16(warnings).Bytes);

    public void Eof(int warnings = 0, bool more = false) =>
        packets.Write(_payload.Clear().Byte(0xFE).Int16(warnings).Int16(Status(more)).Bytes);

    public void Error(SqlFault fault) =>
        packets.Write(_payload.Clear().Byte(0xFF).Int16(fault.Code).LastText("#").LastText(fault.State)
            .LastText(fault.Message).Bytes);

    public void Raw(Payload payload) => packets.Write(payload.Bytes);

    public void Text(string text) => packets.Write(_payload.Clear().LastText(text).Bytes);

    /// <summary>A result: an OK with counts, or columns and rows.</summary>
    public async Task Result(SqlResult result, bool binary, bool more, CancellationToken stop)
    {
        if (result.Columns is not { } columns)
        {
            Ok(result.AffectedRows, result.LastInsertId, result.Warnings, more);
            return;
        }

        packets.Write(_payload.Clear().Count((ulong)columns.Count).Bytes);
        foreach (var column in columns)
            packets.Write(Column(_payload.Clear(), column).Bytes);
        Eof();
        foreach (var row in result.Rows)
        {
            packets.Write((binary ? BinaryRow.Write(_payload.Clear(), columns, row) : TextRow(row)).Bytes);
            await packets.FlushIfLarge(stop);
        }

        Eof(result.Warnings, more);
    }

    /// <summary>The answer to COM_FIELD_LIST: columns with a default value of NULL.</summary>
    public void Fields(IReadOnlyList<SqlColumn> columns)
    {
        foreach (var column in columns)
            packets.Write(Column(_payload.Clear(), column).Byte(0xFB).Bytes);
        Eof();
    }

    /// <summary>The answer to COM_STMT_PREPARE. The columns of the result are told with the result.</summary>
    public void Prepared(uint id, int parameters)
    {
        packets.Write(_payload.Clear().Byte(0).Int32(id).Int16(0).Int16(parameters).Byte(0).Int16(0).Bytes);
        for (var i = 0; i < parameters; i++)
            packets.Write(Column(_payload.Clear(), new SqlColumn("?", 253) { IsBinary = true }).Bytes);
        if (parameters > 0)
            Eof();
    }

    private Payload TextRow(IReadOnlyList<string?> row)
    {
        _payload.Clear();
        foreach (var value in row)
        {
            if (value is null)
                _payload.Byte(0xFB);
            else
                _payload.Text(value);
        }

        return _payload;
    }

    private int Status(bool more) =>
        (Session?.InTransaction == true ? StatusInTransaction : 0) |
        (Session?.Autocommit != false ? StatusAutocommit : 0) | (more ? StatusMoreResults : 0);

    private static Payload Column(Payload payload, SqlColumn column)
    {
        var isNumber = column.MySqlType is <= 6 or 8 or 9 or 13 or 246;
        var flags = (column.IsNotNull ? FlagNotNull : 0) | (column.IsUnsigned ? FlagUnsigned : 0) |
            (column.IsBinary ? FlagBinary : 0) | (column.IsAutoIncrement ? FlagAutoIncrement : 0) |
            (isNumber ? FlagNumber : 0) | (column.MySqlType == 252 ? FlagBlob : 0);
        return payload.Text("def").Text(column.Schema).Text(column.Table)
            .Text(column.OriginalTable.Length > 0 ? column.OriginalTable : column.Table)
            .Text(column.Name).Text(column.OriginalName)
            .Byte(12).Int16(column.IsBinary ? CharsetBinary : CharsetUtf8Mb4Bin)
            .Int32(column.Length).Byte(column.MySqlType).Int16(flags).Byte(column.Decimals).Int16(0);
    }
}
