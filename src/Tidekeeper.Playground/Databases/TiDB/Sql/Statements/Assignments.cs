namespace Tidekeeper.Playground.Databases.TiDB.Sql;

/// <summary>
/// The SET part of an UPDATE: assignments go from left to right, and a later one sees the earlier ones.
/// </summary>
internal sealed class Assignments
{
    private readonly List<(int Column, Bound? Value)> _assignments;
    private readonly TableSchema _table;
    private readonly InsertedRow _maker;

    private Assignments(TableSchema table, InsertedRow maker, List<(int, Bound?)> assignments)
    {
        _table = table;
        _maker = maker;
        _assignments = assignments;
    }

    public static Assignments Bind(
        StatementContext context, TableSchema table, Scope scope, IReadOnlyList<Assignment> assignments,
            InsertedRow maker)
    {
        var bound = new List<(int, Bound?)>();
        foreach (var assignment in assignments)
        {
            var column = scope.Resolve(assignment.Column with { Database = null }, "field list");
            bound.Add((column, assignment.Value is DefaultValue
                ? null : new Binder(context, scope, "field list").Bind(assignment.Value)));
        }

        return new Assignments(table, maker, bound);
    }

    /// <param name="read">The row as expressions see it; it may be longer than the table's.</param>
    public SqlValue[] Apply(SqlValue[] old, SqlValue[] read, long number)
    {
        var seen = (SqlValue[])read.Clone();
        foreach (var (index, value) in _assignments)
        {
            var column = _table.Columns[index];
            if (value is null)
                seen[index] = _maker.Default(column, number);
            else if (value.Compute(seen) is { IsNull: false } given)
                seen[index] = _maker.Convert(column, given, number);
            else if (column.NotNull)
                throw SqlErrors.NotNull(column.Name);
            else
                seen[index] = SqlValue.Null;
        }

        var row = seen[..old.Length];
        if (row.AsSpan().SequenceEqual(old))
            return row;
        for (var i = 0; i < row.Length; i++)
            if (_table.Columns[i].UpdatesToNow && _assignments.All(a => a.Column != i))
                row[i] = _maker.Now(_table.Columns[i]);
        return row;
    }
}

/// <summary>ON DUPLICATE KEY UPDATE: changes the row that is there instead of inserting the new one.</summary>
internal sealed class DuplicateUpdate
{
    private readonly StatementContext _context;
    private readonly Assignments _assignments;

    public DuplicateUpdate(
        StatementContext context, TableSchema table, IReadOnlyList<Assignment> assignments, InsertedRow maker)
    {
        _context = context;
        var scope = new Scope([
            .. Sources.ScopeOf(table, table.Name).Columns,
            .. Sources.ScopeOf(table, InsertedRow.Alias).Columns.Select(c => c with { IsHidden = true }),
        ]);
        _assignments = Assignments.Bind(context, table, scope, assignments, maker);
    }

    /// <returns>2 for a changed row, 0 for one that stayed as it was.</returns>
    public long Apply(RowWriter writer, StoredRow old, SqlValue[] inserted, long number)
    {
        var row = _assignments.Apply(old.Values, [.. old.Values, .. inserted], number);
        if (row.AsSpan().SequenceEqual(old.Values))
            return _context.Session.CountsFoundRows ? 1 : 0;
        if (writer.Conflict(row, old.Handle) is { } conflict)
            throw writer.Duplicate(conflict.Index, row);
        writer.Update(old, row);
        return 2;
    }
}
