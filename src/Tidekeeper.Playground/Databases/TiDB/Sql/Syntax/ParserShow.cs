namespace Tidekeeper.Playground.Databases.TiDB.Sql;

internal sealed partial class Parser
{
    private Show ReadShow()
    {
        Word("SHOW");
        var full = TryWord("FULL");
        if (!full)
            TryWord("EXTENDED");
        var global = TryWord("GLOBAL");
        TryAnyWord("SESSION", "LOCAL");
        if (TryWord("CREATE"))
            return ReadShowCreate();
        if (TryWord("TABLE"))
        {
            Word("STATUS");
            return ReadShowIn(new Show("TABLE STATUS"));
        }

        if (TryWords("COUNT"))
            throw SqlErrors.Unsupported("SHOW COUNT(*)");
        if (TryWords("CHARACTER", "SET"))
            return ReadShowFilter(new Show("CHARSET"));
        if (TryWord("STORAGE"))
        {
            Word("ENGINES");
            return new Show("ENGINES");
        }

        if (TryWords("BINARY", "LOGS") || TryWords("MASTER", "LOGS"))
            return new Show("BINARY LOGS");
        if (TryWords("MASTER", "STATUS") || TryWords("BINARY", "LOG", "STATUS"))
            return new Show("MASTER STATUS");
        if (TryWords("SLAVE", "STATUS") || TryWords("REPLICA", "STATUS"))
            return new Show("SLAVE STATUS");
        if (TryAnyWord("PROCEDURE", "FUNCTION"))
        {
            Word("STATUS");
            return ReadShowFilter(new Show("PROCEDURE STATUS"));
        }

        if (TryWord("PLACEMENT"))
            throw SqlErrors.Unsupported("SHOW PLACEMENT");
        var what = Next.Kind == TokenKind.Word ? Next.Text.ToUpperInvariant() : throw Unexpected();
        _at++;
        return ReadShowSimple(what, new Show(what) { Full = full, Global = global });
    }

    private Show ReadShowSimple(string what, Show show)
    {
        switch (what)
        {
            case "DATABASES" or "SCHEMAS":
                return ReadShowFilter(show with { What = "DATABASES" });
            case "TABLES" or "TRIGGERS" or "EVENTS":
                return ReadShowIn(show);
            case "OPEN":
                Word("TABLES");
                return ReadShowIn(show with { What = "OPEN TABLES" });
            case "COLUMNS" or "FIELDS":
                return ReadShowFilter(ReadShowTable(show with { What = "COLUMNS" }));
            case "INDEX" or "INDEXES" or "KEYS":
                return ReadShowFilter(ReadShowTable(show with { What = "INDEX" }));
            case "VARIABLES" or "STATUS" or "COLLATION" or "ENGINES" or "PLUGINS" or "CHARSET" or "CONFIG":
                return ReadShowFilter(show);
            case "WARNINGS" or "ERRORS":
                if (TryWord("LIMIT"))
                    WholeNumber();
                return show;
            case "PROCESSLIST" or "PRIVILEGES" or "PROFILES":
                return show;
            case "GRANTS":
                return ReadShowGrants(show);
            default:
                throw SqlErrors.Unsupported($"SHOW {what}");
        }
    }

    private Show ReadShowGrants(Show show)
    {
        if (!TryWord("FOR") || TryWord("CURRENT_USER"))
        {
            if (TrySymbol("("))
                Symbol(")");
            return show;
        }

        var (user, host) = ReadAccount();
        return show with { Account = $"{user}@{host}" };
    }

    private Show ReadShowCreate()
    {
        if (TryAnyWord("DATABASE", "SCHEMA"))
        {
            var ifNotExists = IfNotExists();
            return new Show("CREATE DATABASE") { Database = Name(), IfNotExists = ifNotExists };
        }

        if (TryWord("TABLE"))
            return new Show("CREATE TABLE") { Table = Table() };
        if (!TryWord("USER"))
            throw SqlErrors.Unsupported($"SHOW CREATE {Next.Text.ToUpperInvariant()}");
        var (user, host) = ReadAccount();
        return new Show("CREATE USER") { Account = $"{user}@{host}" };
    }

    private Show ReadShowTable(Show show)
    {
        if (!TryWord("FROM"))
            Word("IN");
        var table = Table();
        if (TryWord("FROM") || TryWord("IN"))
            table = table with { Database = Name() };
        return show with { Table = table };
    }

    private Show ReadShowIn(Show show)
    {
        if (TryWord("FROM") || TryWord("IN"))
            show = show with { Database = Name() };
        return ReadShowFilter(show);
    }

    private Show ReadShowFilter(Show show)
    {
        if (TryWord("LIKE"))
            return show with { Like = new Literal(SqlValue.Of(Text())) };
        return TryWord("WHERE") ? show with { Where = ReadExpr() } : show;
    }

    private (string User, string Host) ReadAccount()
    {
        if (TryWord("CURRENT_USER"))
        {
            if (TrySymbol("("))
                Symbol(")");
            return ("", "");
        }

        var user = NameOrText();
        return (user, TrySymbol("@") ? NameOrText() : "%");
    }

    private List<AccountSpec> ReadAccountSpecs()
    {
        var specs = List(ReadAccountSpec);
        if (IsWord("REQUIRE") && !IsWordAhead(1, "NONE"))
            throw SqlErrors.Unsupported("REQUIRE (TLS for users)");
        while (TryWords("REQUIRE", "NONE") || TryWords("PASSWORD", "EXPIRE", "NEVER") ||
               TryWords("PASSWORD", "EXPIRE", "DEFAULT") || TryWords("ACCOUNT", "UNLOCK"))
        {
        }

        return specs;
    }

    private AccountSpec ReadAccountSpec()
    {
        var (user, host) = ReadAccount();
        if (IsWord("USER") && Ahead(1).Text == "(")
            throw Unexpected();
        if (!TryWord("IDENTIFIED"))
            return new AccountSpec(user, host, null, null, null);
        string? plugin = null;
        if (TryWord("WITH"))
            plugin = NameOrText().ToLowerInvariant();
        if (plugin is not (null or "mysql_native_password" or "caching_sha2_password"))
            throw SqlErrors.Unsupported($"authentication plugin {plugin}");
        if (TryWord("BY"))
        {
            if (TryWord("PASSWORD"))
                return new AccountSpec(user, host, plugin, null, Text());
            return new AccountSpec(user, host, plugin, Text(), null);
        }

        return TryWord("AS") ? new AccountSpec(user, host, plugin, null, Text())
            : new AccountSpec(user, host, plugin, "", null);
    }

    private AlterUsers ReadSetPassword()
    {
        var (user, host) = TryWord("FOR") ? ReadAccount() : ("", "");
        Symbol("=");
        var call = TryWord("PASSWORD");
        if (call)
            Symbol("(");
        var password = Text();
        if (call)
            Symbol(")");
        return new AlterUsers([new AccountSpec(user, host, null, password, null)], false);
    }
}
