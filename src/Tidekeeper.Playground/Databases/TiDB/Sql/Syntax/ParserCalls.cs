namespace Tidekeeper.Playground.Databases.TiDB.Sql;

internal sealed partial class Parser
{
    private Expr ReadCall(string name)
    {
        _at += 2;
        switch (name)
        {
            case "CAST":
                return ReadCast();
            case "CONVERT":
                return ReadConvert();
            case "TRIM":
                return ReadTrim();
            case "EXTRACT":
                var unit = AnyName().ToUpperInvariant();
                Word("FROM");
                return Close(new Call("EXTRACT", [new Literal(SqlValue.Of(unit)), ReadExpr()]));
            case "POSITION":
                var part = ReadBits();
                Word("IN");
                return Close(new Call("LOCATE", [part, ReadExpr()]));
            case "SUBSTRING" or "SUBSTR":
                return ReadSubstring();
            case "TIMESTAMPDIFF" or "TIMESTAMPADD":
                var span = new Literal(SqlValue.Of(AnyName().ToUpperInvariant()));
                Symbol(",");
                return Close(new Call(name, [span, .. List(ReadExpr)]));
            case "GROUP_CONCAT":
                return ReadGroupConcat();
            case "COUNT" when TrySymbol("*"):
                return Close(new Call(name, []));
        }

        if (TrySymbol(")"))
            return AfterCall(new Call(name, []));
        var distinct = TryWord("DISTINCT");
        if (!distinct)
            TryWord("ALL");
        return Close(new Call(name, List(ReadExpr), distinct));
    }

    private Expr Close(Expr call)
    {
        Symbol(")");
        return AfterCall(call);
    }

    private Expr AfterCall(Expr call) =>
        IsWord("OVER") ? throw SqlErrors.Unsupported("window functions") : call;

    private Expr ReadCast()
    {
        var value = ReadExpr();
        Word("AS");
        return Close(new Convert(value, ReadCastType()));
    }

    private Expr ReadConvert()
    {
        var value = ReadExpr();
        if (!TryWord("USING"))
        {
            Symbol(",");
            return Close(new Convert(value, ReadCastType()));
        }

        var charset = NameOrText();
        return Close(charset.Equals("binary", StringComparison.OrdinalIgnoreCase)
            ? new Convert(value, ColumnType.Blob)
            : new Convert(value, new ColumnType(TypeName.VarChar) { Collation = Collations.OfCharset(charset) }));
    }

    private ColumnType ReadCastType()
    {
        if (TryWord("SIGNED"))
        {
            TryAnyWord("INTEGER", "INT");
            return ColumnType.BigInt;
        }

        if (TryWord("UNSIGNED"))
        {
            TryAnyWord("INTEGER", "INT");
            return ColumnType.UnsignedBigInt;
        }

        var type = ReadType(out _);
        return type.Name switch
        {
            TypeName.Char => type with { Name = TypeName.VarChar },
            TypeName.Binary => type with { Name = TypeName.VarBinary },
            TypeName.Decimal or TypeName.Double or TypeName.Float or TypeName.Date or TypeName.DateTime
                or TypeName.Time or TypeName.Json or TypeName.Year => type,
            _ => throw Unexpected(),
        };
    }

    private Expr ReadTrim()
    {
        var side = TryWord("LEADING") ? "LTRIM" : TryWord("TRAILING") ? "RTRIM" : "TRIM";
        if (side == "TRIM")
            TryWord("BOTH");
        if (TryWord("FROM"))
            return Close(new Call(side, [ReadExpr()]));
        var first = ReadExpr();
        return TryWord("FROM") ? Close(new Call(side, [ReadExpr(), first])) : Close(new Call(side, [first]));
    }

    private Expr ReadSubstring()
    {
        var text = ReadExpr();
        var from = TryWord("FROM");
        if (!from)
            Symbol(",");
        var arguments = new List<Expr> { text, ReadExpr() };
        if (from ? TryWord("FOR") : TrySymbol(","))
            arguments.Add(ReadExpr());
        return Close(new Call("SUBSTRING", arguments));
    }

    private Expr ReadGroupConcat()
    {
        var distinct = TryWord("DISTINCT");
        var value = ReadExpr();
        if (IsSymbol(","))
            value = new Call("CONCAT", [value, .. MoreArguments()]);
        if (IsWord("ORDER"))
            throw SqlErrors.Unsupported("GROUP_CONCAT(… ORDER BY …)");
        var separator = TryWord("SEPARATOR") ? Text() : ",";
        return Close(new Call("GROUP_CONCAT", [value, new Literal(SqlValue.Of(separator))], distinct));
    }

    private List<Expr> MoreArguments()
    {
        Symbol(",");
        return List(ReadExpr);
    }
}
