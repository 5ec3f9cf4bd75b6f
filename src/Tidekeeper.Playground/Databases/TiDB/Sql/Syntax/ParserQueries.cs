namespace Tidekeeper.Playground.Databases.TiDB.Sql;

internal sealed partial class Parser
{
    private Query ReadQuery()
    {
        var query = ReadQueryTerm();
        while (TryWord("UNION"))
        {
            var all = TryWord("ALL");
            if (!all)
                TryWord("DISTINCT");
            query = new Union(query, ReadQueryTerm(), all);
        }

        if (IsWord("EXCEPT") || IsWord("INTERSECT"))
            throw SqlErrors.Unsupported(Next.Text.ToUpperInvariant());
        if (query is not Union)
            return query;
        // In a UNION without parentheses the ORDER BY and LIMIT at the end belong to the whole.
        if (query is Union { Right: { } last } union && (last.OrderBy.Count > 0 || last.Limit is not null) &&
            !_parenthesised)
        {
            var moved = union with { Right = last with { OrderBy = [], Limit = null, Offset = null } };
            return moved with { OrderBy = last.OrderBy, Limit = last.Limit, Offset = last.Offset };
        }

        return ReadOrderAndLimit(query);
    }

    private bool _parenthesised;

    private Query ReadQueryTerm()
    {
        _parenthesised = false;
        if (!TrySymbol("("))
            return ReadSelect();
        var inner = ReadQuery();
        Symbol(")");
        _parenthesised = true;
        return IsWord("UNION") || inner.OrderBy.Count > 0 || inner.Limit is not null ? inner : ReadOrderAndLimit(inner);
    }

    private Select ReadSelect()
    {
        Word("SELECT");
        var distinct = false;
        while (true)
        {
            if (TryAnyWord("DISTINCT", "DISTINCTROW"))
                distinct = true;
            else if (!TryAnyWord("ALL", "SQL_NO_CACHE", "SQL_CACHE", "HIGH_PRIORITY", "SQL_SMALL_RESULT",
                "SQL_BIG_RESULT", "SQL_BUFFER_RESULT"))
                break;
        }

        if (IsWord("SQL_CALC_FOUND_ROWS") || IsWord("STRAIGHT_JOIN"))
            throw SqlErrors.Unsupported(Next.Text.ToUpperInvariant());
        var items = List(ReadSelectItem);
        if (IsWord("INTO"))
            throw SqlErrors.Unsupported("SELECT … INTO");
        var from = TryWord("FROM") && !TryWord("DUAL") ? ReadFrom() : null;
        var select = new Select(items, from)
        {
            Distinct = distinct,
            Where = TryWord("WHERE") ? ReadExpr() : null,
            GroupBy = ReadGroupBy(),
            Having = TryWord("HAVING") ? ReadExpr() : null,
        };
        if (IsWord("WINDOW"))
            throw SqlErrors.Unsupported("window functions");
        select = (Select)ReadOrderAndLimit(select);
        return select with { ForUpdate = ReadLocking() };
    }

    private bool ReadLocking()
    {
        if (TryWords("LOCK", "IN", "SHARE", "MODE") || TryWords("FOR", "SHARE"))
            return false;
        if (!TryWords("FOR", "UPDATE"))
            return false;
        if (TryWord("OF"))
            List(Table);
        if (!TryWords("SKIP", "LOCKED"))
            TryWord("NOWAIT");
        return true;
    }

    private List<Expr> ReadGroupBy()
    {
        if (!TryWords("GROUP", "BY"))
            return [];
        var keys = List(ReadExpr);
        return IsWord("WITH") ? throw SqlErrors.Unsupported("WITH ROLLUP") : keys;
    }

    private Query ReadOrderAndLimit(Query query)
    {
        query = query with { OrderBy = ReadOrderBy() };
        if (!TryWord("LIMIT"))
            return query;
        var first = ReadExpr();
        if (TrySymbol(","))
            return query with { Offset = first, Limit = ReadExpr() };
        return query with { Limit = first, Offset = TryWord("OFFSET") ? ReadExpr() : null };
    }

    private List<OrderItem> ReadOrderBy() =>
        TryWords("ORDER", "BY") ? List(ReadOrderItem) : [];

    private OrderItem ReadOrderItem()
    {
        var value = ReadExpr();
        var descending = TryWord("DESC");
        if (!descending)
            TryWord("ASC");
        return new OrderItem(value, descending);
    }

    private SelectItem ReadSelectItem()
    {
        if (TrySymbol("*"))
            return new SelectItem(null, "*", false);
        if (Next.Kind is TokenKind.Word or TokenKind.Quoted && Ahead(1).Text == "." && Ahead(2).Text == "*" &&
            Ahead(2).Kind == TokenKind.Symbol)
        {
            var table = AnyName();
            _at += 2;
            return new SelectItem(null, "*", false, table);
        }

        if (Next.Kind is TokenKind.Word or TokenKind.Quoted && Ahead(1).Text == "." && Ahead(3).Text == "." &&
            Ahead(4) is { Text: "*", Kind: TokenKind.Symbol })
        {
            _at += 2;
            var table = AnyName();
            _at += 2;
            return new SelectItem(null, "*", false, table);
        }

        var start = Next.Start;
        var value = ReadExpr();
        var end = _tokens[_at - 1].End;
        if (TryWord("AS"))
            return new SelectItem(value, NameOrText(), true);
        if (Next.Kind is TokenKind.Text or TokenKind.Quoted || (Next.Kind == TokenKind.Word && !Reserved.Is(Next.Text)))
            return new SelectItem(value, NameOrText(), true);
        var label = value is ColumnName column ? column.Name
            : value is Literal { Value: { Kind: ValueKind.Text } text } ? text.Text
            : _sql[start..end];
        return new SelectItem(value, label, false);
    }

    private FromItem ReadFrom()
    {
        var left = ReadJoins();
        while (TrySymbol(","))
            left = new Join(left, ReadJoins(), JoinKind.Inner, null, []);
        return left;
    }

    private FromItem ReadJoins()
    {
        var left = ReadTableFactor();
        while (true)
        {
            if (IsWord("NATURAL"))
                throw SqlErrors.Unsupported("NATURAL JOIN");
            JoinKind kind;
            if (TryWords("INNER", "JOIN") || TryWords("CROSS", "JOIN") || TryAnyWord("JOIN", "STRAIGHT_JOIN"))
                kind = JoinKind.Inner;
            else if (TryWords("LEFT", "JOIN") || TryWords("LEFT", "OUTER", "JOIN"))
                kind = JoinKind.Left;
            else if (TryWords("RIGHT", "JOIN") || TryWords("RIGHT", "OUTER", "JOIN"))
                kind = JoinKind.Right;
            else
                return left;
            left = ReadJoin(left, kind);
        }
    }

    private Join ReadJoin(FromItem left, JoinKind kind)
    {
        var right = ReadTableFactor();
        if (TryWord("ON"))
            return new Join(left, right, kind, ReadExpr(), []);
        if (!TryWord("USING"))
            return kind == JoinKind.Inner ? new Join(left, right, kind, null, []) : throw Unexpected();
        Symbol("(");
        var columns = List(Name);
        Symbol(")");
        return new Join(left, right, kind, null, columns);
    }

    private FromItem ReadTableFactor()
    {
        if (TrySymbol("("))
        {
            if (IsWord("SELECT") || IsSymbol("("))
            {
                var query = ReadQuery();
                Symbol(")");
                TryWord("AS");
                return new DerivedTable(query, Name());
            }

            var inner = ReadFrom();
            Symbol(")");
            return inner;
        }

        var table = new TableRef(Table(), null);
        if (IsWord("PARTITION"))
            throw SqlErrors.Unsupported("PARTITION");
        if (IsWord("AS") && IsWordAhead(1, "OF"))
            throw SqlErrors.Unsupported("stale reads (AS OF TIMESTAMP)");
        if (TryWord("AS"))
            table = table with { Alias = NameOrText() };
        else if (Next.Kind == TokenKind.Quoted || (Next.Kind == TokenKind.Word && !Reserved.Is(Next.Text)))
            table = table with { Alias = AnyName() };
        SkipIndexHints();
        return table;
    }

    /// <summary>USE/FORCE/IGNORE INDEX: a hint changes how rows are found, never which.</summary>
    private void SkipIndexHints()
    {
        while (IsWord("USE") || IsWord("FORCE") || IsWord("IGNORE"))
        {
            if (!IsWordAhead(1, "INDEX") && !IsWordAhead(1, "KEY"))
                return;
            _at += 2;
            if (TryWord("FOR") && !TryWord("JOIN") && !TryWords("ORDER", "BY") && !TryWords("GROUP", "BY"))
                throw Unexpected();
            Symbol("(");
            if (!IsSymbol(")"))
                List(AnyName);
            Symbol(")");
        }
    }
}
