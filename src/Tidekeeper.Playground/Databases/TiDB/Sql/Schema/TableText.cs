using System.Text;

namespace Tidekeeper.Playground.Databases.TiDB.Sql;

/// <summary>Schemas as SQL: what SHOW CREATE answers. It reads back to the same schema.</summary>
internal static class TableText
{
    public static string Name(string name) => "`" + name.Replace("`", "``", StringComparison.Ordinal) + "`";

    public static string Text(string text) => "'" + text.Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("'", "''", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal) + "'";

    public static string Create(DatabaseSchema database, bool ifNotExists) =>
        $"CREATE DATABASE {(ifNotExists ? "/*!32312 IF NOT EXISTS*/ " : "")}{Name(database.Name)} " +
        $"/*!40100 DEFAULT CHARACTER SET {database.Charset} " +
        (database.Collation == Collations.Default ? "*/" : $"COLLATE {database.Collation} */");

    public static string Create(TableSchema table, long nextAutoIncrement)
    {
        var lines = table.Columns.Select(c => "  " + Column(table, c))
            .Concat(table.Indexes.Select(i => "  " + Index(i)));
        var text = new StringBuilder($"CREATE TABLE {Name(table.Name)} (\n").AppendJoin(",\n", lines)
            .Append("\n) ENGINE=InnoDB DEFAULT CHARSET=").Append(table.Charset)
            .Append(" COLLATE=").Append(table.Collation);
        if (table.AutoIncrementColumn >= 0 && nextAutoIncrement > 1)
            text.Append(" AUTO_INCREMENT=").Append(nextAutoIncrement);
        if (table.Comment.Length > 0)
            text.Append(" COMMENT=").Append(Text(table.Comment));
        return text.ToString();
    }

    private static string Column(TableSchema table, ColumnSchema column)
    {
        var text = new StringBuilder(Name(column.Name)).Append(' ').Append(column.Type.Describe());
        if (column.Type.IsCharacters && column.Type.Collation != table.Collation)
            text.Append(" CHARACTER SET ").Append(Collations.CharsetOf(column.Type.Collation))
                .Append(" COLLATE ").Append(column.Type.Collation);
        text.Append(column.NotNull ? " NOT NULL" : column.Type.Name == TypeName.Timestamp ? " NULL" : "");
        if (column.AutoIncrement)
            text.Append(" AUTO_INCREMENT");
        else if (column.DefaultsToNow)
            text.Append(" DEFAULT ").Append(Now(column));
        else if (column.HasDefault)
            text.Append(" DEFAULT ").Append(column.Default.IsNull ? "NULL" : DefaultText(column));
        if (column.UpdatesToNow)
            text.Append(" ON UPDATE ").Append(Now(column));
        if (column.Comment.Length > 0)
            text.Append(" COMMENT ").Append(Text(column.Comment));
        return text.ToString();
    }

    private static string DefaultText(ColumnSchema column) => column.Type.Name == TypeName.Bit
        ? $"b'{column.Default.Unsigned:b}'" : Text(column.Default.ToString());

    public static string Now(ColumnSchema column) =>
        "CURRENT_TIMESTAMP" + (column.Type.Scale > 0 ? $"({column.Type.Scale})" : "");

    private static string Index(IndexSchema index)
    {
        var parts = string.Join(',', index.Parts.Select(p => Name(p.Column) + (p.Length > 0 ? $"({p.Length})" : "")));
        return index.Kind switch
        {
            IndexKind.Primary => $"PRIMARY KEY ({parts}) /*T![clustered_index] CLUSTERED */",
            IndexKind.Unique => $"UNIQUE KEY {Name(index.Name)} ({parts})",
            _ => $"KEY {Name(index.Name)} ({parts})",
        };
    }
}
