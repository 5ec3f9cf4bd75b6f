namespace Tidekeeper.Playground.Databases.TiDB.Sql;

/// <summary>A table: what its rows look like and how they are found. Immutable.</summary>
internal sealed class TableSchema
{
    private readonly int[] _byId;
    private readonly SortedDictionary<string, int> _byName = new(StringComparer.OrdinalIgnoreCase);

    public required long Id { get; init; }
    public required string Database { get; init; }
    public required string Name { get; init; }
    public IReadOnlyList<ColumnSchema> Columns { get; }
    public IReadOnlyList<IndexSchema> Indexes { get; }
    public string Charset { get; init; } = "utf8mb4";
    public string Collation { get; init; } = Collations.Default;
    public string Comment { get; init; } = "";
    public int NextColumnId { get; init; } = 1;
    public int NextIndexId { get; init; } = 1;

    /// <summary>The schema version at which it last changed.</summary>
    public long Version { get; init; }

    /// <summary>When it was created, as a datetime text.</summary>
    public string Created { get; init; } = "";

    public TableSchema(IReadOnlyList<ColumnSchema> columns, IReadOnlyList<IndexSchema> indexes)
    {
        Columns = columns;
        Indexes = indexes;
        _byId = new int[columns.Count == 0 ? 1 : columns.Max(c => c.Id) + 1];
        Array.Fill(_byId, -1);
        for (var i = 0; i < columns.Count; i++)
        {
            _byId[columns[i].Id] = i;
            _byName[columns[i].Name] = i;
        }

        LateColumns = [.. columns.Select((c, i) => (Index: i, c.ValueOfOldRows))
            .Where(c => !c.ValueOfOldRows.IsNull)];
    }

    /// <summary>Columns added after rows were there, with what those rows have in them.</summary>
    public IReadOnlyList<(int Index, SqlValue Value)> LateColumns { get; }

    /// <summary>The primary key, by which rows are stored; null: rows have a hidden number.</summary>
    public IndexSchema? Primary => Indexes.FirstOrDefault(i => i.Kind == IndexKind.Primary);

    public int AutoIncrementColumn
    {
        get
        {
            for (var i = 0; i < Columns.Count; i++)
                if (Columns[i].AutoIncrement)
                    return i;
            return -1;
        }
    }

    public int IndexOfId(int id) => id < _byId.Length ? _byId[id] : -1;

    public int IndexOf(string column) => _byName.TryGetValue(column, out var index) ? index : -1;

    public TableSchema With(
        IReadOnlyList<ColumnSchema>? columns = null, IReadOnlyList<IndexSchema>? indexes = null,
        int? nextColumn = null, int? nextIndex = null, long? id = null, string? name = null, string? database = null,
        string? comment = null) =>
        new(columns ?? Columns, indexes ?? Indexes)
        {
            Id = id ?? Id,
            Database = database ?? Database,
            Name = name ?? Name,
            Charset = Charset,
            Collation = Collation,
            Comment = comment ?? Comment,
            NextColumnId = nextColumn ?? NextColumnId,
            NextIndexId = nextIndex ?? NextIndexId,
            Version = Version,
            Created = Created,
        };

    public TableSchema At(long version) =>
        new(Columns, Indexes)
        {
            Id = Id,
            Database = Database,
            Name = Name,
            Charset = Charset,
            Collation = Collation,
            Comment = Comment,
            NextColumnId = NextColumnId,
            NextIndexId = NextIndexId,
            Version = version,
            Created = Created,
        };
}

internal sealed record ColumnSchema(int Id, string Name, ColumnType Type)
{
    public bool NotNull { get; init; }
    public bool AutoIncrement { get; init; }

    /// <summary>Whether there is a default at all; it may be NULL.</summary>
    public bool HasDefault { get; init; }

    public SqlValue Default { get; init; }

    /// <summary>DEFAULT CURRENT_TIMESTAMP.</summary>
    public bool DefaultsToNow { get; init; }

    /// <summary>ON UPDATE CURRENT_TIMESTAMP.</summary>
    public bool UpdatesToNow { get; init; }

    public string Comment { get; init; } = "";

    public SqlValue ValueOfOldRows { get; init; }
}

internal sealed record IndexSchema(int Id, string Name, IndexKind Kind, IReadOnlyList<IndexPart> Parts);

internal sealed record DatabaseSchema(string Name, string Charset, string Collation)
{
    public SortedDictionary<string, TableSchema> Tables { get; } = new(StringComparer.OrdinalIgnoreCase);
}
