namespace Tidekeeper.Playground.Databases.TiDB.Sql;

/// <summary>An expression as written; names are resolved later, by <see cref="Binder"/>.</summary>
internal abstract record Expr;

internal sealed record Literal(SqlValue Value) : Expr;

internal sealed record ColumnName(string? Database, string? Table, string Name) : Expr
{
    public override string ToString() =>
        (Database is null ? "" : Database + ".") + (Table is null ? "" : Table + ".") + Name;
}

/// <summary>A value at a known place of the row: the result of an aggregate, put there by the query.</summary>
internal sealed record Slot(int Index, ColumnType Type) : Expr;

internal sealed record Unary(string Operator, Expr Operand) : Expr;

internal sealed record Binary(string Operator, Expr Left, Expr Right) : Expr;

internal sealed record Between(Expr Value, Expr Low, Expr High, bool Negated) : Expr;

internal sealed record InList(Expr Value, IReadOnlyList<Expr> Items, bool Negated) : Expr;

internal sealed record InQuery(Expr Value, Query Query, bool Negated) : Expr;

internal sealed record Like(Expr Value, Expr Pattern, char Escape, bool Negated) : Expr;

/// <summary>IS [NOT] NULL, TRUE, FALSE.</summary>
internal sealed record IsTest(Expr Value, string What, bool Negated) : Expr;

/// <summary>A function call; <paramref name="Name"/> is upper case. COUNT(*) has no arguments.</summary>
internal sealed record Call(string Name, IReadOnlyList<Expr> Arguments, bool Distinct = false) : Expr;

internal sealed record Case(Expr? Subject, IReadOnlyList<(Expr When, Expr Then)> Arms, Expr? Else) : Expr;

internal sealed record Convert(Expr Value, ColumnType Type) : Expr;

internal sealed record Collate(Expr Value, string Collation) : Expr;

internal sealed record Interval(Expr Amount, string Unit) : Expr;

internal sealed record SystemVariable(string Scope, string Name) : Expr;

internal sealed record UserVariable(string Name) : Expr;

internal sealed record ScalarQuery(Query Query) : Expr;

internal sealed record Exists(Query Query) : Expr;

/// <summary>DEFAULT in a list of values or an assignment.</summary>
internal sealed record DefaultValue : Expr;

/// <summary>Walks and rebuilds expressions.</summary>
internal static class ExprTree
{
    /// <summary>
    /// Replaces from the top down: where <paramref name="replace"/> answers, its answer stays as it is.
    /// </summary>
    public static Expr Rewrite(this Expr expr, Func<Expr, Expr?> replace)
    {
        if (replace(expr) is { } done)
            return done;
        Expr R(Expr e) => e.Rewrite(replace);
        return expr switch
        {
            Unary e => e with { Operand = R(e.Operand) },
            Binary e => e with { Left = R(e.Left), Right = R(e.Right) },
            Between e => e with { Value = R(e.Value), Low = R(e.Low), High = R(e.High) },
            InList e => e with { Value = R(e.Value), Items = [.. e.Items.Select(R)] },
            InQuery e => e with { Value = R(e.Value) },
            Like e => e with { Value = R(e.Value), Pattern = R(e.Pattern) },
            IsTest e => e with { Value = R(e.Value) },
            Call e => e with { Arguments = [.. e.Arguments.Select(R)] },
            Case e => new Case(
                e.Subject is null ? null : R(e.Subject),
                [.. e.Arms.Select(a => (R(a.When), R(a.Then)))],
                e.Else is null ? null : R(e.Else)),
            Convert e => e with { Value = R(e.Value) },
            Collate e => e with { Value = R(e.Value) },
            Interval e => e with { Amount = R(e.Amount) },
            _ => expr,
        };
    }

    /// <summary>Whether any part of the expression satisfies the test.</summary>
    public static bool Any(this Expr expr, Func<Expr, bool> test)
    {
        var found = false;
        expr.Rewrite(e =>
        {
            found |= test(e);
            return found ? e : null;
        });
        return found;
    }

    /// <summary>The terms of an AND, as a list.</summary>
    public static IEnumerable<Expr> Conjuncts(this Expr? expr) => expr switch
    {
        null => [],
        Binary { Operator: "AND" } and => and.Left.Conjuncts().Concat(and.Right.Conjuncts()),
        _ => [expr],
    };
}
