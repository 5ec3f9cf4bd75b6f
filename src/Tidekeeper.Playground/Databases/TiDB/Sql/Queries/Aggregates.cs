using System.Text;

namespace Tidekeeper.Playground.Databases.TiDB.Sql;

/// <summary>An aggregate function with its argument.</summary>
internal sealed record Aggregate(ColumnType Type, Func<Accumulator> Start);

/// <summary>The running value of one aggregate over one group.</summary>
internal abstract class Accumulator
{
    public abstract void Add(SqlValue[] row);

    public abstract SqlValue Result();
}

/// <summary>COUNT, SUM, AVG, MIN, MAX, GROUP_CONCAT, ANY_VALUE and the bit functions.</summary>
internal static class Aggregates
{
    private const int LongestConcatenation = 1024;

    public static bool Is(string name) =>
        name is "COUNT" or "SUM" or "AVG" or "MIN" or "MAX" or "GROUP_CONCAT" or "ANY_VALUE" or "BIT_OR" or "BIT_AND";

    public static Aggregate Bind(Call call, Binder binder)
    {
        if (call.Name == "COUNT" && call.Arguments.Count == 0)
            return new Aggregate(ColumnType.BigInt, () =>
                new Folding(null, SqlValue.Of(0), (n, _) => SqlValue.Of(n.Bits + 1)));
        if (call.Arguments.Count != (call.Name == "GROUP_CONCAT" ? 2 : 1))
            throw call.Name == "COUNT" ? SqlErrors.Unsupported("COUNT of several columns")
                : SqlErrors.WrongArguments(call.Name);
        var value = binder.Bind(call.Arguments[0]);
        return call.Distinct && call.Name is not ("MIN" or "MAX")
            ? Of(call, value) is var plain ? plain with { Start = () => new Distinct(plain.Start(), value) } : null!
            : Of(call, value);
    }

    private static Aggregate Of(Call call, Bound value)
    {
        var order = Collations.Order(value.Type);
        var exact = value.Type.IsInteger || value.Type.Name is TypeName.Decimal or TypeName.Null;
        var sum = exact ? ColumnType.Decimal(value.Type.Digits) : ColumnType.Double;
        switch (call.Name)
        {
            case "COUNT":
                return new Aggregate(ColumnType.BigInt, () =>
                    new Folding(value, SqlValue.Of(0), (n, _) => SqlValue.Of(n.Bits + 1)));
            case "SUM":
                return new Aggregate(sum, () => new Folding(value, SqlValue.Null, (all, v) => Plus(all, v, exact)));
            case "AVG":
                return new Aggregate(exact ? ColumnType.Decimal(value.Type.Digits + 4) : ColumnType.Double, () =>
                    new Average(value, exact));
            case "MIN":
                return new Aggregate(value.Type, () => new Folding(value, SqlValue.Null,
                    (all, v) => all.IsNull || Comparison.Compare(v, all, order) < 0 ? v : all));
            case "MAX":
                return new Aggregate(value.Type, () => new Folding(value, SqlValue.Null,
                    (all, v) => all.IsNull || Comparison.Compare(v, all, order) > 0 ? v : all));
            case "ANY_VALUE":
                return new Aggregate(value.Type, () =>
                    new Folding(value, SqlValue.Null, (all, v) => all.IsNull ? v : all));
            case "BIT_OR":
                return new Aggregate(ColumnType.UnsignedBigInt, () =>
                    new Folding(value, SqlValue.Of(0UL), (a, b) => Evaluation.Bits("|", a, b)));
            case "BIT_AND":
                return new Aggregate(ColumnType.UnsignedBigInt, () =>
                    new Folding(value, SqlValue.Of(ulong.MaxValue), (a, b) => Evaluation.Bits("&", a, b)));
            default:
                var separator = ((Literal)call.Arguments[1]).Value.ToString();
                return new Aggregate(ColumnType.Text, () => new Concatenation(value, separator));
        }
    }

    private static SqlValue Plus(SqlValue all, SqlValue value, bool exact) => exact
        ? all.IsNull ? SqlValue.Of(value.ToDecimal()) : Comparison.Arithmetic("+", all, SqlValue.Of(value.ToDecimal()))
        : SqlValue.Of((all.IsNull ? 0 : all.ToDouble()) + value.ToDouble());

    private sealed class Folding(Bound? value, SqlValue start, Func<SqlValue, SqlValue, SqlValue> fold) : Accumulator
    {
        private SqlValue _total = start;

        public override void Add(SqlValue[] row)
        {
            var next = value?.Compute(row) ?? SqlValue.True;
            if (!next.IsNull)
                _total = fold(_total, next);
        }

        public override SqlValue Result() => _total;
    }

    private sealed class Average(Bound value, bool exact) : Accumulator
    {
        private SqlValue _sum;
        private long _count;

        public override void Add(SqlValue[] row)
        {
            var next = value.Compute(row);
            if (next.IsNull)
                return;
            _sum = Plus(_sum, next, exact);
            _count++;
        }

        public override SqlValue Result() => Comparison.Arithmetic("/", _sum, SqlValue.Of(_count));
    }

    private sealed class Concatenation(Bound value, string separator) : Accumulator
    {
        private StringBuilder? _text;

        public override void Add(SqlValue[] row)
        {
            var next = value.Compute(row);
            if (next.IsNull || _text?.Length > LongestConcatenation)
                return;
            _text = _text is null ? new StringBuilder(next.ToString()) : _text.Append(separator).Append(next);
        }

        public override SqlValue Result() => _text is null ? SqlValue.Null
            : SqlValue.Of(_text.ToString(0, Math.Min(_text.Length, LongestConcatenation)));
    }

    private sealed class Distinct(Accumulator inner, Bound value) : Accumulator
    {
        private readonly HashSet<string> _seen = new(StringComparer.Ordinal);

        public override void Add(SqlValue[] row)
        {
            var key = new StringBuilder();
            KeyCodec.AppendGroup(key, value.Compute(row), value.Type);
            if (_seen.Add(key.ToString()))
                inner.Add(row);
        }

        public override SqlValue Result() => inner.Result();
    }
}
