namespace Tidekeeper.Playground.Databases.TiDB.Sql;

/// <summary>ORDER BY: what to sort by. Rows that are equal keep their order.</summary>
internal sealed class Ordering
{
    private readonly List<(Bound Key, bool Descending)> _keys;

    private Ordering(List<(Bound, bool)> keys) => _keys = keys;

    public static Ordering None { get; } = new([]);

    public bool HasKeys => _keys.Count > 0;

    public static Ordering Bind(IReadOnlyList<OrderItem> items, int columns, Func<Expr, Bound> bind) =>
        items.Count == 0 ? None : new Ordering([.. items.Select(i => (bind(i.Value), i.Descending))]);

    /// <summary>Of rows that are already output: a number is a position.</summary>
    public static Ordering Bind(IReadOnlyList<OrderItem> items, Binder binder, int columns) =>
        Bind(items, columns, e => e is Literal { Value: { Kind: ValueKind.Int } position }
            ? position.Bits >= 1 && position.Bits <= columns
                ? binder.Bind(new Slot((int)position.Bits - 1, ColumnType.Text))
                : throw SqlErrors.UnknownColumn(position.ToString(), "order clause")
            : binder.Bind(e));

    /// <summary>Whether the rows already come in this order; turns the scan round when they come backwards.</summary>
    public bool Follows(Source source, IReadOnlyList<OrderItem> items)
    {
        if (_keys.Count == 0 || source.Path is not { } path || items.Count > path.SortedBy.Count)
            return false;
        for (var i = 0; i < items.Count; i++)
            if (items[i].Descending != items[0].Descending || items[i].Value is not ColumnName name ||
                !source.Scope.Has(name) || !name.Name.Equals(path.SortedBy[i], StringComparison.OrdinalIgnoreCase))
                return false;
        path.Descending = items[0].Descending;
        return true;
    }

    public IEnumerable<T> Sort<T>(IEnumerable<T> rows, Func<T, SqlValue[]> read)
    {
        if (_keys.Count == 0)
            return rows;
        var keyed = rows.Select(r => (Row: r, Keys: _keys.Select(k => k.Key.Compute(read(r))).ToArray())).ToList();
        var orders = _keys.Select(k => Collations.Order(k.Key.Type)).ToArray();
        return keyed.Order(Comparer<(T Row, SqlValue[] Keys)>.Create((a, b) =>
        {
            for (var i = 0; i < orders.Length; i++)
            {
                var sign = Comparison.Sort(a.Keys[i], b.Keys[i], orders[i]);
                if (sign != 0)
                    return _keys[i].Descending ? -sign : sign;
            }

            return 0;
        })).Select(k => k.Row);
    }

    public IEnumerable<SqlValue[]> SortBefore(IEnumerable<SqlValue[]> rows, Func<SqlValue[], SqlValue[]> project) =>
        Sort(rows, r => r).Select(project);

    public IEnumerable<SqlValue[]> SortPairs(IEnumerable<(SqlValue[] Source, SqlValue[] Output)> pairs) =>
        Sort(pairs, p => p.Source).Select(p => p.Output);
}
