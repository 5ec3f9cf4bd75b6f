namespace Tidekeeper.Playground.Databases.TiDB.Sql;

/// <summary>Names given to output columns, which GROUP BY, HAVING and ORDER BY may use.</summary>
internal sealed class Aliases(IReadOnlyList<SelectItem> items, Scope scope)
{
    /// <summary>Replaces names that are no columns of the tables.</summary>
    public Expr Replace(Expr expr) => expr.Rewrite(e =>
        e is ColumnName { Table: null } name && !scope.Has(name) ? Find(name.Name) : null);

    /// <summary>In ORDER BY an alias goes before a column of the same name, and a number is a position.</summary>
    public Expr ReplaceForOrder(Expr expr)
    {
        if (expr is ColumnName { Table: null } name && Find(name.Name) is { } item)
            return item;
        return Position(expr, "order clause") ?? Replace(expr);
    }

    public Expr ReplaceForGroup(Expr expr) => Position(expr, "group statement") ?? Replace(expr);

    private Expr? Position(Expr expr, string clause)
    {
        if (expr is not Literal { Value: { Kind: ValueKind.Int } number })
            return null;
        return number.Bits >= 1 && number.Bits <= items.Count ? items[(int)number.Bits - 1].Value
            : throw SqlErrors.UnknownColumn(number.ToString(), clause);
    }

    private Expr? Find(string name) =>
        items.FirstOrDefault(i => i.Aliased && i.Label.Equals(name, StringComparison.OrdinalIgnoreCase))?.Value;
}
