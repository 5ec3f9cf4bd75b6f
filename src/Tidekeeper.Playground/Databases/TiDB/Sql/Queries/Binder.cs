using Tidekeeper.Playground.Network;

namespace Tidekeeper.Playground.Databases.TiDB.Sql;

/// <summary>
/// Turns an expression into something that computes: resolves names, chooses types, refuses what is unknown.
/// </summary>
/// <param name="clause">For error texts: "field list", "where clause" and so on.</param>
internal sealed class Binder(StatementContext context, Scope scope, string clause)
{
    public Bound Bind(Expr expr) => expr switch
    {
        Literal e => Bound.Constant(TypeOf(e.Value), e.Value),
        ColumnName e => Column(scope.Resolve(e, clause)),
        Slot e => new Bound(e.Type, false, row => row[e.Index]),
        Unary e => BindUnary(e),
        Binary e => BindBinary(e),
        Between e => BindBetween(e),
        InList e => BindIn(e),
        InQuery e => BindInQuery(e),
        Like e => BindLike(e),
        IsTest e => BindIs(e),
        Call e => new CallBinder(context, this).Bind(e),
        Case e => BindCase(e),
        Convert e => Casts.Bind(Bind(e.Value), e.Type),
        Collate e => Bind(e.Value) is var bound
            ? bound with
            {
                Type =
                (bound.Type.IsString ? bound.Type : ColumnType.Text) with { Collation = e.Collation }
            } : null!,
        SystemVariable e => Variable(e),
        UserVariable e => UserVariable(e),
        ScalarQuery e => BindScalar(e.Query),
        Exists e => BindExists(e.Query),
        DefaultValue => throw SqlErrors.Unsupported("DEFAULT in an expression"),
        Interval => throw SqlErrors.Unsupported("INTERVAL here"),
        _ => throw SqlErrors.Unsupported(expr.GetType().Name),
    };

    /// <summary>Computes from parts; of constants only once.</summary>
    public static Bound Of(ColumnType type, IReadOnlyList<Bound> parts, Func<SqlValue[], SqlValue> compute)
    {
        if (!parts.All(p => p.IsConstant))
            return new Bound(type, false, compute);
        SqlValue? known = null;
        return new Bound(type, true, row => known ??= compute(row));
    }

    private Bound Column(int index) => new(scope.Columns[index].Type, false, row => row[index]);

    public static ColumnType TypeOf(SqlValue value) => value.Kind switch
    {
        ValueKind.Null => ColumnType.Nothing,
        ValueKind.Int => ColumnType.BigInt,
        ValueKind.UInt => ColumnType.UnsignedBigInt,
        ValueKind.Decimal => ColumnType.Decimal(Comparison.Scale(value.ToDecimal())),
        ValueKind.Double => ColumnType.Double,
        ValueKind.Bytes => new ColumnType(TypeName.VarBinary, 1024),
        _ => ColumnType.Text with { Length = Math.Max(value.ToString().Length, 1) },
    };

    /// <summary>The type that holds values of both.</summary>
    public static ColumnType Merge(ColumnType a, ColumnType b)
    {
        if (a.Name == TypeName.Null || a == b)
            return b;
        if (b.Name == TypeName.Null)
            return a;
        if (a.IsInteger && b.IsInteger)
            return a.Unsigned && b.Unsigned ? ColumnType.UnsignedBigInt : ColumnType.BigInt;
        if (a.IsNumber && b.IsNumber)
            return IsExact(a) && IsExact(b) ? ColumnType.Decimal(Math.Max(a.Digits, b.Digits)) : ColumnType.Double;
        if (a.IsTemporal && b.IsTemporal && a.Name != TypeName.Time && b.Name != TypeName.Time)
            return ColumnType.DateTime;
        return a.IsBinary || b.IsBinary ? ColumnType.Blob
            : ColumnType.Text with { Collation = a.IsCharacters ? a.Collation : b.Collation };
    }

    private static bool IsExact(ColumnType type) => type.IsInteger || type.Name == TypeName.Decimal;

    private Bound BindUnary(Unary e)
    {
        var operand = Bind(e.Operand);
        return e.Operator switch
        {
            "NOT" => Of(ColumnType.Boolean, [operand], row => Evaluation.Not(operand.Compute(row))),
            "~" => Of(ColumnType.UnsignedBigInt, [operand], row => operand.Compute(row) is { IsNull: false } v
                ? SqlValue.Of(~unchecked((ulong)v.ToLong())) : SqlValue.Null),
            _ => Of(operand.Type.IsNumber ? operand.Type with { Unsigned = false } : ColumnType.Double, [operand],
                row => Evaluation.Negate(operand.Compute(row))),
        };
    }

    private Bound BindBinary(Binary e)
    {
        var (left, right) = (Bind(e.Left), Bind(e.Right));
        var (l, r) = (left.Compute, right.Compute);
        Bound[] parts = [left, right];
        switch (e.Operator)
        {
            case "AND":
                return Of(ColumnType.Boolean, parts, row => Evaluation.And(l(row), () => r(row)));
            case "OR":
                return Of(ColumnType.Boolean, parts, row => Evaluation.Or(l(row), () => r(row)));
            case "XOR":
                return Of(ColumnType.Boolean, parts, row =>
                    l(row) is { IsNull: false } a && r(row) is { IsNull: false } b
                    ? SqlValue.Of(a.IsTrue != b.IsTrue) : SqlValue.Null);
            case "+" or "-" or "*" or "/" or "DIV" or "%":
                return Of(ArithmeticType(e.Operator, left.Type, right.Type), parts,
                    row => Comparison.Arithmetic(e.Operator, l(row), r(row)));
            case "&" or "|" or "^" or "<<" or ">>":
                return Of(ColumnType.UnsignedBigInt, parts, row => Evaluation.Bits(e.Operator, l(row), r(row)));
            default:
                var order = Collations.Of(left.Type, right.Type);
                return Of(ColumnType.Boolean, parts, row => Evaluation.Compare(e.Operator, l(row), r(row), order));
        }
    }

    private static ColumnType ArithmeticType(string op, ColumnType a, ColumnType b)
    {
        if (op == "DIV")
            return a.Unsigned || b.Unsigned ? ColumnType.UnsignedBigInt : ColumnType.BigInt;
        if (!(IsExact(a) || a.Name == TypeName.Null) || !(IsExact(b) || b.Name == TypeName.Null))
            return ColumnType.Double;
        if (op == "/")
            return ColumnType.Decimal(a.Digits + 4);
        if (a.Name != TypeName.Decimal && b.Name != TypeName.Decimal)
            return a.Unsigned || b.Unsigned ? ColumnType.UnsignedBigInt : ColumnType.BigInt;
        return ColumnType.Decimal(op == "*" ? a.Digits + b.Digits : Math.Max(a.Digits, b.Digits));
    }

    private Bound BindBetween(Between e)
    {
        Expr both = new Binary("AND", new Binary(">=", e.Value, e.Low), new Binary("<=", e.Value, e.High));
        return Bind(e.Negated ? new Unary("NOT", both) : both);
    }

    private Bound BindIn(InList e)
    {
        var value = Bind(e.Value);
        var items = e.Items.Select(Bind).ToList();
        var orders = items.Select(i => Collations.Of(value.Type, i.Type)).ToList();
        return Of(ColumnType.Boolean, [value, .. items], row =>
        {
            var subject = value.Compute(row);
            if (subject.IsNull)
                return SqlValue.Null;
            var unknown = false;
            for (var i = 0; i < items.Count; i++)
            {
                var item = items[i].Compute(row);
                unknown |= item.IsNull;
                if (!item.IsNull && Comparison.Compare(subject, item, orders[i]) == 0)
                    return SqlValue.Of(!e.Negated);
            }

            return unknown ? SqlValue.Null : SqlValue.Of(e.Negated);
        });
    }

    private Bound BindInQuery(InQuery e)
    {
        var value = Bind(e.Value);
        var plan = context.Plan(e.Query);
        if (plan.Columns.Count != 1)
            throw new SqlFault(1241, "21000", "Operand should contain 1 column(s)");
        var order = Collations.Of(value.Type, plan.Columns[0].Type);
        List<SqlValue>? items = null;
        return new Bound(ColumnType.Boolean, false, row =>
        {
            items ??= [.. plan.Rows().Select(r => r[0])];
            var subject = value.Compute(row);
            if (items.Count == 0)
                return SqlValue.Of(e.Negated);
            if (subject.IsNull)
                return SqlValue.Null;
            if (items.Any(i => !i.IsNull && Comparison.Compare(subject, i, order) == 0))
                return SqlValue.Of(!e.Negated);
            return items.Any(i => i.IsNull) ? SqlValue.Null : SqlValue.Of(e.Negated);
        });
    }

    private Bound BindLike(Like e)
    {
        var (value, pattern) = (Bind(e.Value), Bind(e.Pattern));
        var order = Collations.Of(value.Type, pattern.Type);
        return Of(ColumnType.Boolean, [value, pattern], row =>
        {
            var (text, like) = (value.Compute(row), pattern.Compute(row));
            return text.IsNull || like.IsNull ? SqlValue.Null
                : SqlValue.Of(Evaluation.Like(text.ToString(), like.ToString(), e.Escape, order) != e.Negated);
        });
    }

    private Bound BindIs(IsTest e)
    {
        var value = Bind(e.Value);
        return Of(ColumnType.Boolean, [value], row =>
        {
            var v = value.Compute(row);
            var holds = e.What switch
            {
                "NULL" => v.IsNull,
                "TRUE" => v.IsTrue,
                _ => !v.IsNull && !v.IsTrue,
            };
            return SqlValue.Of(holds != e.Negated);
        });
    }

    private Bound BindCase(Case e)
    {
        var arms = e.Arms.Select(a => (
            When: Bind(e.Subject is null ? a.When : new Binary("=", e.Subject, a.When)), Then: Bind(a.Then))).ToList();
        var otherwise = e.Else is null ? Bound.Constant(ColumnType.Nothing, SqlValue.Null) : Bind(e.Else);
        var type = arms.Aggregate(otherwise.Type, (all, arm) => Merge(all, arm.Then.Type));
        return Of(type, [.. arms.SelectMany(a => new[] { a.When, a.Then }), otherwise], row =>
        {
            foreach (var (when, then) in arms)
                if (when.Compute(row).IsTrue)
                    return then.Compute(row);
            return otherwise.Compute(row);
        });
    }

    private Bound Variable(SystemVariable e)
    {
        var value = context.Session.Variables.Get(e.Name, e.Scope == "GLOBAL");
        return Bound.Constant(TypeOf(value), value);
    }

    private Bound UserVariable(UserVariable e)
    {
        var value = context.Session.UserVariables.GetValueOrDefault(e.Name);
        return Bound.Constant(TypeOf(value), value);
    }

    private Bound BindScalar(Query query)
    {
        var plan = context.Plan(query);
        if (plan.Columns.Count != 1)
            throw new SqlFault(1241, "21000", "Operand should contain 1 column(s)");
        SqlValue? known = null;
        return new Bound(plan.Columns[0].Type, false, _ => known ??= Single(plan));
    }

    private static SqlValue Single(Plan plan)
    {
        var rows = plan.Rows().Take(2).ToList();
        return rows.Count switch
        {
            0 => SqlValue.Null,
            1 => rows[0][0],
            _ => throw new SqlFault(1242, "21000", "Subquery returns more than 1 row"),
        };
    }

    private Bound BindExists(Query query)
    {
        var plan = context.Plan(query);
        SqlValue? known = null;
        return new Bound(ColumnType.Boolean, false, _ => known ??= SqlValue.Of(plan.Rows().Any()));
    }
}
