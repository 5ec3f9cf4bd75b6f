using Tidekeeper.Playground.Network;

namespace Tidekeeper.Playground.Databases.TiDB.Sql;

/// <summary>
/// Function calls: those that decide which argument to compute are here, all others in <see cref="Functions"/>.
/// </summary>
internal sealed class CallBinder(StatementContext context, Binder binder)
{
    public Bound Bind(Call call)
    {
        if (Aggregates.Is(call.Name))
            throw new SqlFault(1111, "HY000", "Invalid use of group function");
        switch (call.Name)
        {
            case "DATE_ADD" or "ADDDATE" or "DATE_SUB" or "SUBDATE":
                return BindInterval(call);
            case "VALUES":
                return call.Arguments is [ColumnName column]
                    ? binder.Bind(new ColumnName(null, InsertedRow.Alias, column.Name))
                    : throw SqlErrors.WrongArguments(call.Name);
        }

        var arguments = call.Arguments.Select(binder.Bind).ToList();
        switch (call.Name)
        {
            case "IF":
                return Arguments(call, 3) is var _ ? BindIf(arguments) : null!;
            case "IFNULL" or "NVL":
                Arguments(call, 2);
                return BindCoalesce(arguments);
            case "COALESCE":
                return arguments.Count == 0 ? throw SqlErrors.WrongArguments(call.Name) : BindCoalesce(arguments);
            case "NULLIF":
                Arguments(call, 2);
                return BindNullIf(arguments[0], arguments[1]);
        }

        return BindFunction(call, arguments);
    }

    private static int Arguments(Call call, int count) =>
        call.Arguments.Count == count ? count : throw SqlErrors.WrongArguments(call.Name);

    private Bound BindFunction(Call call, List<Bound> arguments)
    {
        if (Functions.Find(call.Name) is not { } function)
            throw new SqlFault(1305, "42000", $"FUNCTION {call.Name.ToLowerInvariant()} does not exist");
        if (arguments.Count < function.Fewest || arguments.Count > function.Most)
            throw SqlErrors.WrongArguments(call.Name);
        var type = function.Type([.. arguments.Select(a => a.Type)]);
        SqlValue Compute(SqlValue[] row)
        {
            var values = new SqlValue[arguments.Count];
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = arguments[i].Compute(row);
                if (values[i].IsNull && !function.SeesNull)
                    return SqlValue.Null;
            }

            return function.Compute(context, values);
        }

        return function.IsVolatile ? new Bound(type, false, Compute) : Binder.Of(type, arguments, Compute);
    }

    private static Bound BindIf(List<Bound> arguments)
    {
        var (test, yes, no) = (arguments[0], arguments[1], arguments[2]);
        return Binder.Of(Binder.Merge(yes.Type, no.Type), arguments,
            row => test.Compute(row).IsTrue ? yes.Compute(row) : no.Compute(row));
    }

    private static Bound BindCoalesce(List<Bound> arguments)
    {
        var type = arguments.Aggregate(ColumnType.Nothing, (all, a) => Binder.Merge(all, a.Type));
        return Binder.Of(type, arguments, row =>
        {
            foreach (var argument in arguments)
                if (argument.Compute(row) is { IsNull: false } value)
                    return value;
            return SqlValue.Null;
        });
    }

    private static Bound BindNullIf(Bound a, Bound b)
    {
        var order = Collations.Of(a.Type, b.Type);
        return Binder.Of(a.Type, [a, b], row =>
        {
            var (x, y) = (a.Compute(row), b.Compute(row));
            return !x.IsNull && !y.IsNull && Comparison.Compare(x, y, order) == 0 ? SqlValue.Null : x;
        });
    }

    private Bound BindInterval(Call call)
    {
        Arguments(call, 2);
        var moment = binder.Bind(call.Arguments[0]);
        var interval = call.Arguments[1] as Interval ?? new Interval(call.Arguments[1], "DAY");
        if (!Moments.IsUnit(interval.Unit))
            throw SqlErrors.Unsupported($"INTERVAL … {interval.Unit}");
        var amount = binder.Bind(interval.Amount);
        var sign = call.Name is "DATE_ADD" or "ADDDATE" ? 1 : -1;
        var type = moment.Type.Name == TypeName.Date && Moments.IsWholeDays(interval.Unit) ? moment.Type
            : moment.Type.IsTemporal ? ColumnType.DateTime with { Scale = Math.Max(moment.Type.Scale, 0) }
                : ColumnType.Text;
        return Binder.Of(type, [moment, amount], row =>
        {
            var (start, count) = (moment.Compute(row), amount.Compute(row));
            return start.IsNull || count.IsNull ? SqlValue.Null
                : Moments.Add(start, sign * count.ToDecimal(), interval.Unit);
        });
    }
}
