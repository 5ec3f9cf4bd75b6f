namespace Tidekeeper.Playground.Databases.TiDB.Sql;

internal sealed partial class Parser
{
    private Statement ReadDefinition(string verb)
    {
        _at++;
        return verb switch
        {
            "CREATE" => ReadCreate(),
            "ALTER" => ReadAlter(),
            "DROP" => ReadDrop(),
            "TRUNCATE" => ReadTruncate(),
            _ => ReadRename(),
        };
    }

    private Statement ReadCreate()
    {
        if (TryAnyWord("DATABASE", "SCHEMA"))
        {
            var ifNotExists = IfNotExists();
            var name = Name();
            var (charset, collation) = ReadDatabaseOptions();
            return new CreateDatabase(name, ifNotExists, charset, collation);
        }

        if (TryWord("TABLE"))
            return ReadCreateTable();
        if (TryWord("USER"))
        {
            var ifNotExists = IfNotExists();
            return new CreateUsers(ReadAccountSpecs(), ifNotExists);
        }

        var unique = TryWord("UNIQUE");
        if (TryAnyWord("INDEX", "KEY"))
            return ReadCreateIndex(unique ? IndexKind.Unique : IndexKind.Plain);
        throw Next.Kind == TokenKind.Word ? SqlErrors.Unsupported($"CREATE {Next.Text.ToUpperInvariant()}")
            : Unexpected();
    }

    private (string? Charset, string? Collation) ReadDatabaseOptions()
    {
        string? charset = null, collation = null;
        while (true)
        {
            TryWord("DEFAULT");
            if (TryWords("CHARACTER", "SET") || TryWord("CHARSET"))
            {
                TrySymbol("=");
                charset = NameOrText();
            }
            else if (TryWord("COLLATE"))
            {
                TrySymbol("=");
                collation = NameOrText();
            }
            else if (TryWord("ENCRYPTION"))
            {
                TrySymbol("=");
                if (Text().Equals("Y", StringComparison.OrdinalIgnoreCase))
                    throw SqlErrors.Unsupported("ENCRYPTION");
            }
            else
            {
                return (charset, collation);
            }
        }
    }

    private AlterTable ReadCreateIndex(IndexKind kind)
    {
        var ifNotExists = IfNotExists();
        var name = Name();
        SkipIndexType();
        Word("ON");
        var table = Table();
        var index = new IndexDefinition(name, kind, ReadIndexParts());
        SkipIndexOptions();
        while (TryAnyWord("ALGORITHM", "LOCK"))
        {
            TrySymbol("=");
            AnyName();
        }

        return new AlterTable(table, [new AlterAction.AddIndex(index, ifNotExists)]);
    }

    private List<IndexPart> ReadIndexParts()
    {
        Symbol("(");
        var parts = List(() =>
        {
            if (IsSymbol("("))
                throw SqlErrors.Unsupported("expression indexes");
            var column = Name();
            var length = 0;
            if (TrySymbol("("))
            {
                length = (int)WholeNumber();
                Symbol(")");
            }

            if (!TryWord("ASC"))
                TryWord("DESC");
            return new IndexPart(column, length);
        });
        Symbol(")");
        return parts;
    }

    private void SkipIndexType()
    {
        if (TryWord("USING") || (IsWord("TYPE") && TryWord("TYPE")))
            AnyName();
    }

    private void SkipIndexOptions()
    {
        while (true)
        {
            SkipIndexType();
            if (TryWord("COMMENT"))
                Text();
            else if (TryWord("KEY_BLOCK_SIZE"))
            {
                TrySymbol("=");
                WholeNumber();
            }
            else if (!TryAnyWord("VISIBLE", "CLUSTERED", "NONCLUSTERED", "GLOBAL", "LOCAL"))
                break;
        }

        if (IsWord("INVISIBLE"))
            throw SqlErrors.Unsupported("invisible indexes");
    }

    private Statement ReadDrop()
    {
        if (TryAnyWord("DATABASE", "SCHEMA"))
        {
            var exists = IfExists();
            return new DropDatabase(Name(), exists);
        }

        TryWord("TEMPORARY");
        if (TryAnyWord("TABLE", "TABLES") || IsWord("VIEW"))
        {
            var views = TryWord("VIEW");
            var exists = IfExists();
            var tables = List(Table);
            if (!TryWord("RESTRICT"))
                TryWord("CASCADE");
            return new DropTables(tables, exists, views);
        }

        if (TryAnyWord("INDEX", "KEY"))
        {
            var exists = IfExists();
            var name = IsWord("PRIMARY") ? AnyName() : Name();
            Word("ON");
            return new AlterTable(Table(), [new AlterAction.DropIndex(name, exists)]);
        }

        if (TryWord("USER"))
        {
            var exists = IfExists();
            return new DropUsers(List(ReadAccount), exists);
        }

        throw Next.Kind == TokenKind.Word ? SqlErrors.Unsupported($"DROP {Next.Text.ToUpperInvariant()}")
            : Unexpected();
    }

    private TruncateTable ReadTruncate()
    {
        TryWord("TABLE");
        return new TruncateTable(Table());
    }

    private Statement ReadRename()
    {
        if (IsWord("USER"))
            throw SqlErrors.Unsupported("RENAME USER");
        Word("TABLE");
        return new RenameTables(List(() =>
        {
            var from = Table();
            Word("TO");
            return (from, Table());
        }));
    }

    private Statement ReadAlter()
    {
        if (TryAnyWord("DATABASE", "SCHEMA"))
        {
            var name = IsWord("CHARACTER") || IsWord("DEFAULT") || IsWord("COLLATE") || IsWord("CHARSET") ? null
                : Name();
            var (charset, collation) = ReadDatabaseOptions();
            return new AlterDatabase(name, charset, collation);
        }

        if (TryWord("USER"))
        {
            var exists = IfExists();
            return new AlterUsers(ReadAccountSpecs(), exists);
        }

        if (!TryWord("TABLE"))
            throw Next.Kind == TokenKind.Word ? SqlErrors.Unsupported($"ALTER {Next.Text.ToUpperInvariant()}")
                : Unexpected();
        var table = Table();
        return new AlterTable(table, List(ReadAlterAction));
    }
}
