using System.Text;

namespace Tidekeeper.Playground.Databases.TiDB.Sql;

/// <summary>FROM: tables, derived tables and joins, as rows.</summary>
internal sealed class Sources(StatementContext context)
{
    private const int MostRowsOfAJoin = 5_000_000;

    /// <param name="conditions">Conditions of the whole query; used to find fewer rows, not to filter them.</param>
    public Source Open(FromItem? from, IReadOnlyList<Expr> conditions) => from switch
    {
        null => new Source(Scope.Empty, () => [[]]),
        TableRef table => OpenTable(table, conditions),
        DerivedTable derived => OpenDerived(derived),
        Join join => OpenJoin(join, conditions),
        _ => throw SqlErrors.Unsupported("this kind of table"),
    };

    public static Scope ScopeOf(TableSchema table, string alias) => new([.. table.Columns.Select(c =>
        new ScopeColumn(table.Database, alias, c.Name, c.Type) { Column = c, OriginalTable = table.Name })]);

    private Source OpenTable(TableRef reference, IReadOnlyList<Expr> conditions)
    {
        var database = context.DatabaseOf(reference.Name.Database);
        var alias = reference.Alias ?? reference.Name.Name;
        if (SystemTables.IsSystem(database))
            return SystemTables.Open(context, database, reference.Name.Name, alias, conditions);
        var table = context.Table(reference.Name);
        var limits = Limits.Read(table, alias, conditions, context);
        var path = AccessPath.Choose(table, context.Transaction, limits);
        return new Source(ScopeOf(table, alias), () => path.Rows().Select(r => r.Values))
        {
            Path = path,
            Steps = [path.Describe()],
        };
    }

    private Source OpenDerived(DerivedTable derived)
    {
        var plan = context.Plan(derived.Query);
        var twice = plan.Columns.GroupBy(c => c.Name, StringComparer.OrdinalIgnoreCase)
            .FirstOrDefault(g => g.Count() > 1);
        if (twice is not null)
            throw new Network.SqlFault(1060, "42S21", $"Duplicate column name '{twice.Key}'");
        return new Source(
            new Scope([.. plan.Columns.Select(c => new ScopeColumn("", derived.Alias, c.Name, c.Type))]), plan.Rows)
        {
            Steps = plan.Steps,
        };
    }

    private Source OpenJoin(Join join, IReadOnlyList<Expr> conditions)
    {
        if (join.Kind == JoinKind.Right)
            return Reorder(OpenJoin(join with { Left = join.Right, Right = join.Left, Kind = JoinKind.Left },
                conditions), join);
        var on = join.On.Conjuncts().ToList();
        var left = Open(join.Left, join.Kind == JoinKind.Inner ? [.. conditions, .. on] : conditions);
        var right = Open(join.Right, [.. conditions, .. on]);
        foreach (var table in right.Scope.Columns.Select(c => (c.Table, c.Schema)).Distinct())
            if (left.Scope.Columns.Any(c =>
                c.Table.Equals(table.Table, StringComparison.OrdinalIgnoreCase) && c.Schema == table.Schema))
                throw new Network.SqlFault(1066, "42000", $"Not unique table/alias: '{table.Table}'");
        var scope = Combined(left.Scope, right.Scope, join, on);
        var keys = EqualColumns(left.Scope, right.Scope, join.Kind == JoinKind.Inner ? on.Concat(conditions) : on);
        var test = on.Count == 0 ? null
            : new Binder(context, scope, "on clause").Bind(on.Aggregate((a, b) => new Binary("AND", a, b)));
        return new Source(scope, () => Rows(left, right, join.Kind, keys, test))
        {
            Steps = [(keys.Count > 0 ? "HashJoin" : "NestedLoopJoin") + $" {join.Kind.ToString().ToLowerInvariant()}",
                .. left.Steps.Select(s => "  " + s), .. right.Steps.Select(s => "  " + s)],
        };
    }

    /// <summary>A RIGHT JOIN is a LEFT JOIN with the columns the other way round.</summary>
    private static Source Reorder(Source swapped, Join join)
    {
        var columns = swapped.Scope.Columns;
        var rightTables = TablesOf(join.Right).ToList();
        var right = Enumerable.Range(0, columns.Count)
            .Where(i => rightTables.Contains(columns[i].Table, StringComparer.OrdinalIgnoreCase)).ToList();
        int[] order = [.. Enumerable.Range(0, columns.Count).Except(right), .. right];
        return swapped with
        {
            Path = null,
            Scope = new Scope([.. order.Select(i => columns[i])]),
            Rows = () => swapped.Rows().Select(row => order.Select(i => row[i]).ToArray()),
        };
    }

    private static IEnumerable<string> TablesOf(FromItem item) => item switch
    {
        TableRef t => [t.Alias ?? t.Name.Name],
        DerivedTable d => [d.Alias],
        Join j => TablesOf(j.Left).Concat(TablesOf(j.Right)),
        _ => [],
    };

    private static Scope Combined(Scope left, Scope right, Join join, List<Expr> on)
    {
        var hidden = new SortedSet<string>(join.Using, StringComparer.OrdinalIgnoreCase);
        foreach (var name in join.Using)
        {
            var (l, r) = (left.Columns[left.Resolve(new ColumnName(null, null, name), "from clause")],
                right.Columns[right.Resolve(new ColumnName(null, null, name), "from clause")]);
            on.Add(new Binary("=", new ColumnName(null, l.Table, name), new ColumnName(null, r.Table, name)));
        }

        return new Scope([.. left.Columns,
            .. right.Columns.Select(c => c with { IsHidden = c.IsHidden || hidden.Contains(c.Name) })]);
    }

    /// <summary>Pairs of columns that must be equal and whose equality is that of their keys.</summary>
    private static List<(int Left, int Right)> EqualColumns(Scope left, Scope right, IEnumerable<Expr> conditions)
    {
        var pairs = new List<(int, int)>();
        foreach (var condition in conditions)
        {
            if (condition is not Binary { Operator: "=", Left: ColumnName a, Right: ColumnName b })
                continue;
            if (Only(left, right, b) && Only(right, left, a))
                (a, b) = (b, a);
            if (!Only(left, right, a) || !Only(right, left, b))
                continue;
            var (l, r) = (left.Resolve(a, "on clause"), right.Resolve(b, "on clause"));
            var (x, y) = (left.Columns[l].Type, right.Columns[r].Type);
            if ((x.IsInteger && y.IsInteger) ||
                (x.IsCharacters && y.IsCharacters && x.Name != TypeName.Enum && y.Name != TypeName.Enum &&
                 Collations.Order(x) == Collations.Order(y)))
                pairs.Add((l, r));
        }

        return pairs;
    }

    private static bool Only(Scope here, Scope notThere, ColumnName name) =>
        here.Columns.Count(c => new Scope([c]).Has(name)) == 1 && !notThere.Has(name);

    private static IEnumerable<SqlValue[]> Rows(
        Source left, Source right, JoinKind kind, List<(int Left, int Right)> keys, Bound? test)
    {
        var inner = right.Rows().ToList();
        var byKey = keys.Count == 0 ? null
            : inner.GroupBy(r => Key(r, keys.Select(k => k.Right), right.Scope), StringComparer.Ordinal)
                .Where(g => g.Key.Length > 0).ToDictionary(g => g.Key, g => g.ToList(), StringComparer.Ordinal);
        var width = right.Scope.Columns.Count;
        var count = 0;
        foreach (var row in left.Rows())
        {
            var matched = false;
            var candidates = byKey is null ? inner
                : byKey.GetValueOrDefault(Key(row, keys.Select(k => k.Left), left.Scope)) ?? [];
            foreach (var other in candidates)
            {
                SqlValue[] joined = [.. row, .. other];
                if (test is not null && !test.Compute(joined).IsTrue)
                    continue;
                matched = true;
                if (++count > MostRowsOfAJoin)
                    throw SqlErrors.Unsupported($"joins of more than {MostRowsOfAJoin} rows");
                yield return joined;
            }

            if (!matched && kind == JoinKind.Left)
                yield return [.. row, .. new SqlValue[width]];
        }
    }

    /// <summary>Empty when a value is NULL, which equals nothing.</summary>
    private static string Key(SqlValue[] row, IEnumerable<int> columns, Scope scope)
    {
        var key = new StringBuilder();
        foreach (var column in columns)
        {
            if (row[column].IsNull)
                return "";
            KeyCodec.AppendGroup(key, row[column], scope.Columns[column].Type);
        }

        return key.ToString();
    }
}
