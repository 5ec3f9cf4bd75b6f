using System.Text;
using Tidekeeper.Playground.Network;

namespace Tidekeeper.Playground.Databases.TiDB.Sql;

/// <summary>
/// Makes a plan of a query: FROM, WHERE, groups, HAVING, output, DISTINCT, ORDER BY, LIMIT, in this order.
/// </summary>
internal sealed class QueryPlanner(StatementContext context)
{
    public Plan Plan(Query query) => query switch
    {
        Select select => PlanSelect(select),
        Union union => PlanUnion(union),
        _ => throw SqlErrors.Unsupported("this kind of query"),
    };

    private Plan PlanUnion(Union union)
    {
        var (left, right) = (Plan(union.Left), Plan(union.Right));
        if (left.Columns.Count != right.Columns.Count)
            throw new SqlFault(1222, "21000", "The used SELECT statements have a different number of columns");
        var columns = left.Columns.Zip(right.Columns,
            (l, r) => new PlanColumn(l.Name, Binder.Merge(l.Type, r.Type))).ToList();
        var scope = new Scope([.. columns.Select(c => new ScopeColumn("", "", c.Name, c.Type))]);
        var order = Ordering.Bind(union.OrderBy, new Binder(context, scope, "order clause"), columns.Count);
        var rows = () => Limited(order.Sort(Combine(left, right, columns, union.All), r => r), union);
        return new Plan(columns, rows)
        {
            Steps = ["Union", .. left.Steps.Select(s => "  " + s), .. right.Steps.Select(s => "  " + s)],
        };
    }

    private static IEnumerable<SqlValue[]> Combine(Plan left, Plan right, List<PlanColumn> columns, bool all)
    {
        var rows = left.Rows().Concat(right.Rows());
        return all ? rows : Distinct(rows, columns);
    }

    private Plan PlanSelect(Select select)
    {
        var conditions = select.Where.Conjuncts().ToList();
        var source = new Sources(context).Open(select.From, conditions);
        var items = Expand(select, source.Scope);
        var where = select.Where is null ? null : new Binder(context, source.Scope, "where clause").Bind(select.Where);
        IEnumerable<SqlValue[]> Filtered() =>
            where is null ? source.Rows() : source.Rows().Where(r => where.Compute(r).IsTrue);

        var aliases = new Aliases(items, source.Scope);
        var groups = Grouping.Plan(context, select, items, aliases, source.Scope);
        var input = groups is null ? (Func<IEnumerable<SqlValue[]>>)Filtered : () => groups.Rows(Filtered());
        var having = select.Having is null ? null
            : Bind(groups, aliases.Replace(select.Having), source.Scope, "having clause");
        var output = items.Select(i => Bind(groups, i.Value!, source.Scope, "field list")).ToList();
        var columns = items.Zip(output, (i, b) => new PlanColumn(i.Label, b.Type,
            i.Value is ColumnName name && groups is null
                ? source.Scope.Columns[source.Scope.Resolve(name, "field list")] : null)).ToList();
        var order = Ordering.Bind(select.OrderBy, columns.Count, e =>
            Bind(groups, aliases.ReplaceForOrder(e), source.Scope, "order clause"));
        var sorted = groups is null && !select.Distinct && order.Follows(source, select.OrderBy);
        var plan = new Plan(columns, () =>
        {
            var rows = input();
            if (having is not null)
                rows = rows.Where(r => having.Compute(r).IsTrue);
            return Output(rows, output, columns, select, sorted ? Ordering.None : order);
        });
        return plan with { Steps = Steps(select, groups, order, sorted, source) };
    }

    private static IEnumerable<SqlValue[]> Output(
        IEnumerable<SqlValue[]> rows, List<Bound> output, List<PlanColumn> columns, Select select, Ordering order)
    {
        SqlValue[] Project(SqlValue[] row)
        {
            var values = new SqlValue[output.Count];
            for (var i = 0; i < values.Length; i++)
                values[i] = output[i].Compute(row);
            return values;
        }

        if (!select.Distinct)
            return Limited(order.SortBefore(rows, Project), select);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var pairs = rows.Select(r => (Source: r, Output: Project(r))).Where(p => seen.Add(Key(p.Output, columns)));
        return Limited(order.SortPairs(pairs), select);
    }

    private static List<string> Steps(Select select, Grouping? groups, Ordering order, bool sorted, Source source)
    {
        var steps = new List<string>();
        if (select.Limit is not null)
            steps.Add("Limit");
        if (order.HasKeys && !sorted)
            steps.Add("Sort");
        if (groups is not null || select.Distinct)
            steps.Add("HashAgg");
        if (select.Where is not null)
            steps.Add("Selection");
        steps.AddRange(source.Steps);
        return steps.Count == 0 ? ["Projection"] : steps;
    }

    private Bound Bind(Grouping? groups, Expr expr, Scope scope, string clause) =>
        new Binder(context, scope, clause).Bind(groups is null ? expr : groups.Replace(expr));

    /// <summary>The output columns, with <c>*</c> written out.</summary>
    private static List<SelectItem> Expand(Select select, Scope scope)
    {
        var items = new List<SelectItem>();
        foreach (var item in select.Items)
        {
            if (item.Value is not null)
            {
                items.Add(item);
                continue;
            }

            if (select.From is null)
                throw new SqlFault(1096, "HY000", "No tables used");
            if (item.StarTable is { } table && !scope.HasTable(table))
                throw new SqlFault(1051, "42S02", $"Unknown table '{table}'");
            items.AddRange(scope.Columns
                .Where(c => item.StarTable is { } only ? c.Table.Equals(only, StringComparison.OrdinalIgnoreCase)
                    : !c.IsHidden)
                .Select(c => new SelectItem(
                    new ColumnName(c.Schema.Length > 0 ? c.Schema : null, c.Table.Length > 0 ? c.Table
                        : null, c.Name), c.Name, false)));
        }

        return items;
    }

    private static IEnumerable<SqlValue[]> Limited(IEnumerable<SqlValue[]> rows, Query query)
    {
        if (query.Offset is not null)
            rows = rows.Skip(Count(query.Offset));
        return query.Limit is null ? rows : rows.Take(Count(query.Limit));
    }

    public static int Count(Expr expr) =>
        expr is Literal { Value: { Kind: ValueKind.Int or ValueKind.UInt } value }
            ? (int)Math.Min(value.ToDecimal(), int.MaxValue)
            : throw new SqlFault(1210, "HY000", "Incorrect arguments to LIMIT");

    private static IEnumerable<SqlValue[]> Distinct(IEnumerable<SqlValue[]> rows, List<PlanColumn> columns)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return rows.Where(r => seen.Add(Key(r, columns)));
    }

    private static string Key(SqlValue[] row, List<PlanColumn> columns)
    {
        var key = new StringBuilder();
        for (var i = 0; i < row.Length; i++)
            KeyCodec.AppendGroup(key, row[i], columns[i].Type);
        return key.ToString();
    }
}
