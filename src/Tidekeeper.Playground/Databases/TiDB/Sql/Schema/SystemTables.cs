namespace Tidekeeper.Playground.Databases.TiDB.Sql;

/// <summary>A table that is computed when it is read: its columns with their types, and its rows.</summary>
internal sealed record SystemTable(string Name, IReadOnlyList<(string Name, ColumnType Type)> Columns,
    Func<StatementContext, IEnumerable<object?[]>> Rows);

/// <summary>
/// information_schema, performance_schema, mysql and sys. Tables that a real TiDB has and that are always empty here
/// are known too, because clients ask for them.
/// </summary>
internal static class SystemTables
{
    private static readonly SortedDictionary<string, SystemTable[]> _all = new(StringComparer.OrdinalIgnoreCase)
    {
        ["INFORMATION_SCHEMA"] = [.. SchemaTables.All, .. ServerTables.All, .. EmptyTables.All],
        ["PERFORMANCE_SCHEMA"] = [.. ServerTables.Performance],
        ["mysql"] = [.. ServerTables.Mysql],
        ["sys"] = [],
    };

    /// <summary>
    /// Databases that SHOW DATABASES lists. mysql can be read but is not listed: a dump of all databases would take it
    /// along, with log tables that are not simulated, and could not be restored.
    /// </summary>
    public static IEnumerable<string> Databases => _all.Keys.Where(k => k != "mysql");

    public static bool IsSystem(string database) => _all.ContainsKey(database);

    public static string NameOf(string database) =>
        _all.Keys.First(k => k.Equals(database, StringComparison.OrdinalIgnoreCase));

    /// <summary>Tables that SHOW TABLES and information_schema list.</summary>
    public static IReadOnlyList<SystemTable> Listed(string database) => _all[database];

    public static SystemTable Find(string database, string table) =>
        _all[database].FirstOrDefault(t => t.Name.Equals(table, StringComparison.OrdinalIgnoreCase))
        ?? throw SqlErrors.UnknownTable(NameOf(database), table);

    public static Source Open(
        StatementContext context, string database, string table, string alias, IReadOnlyList<Expr> conditions)
    {
        _ = conditions;
        var found = Find(database, table);
        var scope = new Scope([.. found.Columns.Select(c =>
            new ScopeColumn(NameOf(database), alias, c.Name, c.Type) { OriginalTable = found.Name })]);
        return new Source(scope, () =>
            found.Rows(context).Select(Row))
        { Steps = [$"MemTableScan table:{found.Name}"] };
    }

    public static SqlValue[] Row(object?[] values)
    {
        var row = new SqlValue[values.Length];
        for (var i = 0; i < row.Length; i++)
            row[i] = Value(values[i]);
        return row;
    }

    public static SqlValue Value(object? value) => value switch
    {
        null => SqlValue.Null,
        string text => SqlValue.Of(text),
        long number => SqlValue.Of(number),
        int number => SqlValue.Of((long)number),
        SqlValue ready => ready,
        _ => SqlValue.Of(value.ToString()),
    };

    /// <summary>Columns from a list of names; a name that begins with # is a number.</summary>
    public static IReadOnlyList<(string Name, ColumnType Type)> Columns(string names) =>
        [.. names.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries).Select(n =>
            n[0] == '#' ? (n[1..], ColumnType.BigInt) : (n, TextType))];

    // Names in information_schema compare without case.
    private static ColumnType TextType => ColumnType.Text with { Collation = "utf8mb4_general_ci" };
}
