using System.Text;

namespace Tidekeeper.Playground.Databases.TiDB.Sql;

/// <summary>Operators on values.</summary>
internal static class Evaluation
{
    public static SqlValue Negate(SqlValue value) => value.Kind switch
    {
        ValueKind.Null => value,
        ValueKind.Int when value.Bits != long.MinValue => SqlValue.Of(-value.Bits),
        ValueKind.UInt when value.Unsigned == 1UL << 63 => SqlValue.Of(long.MinValue),
        ValueKind.Int or ValueKind.UInt or ValueKind.Decimal => SqlValue.Of(-value.ToDecimal()),
        _ => SqlValue.Of(-value.ToDouble()),
    };

    /// <summary>= &lt;&gt; &lt; &lt;= &gt; &gt;= with NULL when an operand is; &lt;=&gt; never answers NULL.</summary>
    public static SqlValue Compare(string op, SqlValue a, SqlValue b, TextOrder order)
    {
        if (a.IsNull || b.IsNull)
            return op == "<=>" ? SqlValue.Of(a.IsNull && b.IsNull) : SqlValue.Null;
        var sign = Comparison.Compare(a, b, order);
        return SqlValue.Of(op switch
        {
            "=" or "<=>" => sign == 0,
            "<>" => sign != 0,
            "<" => sign < 0,
            "<=" => sign <= 0,
            ">" => sign > 0,
            _ => sign >= 0,
        });
    }

    public static SqlValue And(SqlValue a, Func<SqlValue> b)
    {
        if (!a.IsNull && !a.IsTrue)
            return SqlValue.False;
        var right = b();
        return !right.IsNull && !right.IsTrue ? SqlValue.False
            : a.IsNull || right.IsNull ? SqlValue.Null : SqlValue.True;
    }

    public static SqlValue Or(SqlValue a, Func<SqlValue> b)
    {
        if (a.IsTrue)
            return SqlValue.True;
        var right = b();
        return right.IsTrue ? SqlValue.True : a.IsNull || right.IsNull ? SqlValue.Null : SqlValue.False;
    }

    public static SqlValue Not(SqlValue value) => value.IsNull ? value : SqlValue.Of(!value.IsTrue);

    public static SqlValue Bits(string op, SqlValue a, SqlValue b)
    {
        if (a.IsNull || b.IsNull)
            return SqlValue.Null;
        var (x, y) = (unchecked((ulong)a.ToLong()), unchecked((ulong)b.ToLong()));
        return SqlValue.Of(op switch
        {
            "&" => x & y,
            "|" => x | y,
            "^" => x ^ y,
            "<<" => y > 63 ? 0 : x << (int)y,
            _ => y > 63 ? 0 : x >> (int)y,
        });
    }

    /// <summary>LIKE: % is any text, _ one character, the escape makes the next one plain.</summary>
    public static bool Like(string text, string pattern, char escape, TextOrder order)
    {
        if (order == TextOrder.IgnoreCase)
            (text, pattern, escape) =
                (text.ToUpperInvariant(), pattern.ToUpperInvariant(), char.ToUpperInvariant(escape));
        int t = 0, p = 0, starP = -1, starT = 0;
        while (t < text.Length)
        {
            if (p < pattern.Length && pattern[p] == '%' && escape != '%')
            {
                (starP, starT) = (++p, t);
                continue;
            }

            if (p < pattern.Length && Matches(text, ref t, pattern, ref p, escape))
                continue;
            if (starP < 0)
                return false;
            (p, t) = (starP, ++starT);
        }

        while (p < pattern.Length && pattern[p] == '%')
            p++;
        return p == pattern.Length;
    }

    private static bool Matches(string text, ref int t, string pattern, ref int p, char escape)
    {
        if (pattern[p] == escape && p + 1 < pattern.Length)
        {
            if (pattern[p + 1] != text[t])
                return false;
            (t, p) = (t + 1, p + 2);
            return true;
        }

        if (pattern[p] == '_')
        {
            t += char.IsHighSurrogate(text[t]) && t + 1 < text.Length ? 2 : 1;
            p++;
            return true;
        }

        if (pattern[p] != text[t])
            return false;
        (t, p) = (t + 1, p + 1);
        return true;
    }

    /// <summary>The text that all matches of a pattern begin with.</summary>
    public static string LikePrefix(string pattern, char escape)
    {
        var prefix = new StringBuilder();
        for (var i = 0; i < pattern.Length && pattern[i] is not ('%' or '_'); i++)
        {
            if (pattern[i] == escape && i + 1 < pattern.Length)
                i++;
            prefix.Append(pattern[i]);
        }

        return prefix.ToString();
    }
}
