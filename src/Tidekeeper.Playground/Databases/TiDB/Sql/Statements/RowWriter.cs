using System.Text;

namespace Tidekeeper.Playground.Databases.TiDB.Sql;

/// <summary>Writes rows of one table together with their index entries, and keeps unique keys unique.</summary>
internal sealed class RowWriter(TableSchema table, Transaction transaction, bool isChecked)
{
    /// <summary>The row that stands in the way, and by which key; null when there is none.</summary>
    public (StoredRow Row, IndexSchema Index)? Conflict(SqlValue[] row, string? ownHandle)
    {
        foreach (var index in table.Indexes.Where(i => i.Kind != IndexKind.Plain).OrderBy(i => i.Kind))
        {
            if (index.Kind == IndexKind.Primary)
            {
                var handle = Handle(row);
                if (handle != ownHandle && Read(handle) is { } there)
                    return (there, index);
            }
            else if (!HasNull(index, row) && transaction.Get(IndexKey(index, row)) is { } owner &&
                Encoding.ASCII.GetString(owner) is var other && other != ownHandle && Read(other) is { } found)
            {
                return (found, index);
            }
        }

        return null;
    }

    /// <summary>Error 1062 with the values of the key.</summary>
    public Network.SqlFault Duplicate(IndexSchema index, SqlValue[] row) => SqlErrors.DuplicateKey(
        string.Join('-', index.Parts.Select(p => row[table.IndexOf(p.Column)].ToString())),
            $"{table.Name}.{index.Name}");

    /// <summary>Where the row lives by its primary key.</summary>
    public string Handle(SqlValue[] row)
    {
        var key = new StringBuilder();
        foreach (var part in table.Primary!.Parts)
            Append(key, part, row);
        return key.ToString();
    }

    /// <summary>Where a row without a primary key lives.</summary>
    public static string HandleOf(long rowId)
    {
        var key = new StringBuilder();
        KeyCodec.Append(key, SqlValue.Of(rowId), ColumnType.BigInt);
        return key.ToString();
    }

    public void Insert(string handle, SqlValue[] row)
    {
        Put(KeyCodec.Rows(table.Id) + handle, RowCodec.Encode(table, row), true);
        foreach (var index in table.Indexes)
            PutEntry(index, handle, row);
    }

    public void Delete(StoredRow row)
    {
        Put(KeyCodec.Rows(table.Id) + row.Handle, null, true);
        foreach (var index in table.Indexes)
            if (index.Kind != IndexKind.Primary)
                Put(EntryKey(index, row.Handle, row.Values), null, index.Kind == IndexKind.Unique);
    }

    public void Update(StoredRow old, SqlValue[] row)
    {
        var handle = table.Primary is null ? old.Handle : Handle(row);
        if (handle != old.Handle)
        {
            Delete(old);
            Insert(handle, row);
            return;
        }

        Put(KeyCodec.Rows(table.Id) + handle, RowCodec.Encode(table, row), true);
        foreach (var index in table.Indexes)
        {
            if (index.Kind == IndexKind.Primary)
                continue;
            var before = EntryKey(index, handle, old.Values);
            if (before == EntryKey(index, handle, row))
                continue;
            Put(before, null, index.Kind == IndexKind.Unique);
            PutEntry(index, handle, row);
        }
    }

    /// <summary>The entry of a row in an index, as a pair to store.</summary>
    public (string Key, byte[] Value) Entry(IndexSchema index, string handle, SqlValue[] row) =>
        (EntryKey(index, handle, row), Encoding.ASCII.GetBytes(handle));

    private void PutEntry(IndexSchema index, string handle, SqlValue[] row)
    {
        if (index.Kind == IndexKind.Primary)
            return;
        var (key, value) = Entry(index, handle, row);
        Put(key, value, index.Kind == IndexKind.Unique);
    }

    private void Put(string key, byte[]? value, bool shared)
    {
        if (isChecked && shared)
            transaction.PutChecked(key, value);
        else
            transaction.Put(key, value);
    }

    private StoredRow? Read(string handle) =>
        transaction.Get(KeyCodec.Rows(table.Id) + handle) is { } bytes
            ? new StoredRow(handle, RowCodec.Decode(table, bytes)) : null;

    private bool HasNull(IndexSchema index, SqlValue[] row) =>
        index.Parts.Any(p => row[table.IndexOf(p.Column)].IsNull);

    private string IndexKey(IndexSchema index, SqlValue[] row)
    {
        var key = new StringBuilder(KeyCodec.Index(table.Id, index.Id));
        foreach (var part in index.Parts)
            Append(key, part, row);
        return key.ToString();
    }

    /// <summary>Several rows may have NULL in a unique key, so there the handle makes the difference.</summary>
    private string EntryKey(IndexSchema index, string handle, SqlValue[] row) =>
        index.Kind == IndexKind.Unique && !HasNull(index, row) ? IndexKey(index, row) : IndexKey(index, row) + handle;

    private void Append(StringBuilder key, IndexPart part, SqlValue[] row)
    {
        var column = table.IndexOf(part.Column);
        KeyCodec.Append(key, row[column], table.Columns[column].Type, part.Length);
    }
}
