namespace Tidekeeper.Playground.Databases.TiDB.Sql;

internal sealed partial class Parser
{
    private Statement ReadTransaction(string word)
    {
        _at++;
        switch (word)
        {
            case "BEGIN":
                if (!TryAnyWord("PESSIMISTIC", "OPTIMISTIC"))
                    TryWord("WORK");
                return new Begin();
            case "START":
                return ReadStart();
            case "COMMIT":
                TryWord("WORK");
                return Chained(new Commit());
            case "ROLLBACK":
                TryWord("WORK");
                if (!TryWord("TO"))
                    return Chained(new Rollback(null));
                TryWord("SAVEPOINT");
                return new Rollback(Name());
            case "RELEASE":
                Word("SAVEPOINT");
                return new Savepoint(Name(), true);
            default:
                return new Savepoint(Name(), false);
        }
    }

    private Begin ReadStart()
    {
        if (!IsWord("TRANSACTION"))
            throw SqlErrors.Unsupported($"START {Next.Text.ToUpperInvariant()}");
        _at++;
        do
        {
            if (!TryWords("WITH", "CONSISTENT", "SNAPSHOT") && !TryWords("READ", "WRITE") && !TryWords("READ", "ONLY"))
                break;
        }
        while (TrySymbol(","));
        return new Begin();
    }

    private Statement Chained(Statement statement)
    {
        if (TryWords("AND", "NO", "CHAIN") || TryWords("NO", "RELEASE"))
            return statement;
        return IsWord("AND") || IsWord("RELEASE") ? throw SqlErrors.Unsupported("AND CHAIN and RELEASE") : statement;
    }

    private Statement ReadSet()
    {
        Word("SET");
        if (TryWord("PASSWORD"))
            return ReadSetPassword();
        if (IsWord("TRANSACTION") ||
            ((IsWord("SESSION") || IsWord("GLOBAL") || IsWord("LOCAL")) && IsWordAhead(1, "TRANSACTION")))
            return ReadSetTransaction();
        if (IsWord("ROLE") || (IsWord("DEFAULT") && IsWordAhead(1, "ROLE")))
            throw SqlErrors.Unsupported("roles");
        var assignments = new List<VariableAssignment>();
        do
        {
            assignments.AddRange(ReadVariableAssignment());
        }
        while (TrySymbol(","));
        return new SetVariables(assignments);
    }

    private SetVariables ReadSetTransaction()
    {
        var scope = TryWord("GLOBAL") ? "GLOBAL" : "SESSION";
        TryAnyWord("SESSION", "LOCAL");
        Word("TRANSACTION");
        var assignments = new List<VariableAssignment>();
        do
        {
            if (TryWords("READ", "ONLY") || TryWords("READ", "WRITE"))
                continue;
            Word("ISOLATION");
            Word("LEVEL");
            var level = AnyName().ToUpperInvariant();
            if (level is "READ" or "REPEATABLE")
                level += "-" + AnyName().ToUpperInvariant();
            assignments.Add(new VariableAssignment(scope, "transaction_isolation", new Literal(SqlValue.Of(level))));
        }
        while (TrySymbol(","));
        return new SetVariables(assignments);
    }

    private IEnumerable<VariableAssignment> ReadVariableAssignment()
    {
        if (TryWord("NAMES"))
            return ReadNames();
        if (TryWords("CHARACTER", "SET") || (IsWord("CHARSET") && TryWord("CHARSET")))
            return [new VariableAssignment("SESSION", "character_set_client", new Literal(SqlValue.Of(NameOrText())))];
        if (TrySymbol("@"))
        {
            if (!TrySymbol("@"))
            {
                var variable = NameOrText();
                if (!TrySymbol("="))
                    Symbol(":=");
                return [new VariableAssignment("@", variable, ReadSetValue())];
            }
        }

        var scope = "SESSION";
        var name = AnyName();
        var upper = name.ToUpperInvariant();
        if (upper is "GLOBAL" or "SESSION" or "LOCAL" or "PERSIST")
        {
            scope = upper is "GLOBAL" or "PERSIST" ? "GLOBAL" : "SESSION";
            TrySymbol(".");
            name = AnyName();
        }

        if (!TrySymbol("="))
            Symbol(":=");
        return [new VariableAssignment(scope, name.ToLowerInvariant(), ReadSetValue())];
    }

    private IEnumerable<VariableAssignment> ReadNames()
    {
        var charset = NameOrText();
        var collation = TryWord("COLLATE") ? NameOrText() : null;
        var value = new Literal(SqlValue.Of(charset.ToLowerInvariant()));
        if (!charset.Equals("default", StringComparison.OrdinalIgnoreCase))
            Collations.OfCharset(charset);
        yield return new VariableAssignment("SESSION", "character_set_client", value);
        yield return new VariableAssignment("SESSION", "character_set_connection", value);
        yield return new VariableAssignment("SESSION", "character_set_results", value);
        if (collation is not null)
            yield return new VariableAssignment(
                "SESSION", "collation_connection", new Literal(SqlValue.Of(Collations.Known(collation))));
    }

    /// <summary>The value of a variable; a bare word such as ON or utf8 is text.</summary>
    private Expr? ReadSetValue()
    {
        if (TryWord("DEFAULT"))
            return null;
        if (IsWord("ON") || IsWord("BINARY") || IsWord("ALL"))
            return new Literal(SqlValue.Of(_tokens[_at++].Text));
        var bare = Next.Kind == TokenKind.Word && Ahead(1) is { Kind: TokenKind.End } or { Text: "," or ";" };
        var value = ReadExpr();
        return bare && value is ColumnName { Table: null } name ? new Literal(SqlValue.Of(name.Name)) : value;
    }

    private Statement ReadExplain()
    {
        _at++;
        if (Next.Kind == TokenKind.Quoted ||
            (Next.Kind == TokenKind.Word && !Reserved.Is(Next.Text) && !IsWord("FORMAT")))
        {
            var table = Table();
            var column = Next.Kind == TokenKind.Text ? new Literal(SqlValue.Of(Text()))
                : Next.Kind is TokenKind.Word or TokenKind.Quoted ? new Literal(SqlValue.Of(AnyName())) : null;
            return new Show("COLUMNS") { Table = table, Like = column };
        }

        if (TryWord("FORMAT"))
        {
            Symbol("=");
            NameOrText();
        }

        if (IsWord("ANALYZE"))
            throw SqlErrors.Unsupported("EXPLAIN ANALYZE");
        return new Explain(ReadStatement());
    }

    private Kill ReadKill()
    {
        _at++;
        TryWord("TIDB");
        var query = TryWord("QUERY");
        if (!query)
            TryWord("CONNECTION");
        return new Kill(WholeNumber(), query);
    }

    /// <summary>Statements that a real server acts on, and that have nothing to act on here.</summary>
    private Accepted ReadAccepted(string word)
    {
        var second = Ahead(1).Kind == TokenKind.Word ? Ahead(1).Text.ToUpperInvariant() : "";
        if (word is not ("LOCK" or "UNLOCK" or "FLUSH" or "ANALYZE" or "OPTIMIZE" or "CHECK" or "REPAIR"
            or "GRANT" or "REVOKE"))
            throw Unexpected();
        var tables = new List<TableName>();
        if (word is "ANALYZE" or "OPTIMIZE" or "CHECK" or "REPAIR" && second is "TABLE" or "TABLES")
        {
            _at += 2;
            tables = List(Table);
        }
        else if (word == "LOCK" && second is "TABLE" or "TABLES")
        {
            _at += 2;
            tables = List(ReadLock);
        }

        while (Next.Kind != TokenKind.End && !IsSymbol(";"))
            _at++;
        return new Accepted(word, tables);
    }

    private TableName ReadLock()
    {
        var table = Table();
        if (TryWord("AS"))
            Name();
        else if (!IsWord("READ") && !IsWord("WRITE") && !IsWord("LOW_PRIORITY"))
            Name();
        TryWord("LOW_PRIORITY");
        if (!TryWord("READ"))
            Word("WRITE");
        TryWord("LOCAL");
        return table;
    }
}
