using Tidekeeper.Playground.Network;

namespace Tidekeeper.Playground.Databases.TiDB.Sql;

/// <summary>ALTER TABLE, CREATE INDEX and DROP INDEX: one action after another, all in one commit.</summary>
internal sealed class Alterations(StatementContext context)
{
    public Outcome Alter(AlterTable alter)
    {
        var table = context.Table(alter.Table);
        var change = new SchemaChange(context.Store);
        foreach (var action in alter.Actions)
            table = Apply(table, action, change);
        change.Put(table);
        change.Commit();
        return Outcome.Done;
    }

    private TableSchema Apply(TableSchema table, AlterAction action, SchemaChange change)
    {
        switch (action)
        {
            case AlterAction.AddColumn add:
                return AddColumn(table, add, change);
            case AlterAction.DropColumn drop:
                return DropColumn(table, drop);
            case AlterAction.ModifyColumn modify:
                return ModifyColumn(table, modify, change);
            case AlterAction.RenameColumn rename:
                return RenameColumn(table, rename.OldName, rename.NewName);
            case AlterAction.SetDefault set:
                var column = Column(table, set.Name);
                return Replace(table, column, set.Default is null
                    ? column with { HasDefault = false, DefaultsToNow = false, Default = SqlValue.Null }
                    : Builder(table).WithDefault(column, set.Default));
            case AlterAction.AddIndex add:
                return AddIndex(table, add, change);
            case AlterAction.DropIndex drop:
                return DropIndex(table, drop, change);
            case AlterAction.Rename rename:
                return Definitions.Renamed(context, table, rename.To);
            case AlterAction.Options options:
                if (options.Values.AutoIncrement is { } first)
                    context.Session.Server.Sequence.Skip(Sequence.KeyOf(table.Id), first - 1);
                if (options.Values.Charset is not null || options.Values.Collation is not null)
                    throw SqlErrors.Unsupported("ALTER TABLE … CHARACTER SET");
                return options.Values.Comment is { } comment ? table.With(comment: comment) : table;
            default:
                return table;
        }
    }

    private TableBuilder Builder(TableSchema table) => new(context, context.Catalog.Database(table.Database));

    private static ColumnSchema Column(TableSchema table, string name) => table.IndexOf(name) is >= 0 and var index
        ? table.Columns[index]
        : throw new SqlFault(1054, "42S22", $"Unknown column '{name}' in '{table.Name}'");

    private static TableSchema Replace(TableSchema table, ColumnSchema old, ColumnSchema changed) =>
        table.With(columns: [.. table.Columns.Select(c => c.Id == old.Id ? changed : c)]);

    private TableSchema AddColumn(TableSchema table, AlterAction.AddColumn add, SchemaChange change)
    {
        if (table.IndexOf(add.Column.Name) >= 0)
        {
            var fault = new SqlFault(1060, "42S21", $"Duplicate column name '{add.Column.Name}'");
            if (!add.IfNotExists)
                throw fault;
            context.Session.Note(fault);
            return table;
        }

        if (add.Column.AutoIncrement)
            throw SqlErrors.Unsupported("ADD COLUMN … AUTO_INCREMENT");
        var column = Builder(table).Column(add.Column, table.NextColumnId, table.Collation);
        var maker = new InsertedRow(context, table, Lenient.Instance);
        column = column with { ValueOfOldRows = maker.Default(column, 1) };
        var columns = table.Columns.ToList();
        var place = add.First ? 0 : add.After is null ? columns.Count
            : columns.IndexOf(Column(table, add.After)) + 1;
        columns.Insert(place, column);
        var changed = table.With(columns: columns, nextColumn: table.NextColumnId + 1);
        return add.Column.Key is not { } key ? changed : AddIndex(changed,
            new AlterAction.AddIndex(new IndexDefinition(null, key, [new IndexPart(column.Name)]), false), change);
    }

    private TableSchema DropColumn(TableSchema table, AlterAction.DropColumn drop)
    {
        if (table.IndexOf(drop.Name) < 0)
        {
            var fault = new SqlFault(1091, "42000", $"Can't DROP '{drop.Name}'; check that column/key exists");
            if (!drop.IfExists)
                throw fault;
            context.Session.Note(fault);
            return table;
        }

        var column = Column(table, drop.Name);
        if (table.Columns.Count == 1)
            throw new SqlFault(1090, "42000", "You can't delete all columns with ALTER TABLE; use DROP TABLE instead");
        if (table.Indexes.Any(i => i.Parts.Any(p => p.Column == column.Name)))
            throw new SqlFault(8200, "HY000", $"can't drop column {column.Name} with an index covered now");
        return table.With(columns: [.. table.Columns.Where(c => c.Id != column.Id)]);
    }

    private static TableSchema RenameColumn(TableSchema table, string from, string to)
    {
        var column = Column(table, from);
        if (table.IndexOf(to) is >= 0 and var other && table.Columns[other].Id != column.Id)
            throw new SqlFault(1060, "42S21", $"Duplicate column name '{to}'");
        return Replace(table, column, column with { Name = to }).With(indexes: [.. table.Indexes.Select(i => i with
        {
            Parts = [.. i.Parts.Select(p => p.Column == column.Name ? p with { Column = to } : p)],
        })]);
    }

    /// <summary>
    /// Changes a column; the rows are converted, and a value that does not fit refuses the whole statement.
    /// </summary>
    private TableSchema ModifyColumn(TableSchema table, AlterAction.ModifyColumn modify, SchemaChange change)
    {
        var old = Column(table, modify.OldName);
        if (old.Name != modify.Column.Name)
            table = RenameColumn(table, old.Name, modify.Column.Name);
        old = Column(table, modify.Column.Name);
        var changed = Builder(table).Column(modify.Column, table.NextColumnId, table.Collation);
        if (table.Primary?.Parts.Any(p => p.Column == changed.Name) == true)
            changed = changed with { NotNull = true, HasDefault = changed.HasDefault && !changed.Default.IsNull };
        if (changed.Type == old.Type && (old.NotNull || !changed.NotNull))
            return Replace(table, old, changed with { Id = old.Id, ValueOfOldRows = old.ValueOfOldRows });
        if (table.Indexes.Any(i => i.Parts.Any(p => p.Column == old.Name)))
            throw SqlErrors.Unsupported("change of the type of a column with an index");
        var result = Replace(table, old, changed).With(nextColumn: table.NextColumnId + 1);
        var index = table.IndexOf(old.Name);
        var maker = new InsertedRow(context, result, context.Session.StrictnessFor(false));
        var number = 0L;
        foreach (var row in new AccessPath(table, context.Transaction).Rows())
        {
            row.Values[index] = maker.Convert(changed, row.Values[index], ++number);
            change.Write(KeyCodec.Rows(table.Id) + row.Handle, RowCodec.Encode(result, row.Values));
        }

        return result;
    }

    private TableSchema AddIndex(TableSchema table, AlterAction.AddIndex add, SchemaChange change)
    {
        if (add.IfNotExists && add.Index.Name is { } name &&
            table.Indexes.Any(i => i.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))
        {
            context.Session.Note(new SqlFault(1061, "42000", $"Duplicate key name '{name}'"));
            return table;
        }

        var index = TableBuilder.Index(add.Index, table.NextIndexId, table.Columns, table.Indexes);
        if (index.Kind == IndexKind.Primary)
            throw SqlErrors.Unsupported("ADD PRIMARY KEY");
        var changed = table.With(indexes: [.. table.Indexes, index], nextIndex: table.NextIndexId + 1);
        var writer = new RowWriter(changed, context.Transaction, false);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var row in new AccessPath(table, context.Transaction).Rows())
        {
            var (key, value) = writer.Entry(index, row.Handle, row.Values);
            if (!seen.Add(key))
                throw writer.Duplicate(index, row.Values);
            change.Write(key, value);
        }

        return changed;
    }

    private TableSchema DropIndex(TableSchema table, AlterAction.DropIndex drop, SchemaChange change)
    {
        var index = table.Indexes.FirstOrDefault(i => i.Name.Equals(drop.Name, StringComparison.OrdinalIgnoreCase));
        if (index is null)
        {
            var fault = new SqlFault(1091, "42000", $"Can't DROP '{drop.Name}'; check that column/key exists");
            if (!drop.IfExists)
                throw fault;
            context.Session.Note(fault);
            return table;
        }

        if (index.Kind == IndexKind.Primary)
            throw new SqlFault(8200, "HY000", "Unsupported drop primary key when the table is using clustered index");
        change.DropKeys(KeyCodec.Index(table.Id, index.Id));
        return table.With(indexes: [.. table.Indexes.Where(i => i.Id != index.Id)]);
    }
}
