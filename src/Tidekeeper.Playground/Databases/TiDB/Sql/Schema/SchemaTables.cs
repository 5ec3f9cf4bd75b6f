namespace Tidekeeper.Playground.Databases.TiDB.Sql;

/// <summary>Tables of information_schema about databases, tables, columns and indexes.</summary>
internal static class SchemaTables
{
    public static IEnumerable<SystemTable> All =>
    [
        new("SCHEMATA", SystemTables.Columns(
            """
            CATALOG_NAME SCHEMA_NAME DEFAULT_CHARACTER_SET_NAME DEFAULT_COLLATION_NAME SQL_PATH
            TIDB_PLACEMENT_POLICY_NAME
            """),
            c => Databases(c).Select(d => new object?[] { "def", d.Name, d.Charset, d.Collation, null, null })),
        new("TABLES", SystemTables.Columns(
            """
            TABLE_CATALOG TABLE_SCHEMA TABLE_NAME TABLE_TYPE ENGINE #VERSION ROW_FORMAT #TABLE_ROWS #AVG_ROW_LENGTH
            #DATA_LENGTH #MAX_DATA_LENGTH #INDEX_LENGTH #DATA_FREE #AUTO_INCREMENT CREATE_TIME UPDATE_TIME CHECK_TIME
            TABLE_COLLATION #CHECKSUM CREATE_OPTIONS TABLE_COMMENT #TIDB_TABLE_ID TIDB_ROW_ID_SHARDING_INFO TIDB_PK_TYPE
            """), Tables),
        new("COLUMNS", SystemTables.Columns(
            """
            TABLE_CATALOG TABLE_SCHEMA TABLE_NAME COLUMN_NAME #ORDINAL_POSITION COLUMN_DEFAULT IS_NULLABLE DATA_TYPE
            #CHARACTER_MAXIMUM_LENGTH #CHARACTER_OCTET_LENGTH #NUMERIC_PRECISION #NUMERIC_SCALE #DATETIME_PRECISION
            CHARACTER_SET_NAME COLLATION_NAME COLUMN_TYPE COLUMN_KEY EXTRA PRIVILEGES COLUMN_COMMENT
            GENERATION_EXPRESSION #SRS_ID
            """), Columns),
        new("STATISTICS", SystemTables.Columns(
            """
            TABLE_CATALOG TABLE_SCHEMA TABLE_NAME #NON_UNIQUE INDEX_SCHEMA INDEX_NAME #SEQ_IN_INDEX COLUMN_NAME
            COLLATION #CARDINALITY #SUB_PART PACKED NULLABLE INDEX_TYPE COMMENT INDEX_COMMENT IS_VISIBLE Expression
            """), c => Stored(c).SelectMany(t => Statistics(t))),
        new("KEY_COLUMN_USAGE", SystemTables.Columns(
            """
            CONSTRAINT_CATALOG CONSTRAINT_SCHEMA CONSTRAINT_NAME TABLE_CATALOG TABLE_SCHEMA TABLE_NAME COLUMN_NAME
            #ORDINAL_POSITION #POSITION_IN_UNIQUE_CONSTRAINT REFERENCED_TABLE_SCHEMA REFERENCED_TABLE_NAME
            REFERENCED_COLUMN_NAME
            """), c => Stored(c).SelectMany(t => t.Indexes.Where(i => i.Kind != IndexKind.Plain).SelectMany(i =>
            i.Parts.Select((p, n) => new object?[]
            {
                "def", t.Database, i.Name, "def", t.Database, t.Name, p.Column, n + 1, null, null, null, null,
            })))),
        new("TABLE_CONSTRAINTS", SystemTables.Columns(
            "CONSTRAINT_CATALOG CONSTRAINT_SCHEMA CONSTRAINT_NAME TABLE_SCHEMA TABLE_NAME CONSTRAINT_TYPE"),
            c => Stored(c).SelectMany(t => t.Indexes.Where(i => i.Kind != IndexKind.Plain).Select(i => new object?[]
            {
                "def", t.Database, i.Name, t.Database, t.Name, i.Kind == IndexKind.Primary ? "PRIMARY KEY" : "UNIQUE",
            }))),
    ];

    public static IEnumerable<DatabaseSchema> Databases(StatementContext context) =>
        context.Catalog.Databases
            .Concat(SystemTables.Databases.Select(n => new DatabaseSchema(n, "utf8mb4", Collations.Default)))
            .OrderBy(d => d.Name, StringComparer.Ordinal);

    private static IEnumerable<TableSchema> Stored(StatementContext context) =>
        context.Catalog.Databases.SelectMany(d => d.Tables.Values);

    private static IEnumerable<object?[]> Tables(StatementContext context)
    {
        foreach (var table in Stored(context))
            yield return
            [
                "def", table.Database, table.Name, "BASE TABLE", "InnoDB", 10, "Compact", Rows(context, table), 0, 0,
                    0, 0, 0,
                NextAutoIncrement(context, table), SqlValue.OfDateTime(table.Created), null, null, table.Collation,
                    null,
                "", table.Comment, table.Id, "NOT_SHARDED", table.Primary is null ? "NONCLUSTERED" : "CLUSTERED",
            ];
        foreach (var database in SystemTables.Databases)
            foreach (var table in SystemTables.Listed(database))
                yield return
                [
                    "def", database, table.Name, "SYSTEM VIEW", null, 10, null, null, null, null, null, null, null,
                        null,
                    null, null, null, Collations.Default, null, "", "", 0, null, "NONCLUSTERED",
                ];
    }

    /// <summary>How many rows there are, counted; a real TiDB estimates.</summary>
    public static long Rows(StatementContext context, TableSchema table) =>
        context.Transaction.Scan(KeyCodec.Rows(table.Id), KeyCodec.After(KeyCodec.Rows(table.Id))).LongCount();

    public static object? NextAutoIncrement(StatementContext context, TableSchema table) =>
        table.AutoIncrementColumn < 0 ? null
            : Math.Max(1, context.Session.Server.Sequence.Stored(Sequence.KeyOf(table.Id)));

    private static IEnumerable<object?[]> Columns(StatementContext context)
    {
        foreach (var table in Stored(context))
            for (var i = 0; i < table.Columns.Count; i++)
                yield return Column(table, table.Columns[i], i + 1);
        foreach (var database in SystemTables.Databases)
            foreach (var table in SystemTables.Listed(database))
                for (var i = 0; i < table.Columns.Count; i++)
                    yield return
                    [
                        "def", database, table.Name, table.Columns[i].Name, i + 1, null, "YES",
                        TypeNames.Of(table.Columns[i].Type.Name), null, null, null, null, null, null, null,
                        table.Columns[i].Type.Describe(), "", "", "select", "", "", null,
                    ];
    }

    private static object?[] Column(TableSchema table, ColumnSchema column, int position)
    {
        var type = column.Type;
        long? characters = type.IsCharacters || type.IsBinary ? type.MaxLength : null;
        return
        [
            "def", table.Database, table.Name, column.Name, position, Default(column), column.NotNull ? "NO" : "YES",
            TypeNames.Of(type.Name), characters, type.IsCharacters && !type.IsTextBlob ? characters * 4 : characters,
            type.IsNumber ? Precision(type) : null, type.Name == TypeName.Decimal ? type.Digits : type.IsInteger ? 0
                : null,
            type.Name is TypeName.DateTime or TypeName.Timestamp or TypeName.Time ? Math.Max(type.Scale, 0) : null,
            type.IsCharacters ? Collations.CharsetOf(type.Collation) : null, type.IsCharacters ? type.Collation : null,
            type.Describe(), Key(table, column), Extra(column), "select,insert,update,references", column.Comment,
                "", null,
        ];
    }

    public static string? Default(ColumnSchema column) =>
        column.DefaultsToNow ? TableText.Now(column) : column.HasDefault ? column.Default.ToClient() : null;

    public static string Extra(ColumnSchema column) =>
        column.AutoIncrement ? "auto_increment"
        : (column.DefaultsToNow ? "DEFAULT_GENERATED" : "") +
            (column.UpdatesToNow ? (column.DefaultsToNow ? " " : "") + "on update " + TableText.Now(column) : "");

    public static string Key(TableSchema table, ColumnSchema column)
    {
        if (table.Primary?.Parts.Any(p => p.Column == column.Name) == true)
            return "PRI";
        var first = table.Indexes.Where(i => i.Parts[0].Column == column.Name).ToList();
        return first.Any(i => i.Kind == IndexKind.Unique && i.Parts.Count == 1) ? "UNI" : first.Count > 0 ? "MUL" : "";
    }

    private static int Precision(ColumnType type) => type.Name switch
    {
        TypeName.TinyInt => 3,
        TypeName.SmallInt => 5,
        TypeName.MediumInt => 7,
        TypeName.Int => 10,
        TypeName.BigInt => type.Unsigned ? 20 : 19,
        TypeName.Float => 12,
        TypeName.Double => 22,
        _ => Math.Max(type.Length, 1),
    };

    public static IEnumerable<object?[]> Statistics(TableSchema table) => table.Indexes.SelectMany(i =>
        i.Parts.Select((p, n) => new object?[]
        {
            "def", table.Database, table.Name, i.Kind == IndexKind.Plain ? 1
                : 0, table.Database, i.Name, n + 1, p.Column,
            "A", 0, p.Length > 0 ? p.Length : null, null,
            table.Columns[table.IndexOf(p.Column)].NotNull ? "" : "YES", "BTREE", "", "", "YES", null,
        }));
}
