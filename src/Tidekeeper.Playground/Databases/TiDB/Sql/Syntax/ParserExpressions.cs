namespace Tidekeeper.Playground.Databases.TiDB.Sql;

internal sealed partial class Parser
{
    private static readonly string[] _comparisons = ["=", "<=>", "<>", "!=", "<", "<=", ">", ">="];

    private Expr ReadExpr()
    {
        var left = ReadXor();
        while (TrySymbol("||") || TryWord("OR"))
            left = new Binary("OR", left, ReadXor());
        return left;
    }

    private Expr ReadXor()
    {
        var left = ReadAnd();
        while (TryWord("XOR"))
            left = new Binary("XOR", left, ReadAnd());
        return left;
    }

    private Expr ReadAnd()
    {
        var left = ReadNot();
        while (TrySymbol("&&") || TryWord("AND"))
            left = new Binary("AND", left, ReadNot());
        return left;
    }

    private Expr ReadNot() => TryWord("NOT") ? new Unary("NOT", ReadNot()) : ReadComparison();

    private Expr ReadComparison()
    {
        var left = ReadBits();
        while (true)
        {
            if (Next.Kind == TokenKind.Symbol && _comparisons.Contains(Next.Text))
            {
                var symbol = _tokens[_at++].Text;
                if (IsWord("ANY") || IsWord("ALL") || IsWord("SOME"))
                    throw SqlErrors.Unsupported($"{symbol} {Next.Text.ToUpperInvariant()} (subquery)");
                left = new Binary(symbol == "!=" ? "<>" : symbol, left, ReadBits());
                continue;
            }

            if (TryWord("IS"))
            {
                var not = TryWord("NOT");
                var what = Next.Text.ToUpperInvariant();
                if (!TryAnyWord("NULL", "TRUE", "FALSE", "UNKNOWN"))
                    throw Unexpected();
                left = new IsTest(left, what == "UNKNOWN" ? "NULL" : what, not);
                continue;
            }

            var negated = IsWord("NOT") && (IsWordAhead(1, "LIKE") || IsWordAhead(1, "IN") ||
                IsWordAhead(1, "BETWEEN") || IsWordAhead(1, "REGEXP") || IsWordAhead(1, "RLIKE"));
            if (negated)
                _at++;
            if (ReadPredicate(left, negated) is not { } predicate)
                return left;
            left = predicate;
        }
    }

    private Expr? ReadPredicate(Expr left, bool negated)
    {
        if (TryWord("LIKE"))
        {
            var pattern = ReadBits();
            var escape = TryWord("ESCAPE") ? Text() : "\\";
            return new Like(left, pattern, escape.Length == 0 ? '\0' : escape[0], negated);
        }

        if (TryWord("BETWEEN"))
        {
            var low = ReadBits();
            Word("AND");
            return new Between(left, low, ReadBits(), negated);
        }

        if (TryWord("IN"))
        {
            Symbol("(");
            Expr result = IsWord("SELECT")
                ? new InQuery(left, ReadQuery(), negated)
                : new InList(left, List(ReadExpr), negated);
            Symbol(")");
            return result;
        }

        if (!TryAnyWord("REGEXP", "RLIKE"))
            return null;
        Expr match = new Call("REGEXP_LIKE", [left, ReadBits()]);
        return negated ? new Unary("NOT", match) : match;
    }

    private Expr ReadBits()
    {
        var left = ReadShift();
        while (IsSymbol("|") || IsSymbol("&"))
            left = new Binary(_tokens[_at++].Text, left, ReadShift());
        return left;
    }

    private Expr ReadShift()
    {
        var left = ReadSum();
        while (IsSymbol("<<") || IsSymbol(">>"))
            left = new Binary(_tokens[_at++].Text, left, ReadSum());
        return left;
    }

    private Expr ReadSum()
    {
        var left = ReadProduct();
        while (IsSymbol("+") || IsSymbol("-"))
        {
            var symbol = _tokens[_at++].Text;
            var right = ReadProduct();
            left = right is Interval
                ? new Call(symbol == "+" ? "DATE_ADD" : "DATE_SUB", [left, right])
                : new Binary(symbol, left, right);
        }

        return left;
    }

    private Expr ReadProduct()
    {
        var left = ReadPower();
        while (true)
        {
            if (IsSymbol("*") || IsSymbol("/") || IsSymbol("%"))
                left = new Binary(_tokens[_at++].Text, left, ReadPower());
            else if (TryWord("DIV"))
                left = new Binary("DIV", left, ReadPower());
            else if (TryWord("MOD"))
                left = new Binary("%", left, ReadPower());
            else
                return left;
        }
    }

    private Expr ReadPower()
    {
        var left = ReadUnary();
        while (TrySymbol("^"))
            left = new Binary("^", left, ReadUnary());
        return left;
    }

    private Expr ReadUnary()
    {
        if (TrySymbol("-"))
        {
            var operand = ReadUnary();
            return operand is Literal { Value.IsNumber: true } number
                ? new Literal(Evaluation.Negate(number.Value))
                : new Unary("-", operand);
        }

        if (TrySymbol("+"))
            return ReadUnary();
        if (TrySymbol("~"))
            return new Unary("~", ReadUnary());
        if (TrySymbol("!"))
            return new Unary("NOT", ReadUnary());
        if (IsWord("BINARY") && Ahead(1).Kind != TokenKind.End)
        {
            _at++;
            return new Convert(ReadUnary(), ColumnType.Blob);
        }

        var value = ReadPrimary();
        while (true)
        {
            if (TryWord("COLLATE"))
                value = new Collate(value, Collations.Known(NameOrText()));
            else if (IsSymbol("->") || IsSymbol("->>"))
                throw SqlErrors.Unsupported("JSON paths");
            else
                return value;
        }
    }

    private Expr ReadPrimary()
    {
        var token = Next;
        switch (token.Kind)
        {
            case TokenKind.Number:
                _at++;
                return new Literal(NumberText.Literal(token.Text));
            case TokenKind.Text:
                return new Literal(SqlValue.Of(ReadAdjacentText()));
            case TokenKind.Hex:
                _at++;
                return new Literal(SqlValue.OfBytes(token.Text));
            case TokenKind.Quoted:
                return ReadName();
            case TokenKind.Word:
                return ReadWord(token.Text.ToUpperInvariant());
            default:
                return ReadSymbolic();
        }
    }

    private string ReadAdjacentText()
    {
        var text = Text();
        while (Next.Kind == TokenKind.Text)
            text += Text();
        return text;
    }

    private Expr ReadSymbolic()
    {
        if (TrySymbol("("))
        {
            if (IsWord("SELECT"))
            {
                var query = ReadQuery();
                Symbol(")");
                return new ScalarQuery(query);
            }

            var inner = ReadExpr();
            if (IsSymbol(","))
                throw SqlErrors.Unsupported("row values");
            Symbol(")");
            return inner;
        }

        if (TrySymbol("@"))
        {
            if (!TrySymbol("@"))
            {
                var name = NameOrText();
                return IsSymbol(":=") ? throw SqlErrors.Unsupported("assignment in an expression")
                    : new UserVariable(name);
            }

            var first = AnyName();
            var scope = first.ToUpperInvariant();
            return scope is "GLOBAL" or "SESSION" or "LOCAL" && TrySymbol(".")
                ? new SystemVariable(scope == "GLOBAL" ? scope : "SESSION", AnyName())
                : new SystemVariable("", first);
        }

        throw IsSymbol("?") ? SqlErrors.Unsupported("parameters outside a prepared statement") : Unexpected();
    }

    private Expr ReadName()
    {
        var first = AnyName();
        if (!TrySymbol("."))
            return new ColumnName(null, null, first);
        var second = AnyName();
        return TrySymbol(".") ? new ColumnName(first, second, AnyName()) : new ColumnName(null, first, second);
    }

    private Expr ReadWord(string word)
    {
        var follows = Ahead(1);
        var isCall = follows is { Kind: TokenKind.Symbol, Text: "(" };
        switch (word)
        {
            case "NULL" or "TRUE" or "FALSE":
                _at++;
                return new Literal(word == "NULL" ? SqlValue.Null : SqlValue.Of(word == "TRUE"));
            case "DEFAULT" when !isCall:
                _at++;
                return new DefaultValue();
            case "EXISTS" when isCall:
                _at += 2;
                var query = ReadQuery();
                Symbol(")");
                return new Exists(query);
            case "CASE":
                return ReadCase();
            case "INTERVAL" when !isCall || !IsIntervalFunction():
                _at++;
                var amount = ReadExpr();
                return new Interval(amount, AnyName().ToUpperInvariant());
            case "DATE" or "TIMESTAMP" or "TIME" when follows.Kind == TokenKind.Text:
                _at++;
                return new Call(word, [new Literal(SqlValue.Of(Text()))]);
            case "CURRENT_TIMESTAMP" or "CURRENT_DATE" or "CURRENT_TIME" or "CURRENT_USER" or "LOCALTIME"
                or "LOCALTIMESTAMP" or "UTC_TIMESTAMP" or "UTC_DATE" or "UTC_TIME" when !isCall:
                _at++;
                return new Call(word, []);
        }

        if (word[0] == '_' && follows.Kind is TokenKind.Text or TokenKind.Hex)
            return ReadIntroduced(word);
        if (isCall && !(Reserved.Is(word) && !Functions.IsCallable(word)))
            return ReadCall(word);
        return Reserved.Is(word) ? throw Unexpected() : ReadName();
    }

    private bool IsIntervalFunction()
    {
        var depth = 0;
        for (var i = _at + 1; i < _tokens.Count; i++)
        {
            if (_tokens[i].Kind != TokenKind.Symbol)
                continue;
            depth += _tokens[i].Text switch { "(" => 1, ")" => -1, _ => 0 };
            if (depth == 0)
                return _tokens[i + 1].Kind != TokenKind.Word;
            if (depth == 1 && _tokens[i].Text == ",")
                return true;
        }

        return false;
    }

    /// <summary>A text with its character set in front, as in <c>_binary 'abc'</c>.</summary>
    private Expr ReadIntroduced(string word)
    {
        var charset = word[1..].ToLowerInvariant();
        if (charset != "binary")
            Collations.OfCharset(charset);
        _at++;
        var text = Next.Kind == TokenKind.Hex ? _tokens[_at++].Text : ReadAdjacentText();
        return new Literal(charset == "binary" ? SqlValue.OfBytes(text) : SqlValue.Of(text));
    }

    private Case ReadCase()
    {
        _at++;
        var subject = IsWord("WHEN") ? null : ReadExpr();
        var arms = new List<(Expr, Expr)>();
        while (TryWord("WHEN"))
        {
            var when = ReadExpr();
            Word("THEN");
            arms.Add((when, ReadExpr()));
        }

        if (arms.Count == 0)
            throw Unexpected();
        var otherwise = TryWord("ELSE") ? ReadExpr() : null;
        Word("END");
        return new Case(subject, arms, otherwise);
    }
}
