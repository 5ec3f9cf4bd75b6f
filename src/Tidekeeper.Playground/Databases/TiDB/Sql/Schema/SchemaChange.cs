namespace Tidekeeper.Playground.Databases.TiDB.Sql;

/// <summary>
/// A change of schemas: collects what to write, and commits it together with a new schema version, so that every TiDB
/// of the cluster reads its catalog anew. Rows that change with it (a new index, a dropped table) are in the same
/// commit.
/// </summary>
internal sealed class SchemaChange(IKeyValue store)
{
    private const int PageOfDeletes = 4096;

    private readonly List<(string Key, byte[]? Value)> _writes = [];
    private readonly long _version = Catalog.StoredVersion(store) + 1;
    private long? _nextId;

    public long NewId()
    {
        _nextId ??= Math.Max(Catalog.ReadNumber(store, Catalog.NextIdKey), 100);
        return _nextId++.Value;
    }

    public void Put(DatabaseSchema database) =>
        Write(Catalog.KeyOf(database), Catalog.Bytes(SchemaJson.Write(database)));

    public void Drop(DatabaseSchema database)
    {
        foreach (var table in database.Tables.Values)
            Drop(table);
        Write(Catalog.KeyOf(database), null);
    }

    public void Put(TableSchema table) =>
        Write(Catalog.KeyOf(table), Catalog.Bytes(SchemaJson.Write(table.At(_version))));

    public void Drop(TableSchema table)
    {
        Write(Catalog.KeyOf(table), null);
        DropKeys(KeyCodec.Table(table.Id));
        Write(Sequence.KeyOf(table.Id), null);
        Write(Sequence.RowKeyOf(table.Id), null);
    }

    /// <summary>Deletes all keys with the prefix.</summary>
    public void DropKeys(string prefix)
    {
        var start = prefix;
        while (true)
        {
            var page = store.Scan(start, KeyCodec.After(prefix), PageOfDeletes);
            foreach (var (key, _) in page)
                Write(key, null);
            if (page.Count < PageOfDeletes)
                return;
            start = page[^1].Key + "\0";
        }
    }

    public void Write(string key, byte[]? value) => _writes.Add((key, value));

    public void Commit()
    {
        if (_nextId is { } next)
            Write(Catalog.NextIdKey, Catalog.Number(next));
        Write(Catalog.VersionKey, Catalog.Number(_version));
        store.Timestamp();
        store.Commit(_writes);
    }
}
