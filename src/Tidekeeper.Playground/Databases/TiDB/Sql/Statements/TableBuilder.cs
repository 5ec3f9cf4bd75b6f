using Tidekeeper.Playground.Network;

namespace Tidekeeper.Playground.Databases.TiDB.Sql;

/// <summary>Makes a schema from a CREATE TABLE, and columns and indexes for ALTER TABLE.</summary>
internal sealed class TableBuilder(StatementContext context, DatabaseSchema database)
{
    public TableSchema Build(CreateTable create, long id)
    {
        if (create.Columns.Count == 0)
            throw new SqlFault(1113, "42000", "A table must have at least 1 column");
        var (charset, collation) = Definitions.Character(
            create.Options.Charset, create.Options.Collation, database.Charset, database.Collation);
        var columns = new List<ColumnSchema>();
        var definitions = create.Indexes.ToList();
        foreach (var definition in create.Columns)
        {
            if (columns.Any(c => c.Name.Equals(definition.Name, StringComparison.OrdinalIgnoreCase)))
                throw new SqlFault(1060, "42S21", $"Duplicate column name '{definition.Name}'");
            columns.Add(Column(definition, columns.Count + 1, collation));
            if (definition.Key is { } key)
                definitions.Add(new IndexDefinition(null, key, [new IndexPart(definition.Name)]));
        }

        var indexes = new List<IndexSchema>();
        foreach (var definition in definitions.OrderBy(d => d.Kind == IndexKind.Primary ? 0 : 1))
            indexes.Add(Index(definition, indexes.Count + 1, columns, indexes));
        if (indexes.FirstOrDefault(i => i.Kind == IndexKind.Primary) is { } primary)
            columns = NotNull(columns, primary);
        CheckAutoIncrement(columns, indexes);
        return new TableSchema(columns, indexes)
        {
            Id = id,
            Database = database.Name,
            Name = create.Name.Name,
            Charset = charset,
            Collation = collation,
            Comment = create.Options.Comment ?? "",
            NextColumnId = columns.Count + 1,
            NextIndexId = indexes.Count + 1,
            Created = Temporal.Text(context.Now.UtcDateTime, 0),
        };
    }

    /// <summary>The columns of a primary key are NOT NULL, said or not.</summary>
    private static List<ColumnSchema> NotNull(List<ColumnSchema> columns, IndexSchema primary) =>
        [.. columns.Select(c => primary.Parts.Any(p => p.Column == c.Name)
            ? c with { NotNull = true, HasDefault = c.HasDefault && !c.Default.IsNull } : c)];

    private static void CheckAutoIncrement(List<ColumnSchema> columns, List<IndexSchema> indexes)
    {
        var automatic = columns.Where(c => c.AutoIncrement).ToList();
        if (automatic.Count > 1 || (automatic.Count == 1 && !indexes.Any(i => i.Parts[0].Column == automatic[0].Name)))
            throw new SqlFault(1075, "42000",
                "Incorrect table definition; there can be only one auto column and it must be defined as a key");
    }

    public ColumnSchema Column(ColumnDefinition definition, int id, string tableCollation)
    {
        var type = definition.Type;
        if (type.IsCharacters && definition.Charset.Length == 0)
            type = type with { Collation = tableCollation };
        if (type.Name is TypeName.Char or TypeName.Binary && type.Length > 255)
            throw new SqlFault(1074, "42000",
                $"Column length too big for column '{definition.Name}' (max = 255); use BLOB or TEXT instead");
        if (type.Name == TypeName.VarChar && type.Length > 16383)
            throw new SqlFault(1074, "42000",
                $"Column length too big for column '{definition.Name}' (max = 16383); use BLOB or TEXT instead");
        if (definition.AutoIncrement && !type.IsInteger)
            throw new SqlFault(1063, "42000", $"Incorrect column specifier for column '{definition.Name}'");
        var column = new ColumnSchema(id, definition.Name, type)
        {
            NotNull = definition.NotNull,
            AutoIncrement = definition.AutoIncrement,
            Comment = definition.Comment,
            UpdatesToNow = definition.OnUpdate is not null,
        };
        return WithDefault(column, definition.Default);
    }

    public ColumnSchema WithDefault(ColumnSchema column, Expr? value)
    {
        switch (value)
        {
            case null:
                return column with
                {
                    HasDefault = !column.NotNull &&
                    !column.AutoIncrement,
                    DefaultsToNow = false,
                    Default = SqlValue.Null
                };
            case Call { Name: "NOW" or "CURRENT_TIMESTAMP" or "LOCALTIME" or "LOCALTIMESTAMP" }:
                return column.Type.Name is TypeName.DateTime or TypeName.Timestamp
                    ? column with { HasDefault = true, DefaultsToNow = true } : throw Invalid(column);
        }

        var given = new Binder(context, Scope.Empty, "default").Bind(value).Compute([]);
        if (given.IsNull && column.NotNull)
            throw Invalid(column);
        if (!given.IsNull && (column.Type.IsBlob || column.Type.IsTextBlob || column.Type.Name == TypeName.Json))
            throw new SqlFault(1101, "42000", $"BLOB/TEXT/JSON column '{column.Name}' can't have a default value");
        try
        {
            var stored = Storing.ToColumn(given, column.Type, column.Name, 1, context.Session.StrictnessFor(false));
            return column with { HasDefault = true, DefaultsToNow = false, Default = stored };
        }
        catch (SqlFault)
        {
            throw Invalid(column);
        }
    }

    private static SqlFault Invalid(ColumnSchema column) =>
        new(1067, "42000", $"Invalid default value for '{column.Name}'");

    public static IndexSchema Index(
        IndexDefinition definition, int id, IReadOnlyList<ColumnSchema> columns, IReadOnlyList<IndexSchema> others)
    {
        if (definition.Kind == IndexKind.Primary && others.Any(i => i.Kind == IndexKind.Primary))
            throw new SqlFault(1068, "42000", "Multiple primary key defined");
        var parts = definition.Parts.Select(p => Part(p, columns)).ToList();
        var twice = parts.GroupBy(p => p.Column, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1);
        if (twice is not null)
            throw new SqlFault(1060, "42S21", $"Duplicate column name '{twice.Key}'");
        var name = definition.Kind == IndexKind.Primary ? "PRIMARY" : definition.Name
            ?? FreeName(parts[0].Column, others);
        if (definition.Kind != IndexKind.Primary && name.Equals("PRIMARY", StringComparison.OrdinalIgnoreCase))
            throw new SqlFault(1280, "42000", $"Incorrect index name '{name}'");
        if (others.Any(i => i.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))
            throw new SqlFault(1061, "42000", $"Duplicate key name '{name}'");
        return new IndexSchema(id, name, definition.Kind, parts);
    }

    private static IndexPart Part(IndexPart part, IReadOnlyList<ColumnSchema> columns)
    {
        var column = columns.FirstOrDefault(c => c.Name.Equals(part.Column, StringComparison.OrdinalIgnoreCase))
            ?? throw new SqlFault(1072, "42000", $"Key column '{part.Column}' doesn't exist in table");
        if (part.Length == 0 && (column.Type.IsBlob || column.Type.IsTextBlob))
            throw new SqlFault(1170, "42000",
                $"BLOB/TEXT column '{column.Name}' used in key specification without a key length");
        if (column.Type.Name == TypeName.Json)
            throw new SqlFault(3152, "42000", $"JSON column '{column.Name}' cannot be used in key specification.");
        var whole = column.Type.MaxLength is { } max && part.Length >= max && !column.Type.IsBlob &&
            !column.Type.IsTextBlob;
        return new IndexPart(column.Name, whole ? 0 : part.Length);
    }

    private static string FreeName(string column, IReadOnlyList<IndexSchema> others)
    {
        var name = column;
        for (var i = 2; others.Any(o => o.Name.Equals(name, StringComparison.OrdinalIgnoreCase)); i++)
            name = $"{column}_{i}";
        return name;
    }
}
