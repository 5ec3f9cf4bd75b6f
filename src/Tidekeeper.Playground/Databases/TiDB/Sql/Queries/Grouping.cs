using System.Text;
using Tidekeeper.Playground.Network;

namespace Tidekeeper.Playground.Databases.TiDB.Sql;

/// <summary>
/// GROUP BY and aggregates. A group becomes one row: the columns of its first row, and behind them the results of the
/// aggregates, to which the expressions of the query then refer.
/// </summary>
internal sealed class Grouping
{
    private readonly StatementContext _context;
    private readonly Scope _scope;
    private readonly List<Bound> _keys = [];
    private readonly List<(Call Call, Aggregate Aggregate)> _aggregates = [];

    private Grouping(StatementContext context, Scope scope)
    {
        _context = context;
        _scope = scope;
    }

    /// <summary>Null when the query neither groups nor aggregates.</summary>
    public static Grouping? Plan(
        StatementContext context, Select select, IReadOnlyList<SelectItem> items, Aliases aliases, Scope scope)
    {
        var having = select.Having is null ? null : aliases.Replace(select.Having);
        var order = select.OrderBy.Select(o => aliases.ReplaceForOrder(o.Value)).ToList();
        var outputs = items.Select(i => i.Value!).Concat(order).ToList();
        if (having is not null)
            outputs.Add(having);
        if (select.GroupBy.Count == 0 && !outputs.Any(HasAggregate))
            return null;
        var grouping = new Grouping(context, scope);
        var keys = select.GroupBy.Select(aliases.ReplaceForGroup).ToList();
        grouping._keys.AddRange(keys.Select(k => new Binder(context, scope, "group statement").Bind(k)));
        grouping.CheckFullGroupBy(keys, [.. items.Select(i => i.Value!)]);
        foreach (var expr in outputs)
            grouping.Replace(expr);
        return grouping;
    }

    private static bool HasAggregate(Expr expr) => expr.Any(e => e is Call call && Aggregates.Is(call.Name));

    /// <summary>ONLY_FULL_GROUP_BY: a column outside aggregates must be one that the query groups by.</summary>
    private void CheckFullGroupBy(List<Expr> keys, List<Expr> outputs)
    {
        if (!_context.Session.Variables.HasSqlMode("ONLY_FULL_GROUP_BY"))
            return;
        var places = keys.OfType<ColumnName>().Select(k => _scope.Resolve(k, "group statement")).ToList();
        if (CoversPrimaryKey(places))
            return;
        for (var i = 0; i < outputs.Count; i++)
        {
            var loose = default(ColumnName);
            outputs[i].Rewrite(e =>
            {
                if (keys.Contains(e) || e is Call call && Aggregates.Is(call.Name))
                    return e;
                if (e is ColumnName name && !places.Contains(_scope.Resolve(name, "field list")))
                    loose ??= name;
                return null;
            });
            if (loose is not null)
                throw keys.Count == 0
                    ? new SqlFault(8123, "HY000",
                        $"In aggregated query without GROUP BY, expression #{i + 1} of SELECT list contains " +
                        $"nonaggregated column '{loose}'; this is incompatible with sql_mode=only_full_group_by")
                    : new SqlFault(1055, "42000",
                        $"Expression #{i + 1} of SELECT list is not in GROUP BY clause and contains nonaggregated " +
                        $"column '{loose}' which is not functionally dependent on columns in GROUP BY clause; " +
                        "this is incompatible with sql_mode=only_full_group_by");
        }
    }

    private bool CoversPrimaryKey(List<int> places)
    {
        var grouped = places.Select(p => _scope.Columns[p]).ToList();
        return grouped.Count > 0 && _scope.Columns.Select(c => (c.Schema, c.Table, c.OriginalTable)).Distinct().All(t =>
            _context.Catalog.Table(t.Schema, t.OriginalTable)?.Primary is { } primary && primary.Parts.All(p =>
                grouped.Any(g => g.Table == t.Table && g.Name.Equals(p.Column, StringComparison.OrdinalIgnoreCase))));
    }

    /// <summary>Puts the places of their results where aggregates are called.</summary>
    public Expr Replace(Expr expr) =>
        expr.Rewrite(e => e is Call call && Aggregates.Is(call.Name) ? SlotOf(call) : null);

    private Slot SlotOf(Call call)
    {
        if (call.Arguments.Any(HasAggregate))
            throw new SqlFault(1111, "HY000", "Invalid use of group function");
        var index = _aggregates.FindIndex(a => ReferenceEquals(a.Call, call) ||
            (a.Call.Name == call.Name && a.Call.Distinct == call.Distinct &&
                a.Call.Arguments.SequenceEqual(call.Arguments)));
        if (index < 0)
        {
            _aggregates.Add((call, Aggregates.Bind(call, new Binder(_context, _scope, "field list"))));
            index = _aggregates.Count - 1;
        }

        return new Slot(_scope.Columns.Count + index, _aggregates[index].Aggregate.Type);
    }

    public IEnumerable<SqlValue[]> Rows(IEnumerable<SqlValue[]> rows)
    {
        var groups = new Dictionary<string, (SqlValue[] First, Accumulator[] Totals)>(StringComparer.Ordinal);
        var order = new List<string>();
        foreach (var row in rows)
        {
            var key = new StringBuilder();
            foreach (var part in _keys)
                KeyCodec.AppendGroup(key, part.Compute(row), part.Type);
            var name = key.ToString();
            if (!groups.TryGetValue(name, out var group))
            {
                groups[name] = group = (row, [.. _aggregates.Select(a => a.Aggregate.Start())]);
                order.Add(name);
            }

            foreach (var total in group.Totals)
                total.Add(row);
        }

        if (order.Count == 0 && _keys.Count == 0)
        {
            groups[""] = (new SqlValue[_scope.Columns.Count], [.. _aggregates.Select(a => a.Aggregate.Start())]);
            order.Add("");
        }

        foreach (var name in order)
        {
            var (first, totals) = groups[name];
            yield return [.. first, .. totals.Select(t => t.Result())];
        }
    }
}
