namespace Tidekeeper.Playground.Databases.TiDB.Sql;

/// <summary>
/// A value to be computed from a row, with its type. Constant: the same for every row of the statement.
/// </summary>
internal sealed record Bound(ColumnType Type, bool IsConstant, Func<SqlValue[], SqlValue> Compute)
{
    public static Bound Constant(ColumnType type, SqlValue value) => new(type, true, _ => value);

    /// <summary>Never the same twice: RAND(), SLEEP().</summary>
    public Bound Volatile() => this with { IsConstant = false };
}

/// <summary>A column of a row source.</summary>
/// <param name="Table">Name by which the query calls the table; empty for none.</param>
internal sealed record ScopeColumn(string Schema, string Table, string Name, ColumnType Type)
{
    /// <summary>Set for a column of a stored table.</summary>
    public ColumnSchema? Column { get; init; }

    /// <summary>Name of the table itself, without its alias.</summary>
    public string OriginalTable { get; init; } = "";

    /// <summary>Joined away by USING: found only when it is qualified, and not part of <c>*</c>.</summary>
    public bool IsHidden { get; init; }
}

/// <summary>The columns that names in an expression may mean.</summary>
internal sealed record Scope(IReadOnlyList<ScopeColumn> Columns)
{
    public static Scope Empty { get; } = new([]);

    /// <summary>The place of the column in the row; errors 1052 and 1054 when it is not exactly one.</summary>
    public int Resolve(ColumnName name, string clause)
    {
        var found = -1;
        for (var i = 0; i < Columns.Count; i++)
        {
            if (!Matches(Columns[i], name))
                continue;
            if (found >= 0)
                throw SqlErrors.Ambiguous(name.ToString(), clause);
            found = i;
        }

        return found >= 0 ? found : throw SqlErrors.UnknownColumn(name.ToString(), clause);
    }

    public bool Has(ColumnName name) => Columns.Any(c => Matches(c, name));

    public bool HasTable(string table) =>
        Columns.Any(c => c.Table.Equals(table, StringComparison.OrdinalIgnoreCase));

    private static bool Matches(ScopeColumn column, ColumnName name) =>
        column.Name.Equals(name.Name, StringComparison.OrdinalIgnoreCase) &&
        (name.Table is null ? !column.IsHidden : column.Table.Equals(name.Table, StringComparison.OrdinalIgnoreCase)) &&
        (name.Database is null || column.Schema.Equals(name.Database, StringComparison.OrdinalIgnoreCase));
}
