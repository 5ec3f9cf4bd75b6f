namespace Tidekeeper.Playground.Databases.TiDB.Sql;

/// <summary>What is known about a column of every row wanted: one of some values, or between two.</summary>
internal sealed class Limit(ColumnType type)
{
    public ColumnType Type { get; } = type;
    public List<SqlValue>? Equal { get; set; }
    public SqlValue? Low { get; set; }
    public SqlValue? High { get; set; }
    public bool LowOpen { get; set; }
    public bool HighOpen { get; set; }
}

/// <summary>
/// Limits on the columns of a table, read off the conditions of a WHERE clause. Only such conditions count whose
/// comparison is the order of the keys; all others are left to the filter.
/// </summary>
internal sealed class Limits
{
    private readonly SortedDictionary<string, Limit> _columns = new(StringComparer.OrdinalIgnoreCase);

    public bool IsEmpty => _columns.Count == 0;

    public Limit? Of(string column) => _columns.GetValueOrDefault(column);

    /// <summary>How many leading columns of an index have known values, and whether the next one has a range.</summary>
    public (int Equal, bool Range) Fit(IndexSchema index)
    {
        var equal = 0;
        foreach (var part in index.Parts)
        {
            if (part.Length > 0 || Of(part.Column) is not { } limit)
                return (equal, false);
            if (limit.Equal is null)
                return (equal, true);
            equal++;
        }

        return (equal, false);
    }

    public static Limits Read(TableSchema table, string alias, IEnumerable<Expr> conditions, StatementContext context)
    {
        var limits = new Limits();
        foreach (var condition in conditions)
        {
            switch (condition)
            {
                case Binary { Operator: "=" or "<" or "<=" or ">" or ">=" } c:
                    limits.Add(table, alias, c.Left, c.Operator, c.Right, context);
                    limits.Add(table, alias, c.Right, Mirror(c.Operator), c.Left, context);
                    break;
                case Between { Negated: false } c:
                    limits.Add(table, alias, c.Value, ">=", c.Low, context);
                    limits.Add(table, alias, c.Value, "<=", c.High, context);
                    break;
                case InList { Negated: false } c when c.Items.All(IsConstant):
                    limits.AddList(table, alias, c, context);
                    break;
            }
        }

        return limits;
    }

    private static string Mirror(string op) =>
        op switch { "<" => ">", "<=" => ">=", ">" => "<", ">=" => "<=", _ => op };

    private static bool IsConstant(Expr expr) => !expr.Any(e =>
        e is ColumnName or Slot or ScalarQuery or Exists or InQuery
            or Call { Name: "RAND" or "SLEEP" or "UUID" or "LAST_INSERT_ID" });

    private static ColumnSchema? Column(TableSchema table, string alias, Expr expr) =>
        expr is ColumnName name &&
            (name.Table is null || name.Table.Equals(alias, StringComparison.OrdinalIgnoreCase)) &&
        (name.Database is null || name.Database.Equals(table.Database, StringComparison.OrdinalIgnoreCase)) &&
        table.IndexOf(name.Name) is >= 0 and var index ? table.Columns[index] : null;

    private void Add(TableSchema table, string alias, Expr left, string op, Expr right, StatementContext context)
    {
        if (Column(table, alias, left) is not { } column || !IsConstant(right) ||
            KeyValue(column.Type, right, context) is not { } value)
            return;
        var limit = GetOrAdd(column);
        switch (op)
        {
            case "=":
                limit.Equal = [value];
                break;
            case "<" or "<=":
                if (limit.High is { } high && Comparison.Compare(value, high, Collations.Order(column.Type)) > 0)
                    break;
                (limit.High, limit.HighOpen) = (value, op == "<");
                break;
            default:
                if (limit.Low is { } low && Comparison.Compare(value, low, Collations.Order(column.Type)) < 0)
                    break;
                (limit.Low, limit.LowOpen) = (value, op == ">");
                break;
        }
    }

    private void AddList(TableSchema table, string alias, InList list, StatementContext context)
    {
        if (Column(table, alias, list.Value) is not { } column)
            return;
        var values = new List<SqlValue>();
        foreach (var item in list.Items)
        {
            if (KeyValue(column.Type, item, context) is not { } value)
                return;
            values.Add(value);
        }

        GetOrAdd(column).Equal ??= values;
    }

    private Limit GetOrAdd(ColumnSchema column)
    {
        if (!_columns.TryGetValue(column.Name, out var limit))
            _columns[column.Name] = limit = new Limit(column.Type);
        return limit;
    }

    /// <summary>The constant as the column stores it, or null when it compares otherwise than keys do.</summary>
    private static SqlValue? KeyValue(ColumnType type, Expr expr, StatementContext context)
    {
        var bound = new Binder(context, Scope.Empty, "where clause").Bind(expr);
        var value = bound.Compute([]);
        if (value.IsNull || type.Name is TypeName.Json or TypeName.Enum or TypeName.Float)
            return null;
        var comparable = type.IsNumber
            ? value.IsNumber || (value.Kind == ValueKind.Text && NumberText.IsNumber(value.Text))
            : type.IsTemporal ? value.IsTemporal || value.Kind == ValueKind.Text
            : value.Kind is ValueKind.Text or ValueKind.Bytes &&
                Collations.Of(type, bound.Type) == Collations.Order(type) &&
                (value.Kind == ValueKind.Text || type.IsBinary);
        if (!comparable)
            return null;
        var fits = true;
        var unlimited = type.IsString
            ? type with { Name = type.IsBinary ? TypeName.LongBlob : TypeName.LongText, Length = -1 } : type;
        var stored = Storing.ToColumn(value, unlimited, "", 1, new Lenient(_ => fits = false));
        return fits && Comparison.Compare(stored, value, Collations.Order(type)) == 0 ? stored : null;
    }
}
