namespace Tidekeeper.Playground.Databases.TiDB.Sql;

internal sealed partial class Parser
{
    private CreateTable ReadCreateTable()
    {
        var ifNotExists = IfNotExists();
        var create = new CreateTable(Table(), ifNotExists);
        if (TryWord("LIKE"))
            return create with { Like = Table() };
        if (!IsSymbol("("))
            throw IsWord("AS") || IsWord("SELECT") ? SqlErrors.Unsupported("CREATE TABLE … SELECT") : Unexpected();
        _at++;
        if (TryWord("LIKE"))
        {
            create = create with { Like = Table() };
            Symbol(")");
            return create;
        }

        var columns = new List<ColumnDefinition>();
        var indexes = new List<IndexDefinition>();
        do
        {
            if (ReadTableIndex() is { } index)
                indexes.Add(index);
            else if (!SkipForeignKeyOrCheck())
                columns.Add(ReadColumn());
        }
        while (TrySymbol(","));
        Symbol(")");
        var options = ReadTableOptions();
        if (IsWord("PARTITION"))
            throw SqlErrors.Unsupported("partitioned tables");
        if (IsWord("AS") || IsWord("SELECT"))
            throw SqlErrors.Unsupported("CREATE TABLE … SELECT");
        return create with { Columns = columns, Indexes = indexes, Options = options };
    }

    /// <summary>An index among the columns, or null when what follows is none.</summary>
    private IndexDefinition? ReadTableIndex()
    {
        var start = _at;
        string? constraint = null;
        if (TryWord("CONSTRAINT") && !IsWord("PRIMARY") && !IsWord("UNIQUE") && !IsWord("FOREIGN") && !IsWord("CHECK"))
            constraint = Name();
        if (IsWord("FULLTEXT") || IsWord("SPATIAL") || IsWord("VECTOR"))
            throw SqlErrors.Unsupported($"{Next.Text.ToUpperInvariant()} index");
        IndexKind kind;
        if (TryWords("PRIMARY", "KEY"))
            kind = IndexKind.Primary;
        else if (TryWord("UNIQUE"))
        {
            TryAnyWord("KEY", "INDEX");
            kind = IndexKind.Unique;
        }
        else if (constraint is null && TryAnyWord("KEY", "INDEX"))
            kind = IndexKind.Plain;
        else
        {
            _at = start;
            return null;
        }

        TryWords("IF", "NOT", "EXISTS");
        var name = IsSymbol("(") || IsWord("USING") ? constraint : Name();
        SkipIndexType();
        var parts = ReadIndexParts();
        SkipIndexOptions();
        return new IndexDefinition(kind == IndexKind.Primary ? null : name, kind, parts);
    }

    /// <summary>
    /// Foreign keys and checks are refused: accepting them without keeping them would be a silent lie.
    /// </summary>
    private bool SkipForeignKeyOrCheck()
    {
        var start = _at;
        if (TryWord("CONSTRAINT") && !IsWord("FOREIGN") && !IsWord("CHECK"))
            Name();
        if (IsWord("FOREIGN"))
            throw SqlErrors.Unsupported("FOREIGN KEY");
        if (IsWord("CHECK"))
            throw SqlErrors.Unsupported("CHECK constraints");
        _at = start;
        return false;
    }

    private ColumnDefinition ReadColumn()
    {
        var name = Name();
        var type = ReadType(out var charset);
        var serial = _tokens[_at - 1].Text.Equals("SERIAL", StringComparison.OrdinalIgnoreCase);
        var column = new ColumnDefinition(name, type) { Charset = charset };
        if (serial)
            column = column with
            {
                Type = ColumnType.UnsignedBigInt,
                NotNull = true,
                AutoIncrement = true,
                Key = IndexKind.Unique,
            };
        while (ReadColumnOption(column) is { } changed)
            column = changed;
        return column;
    }

    private ColumnDefinition? ReadColumnOption(ColumnDefinition column)
    {
        if (TryWords("NOT", "NULL"))
            return column with { NotNull = true };
        if (TryWord("NULL"))
            return column with { NotNull = false };
        if (TryWord("DEFAULT"))
            return column with
            {
                Default = IsSymbol("(") ? throw SqlErrors.Unsupported("DEFAULT (expression)")
                : ReadUnary()
            };
        if (TryWord("AUTO_INCREMENT"))
            return column with { AutoIncrement = true };
        if (TryWords("ON", "UPDATE"))
            return column with { OnUpdate = ReadPrimary() };
        if (TryWord("UNIQUE"))
        {
            TryWord("KEY");
            return column with { Key = column.Key ?? IndexKind.Unique };
        }

        if (TryWords("PRIMARY", "KEY") || TryWord("KEY"))
        {
            TryAnyWord("CLUSTERED", "NONCLUSTERED");
            return column with { Key = IndexKind.Primary };
        }

        if (TryWord("COMMENT"))
            return column with { Comment = Text() };
        if (TryWord("COLLATE"))
        {
            var collation = Collations.Known(NameOrText());
            return column with
            {
                Type = column.Type with { Collation = collation },
                Charset = Collations.CharsetOf(collation)
            };
        }

        if (TryWord("COLUMN_FORMAT") || TryWord("STORAGE"))
        {
            AnyName();
            return column;
        }

        if (IsWord("GENERATED") || IsWord("AS"))
            throw SqlErrors.Unsupported("generated columns");
        if (IsWord("AUTO_RANDOM"))
            throw SqlErrors.Unsupported("AUTO_RANDOM");
        if (IsWord("REFERENCES"))
            throw SqlErrors.Unsupported("FOREIGN KEY");
        return IsWord("CHECK") ? throw SqlErrors.Unsupported("CHECK constraints") : null;
    }

    /// <summary>A type with its lengths, sign and character set; the set is empty when it was not said.</summary>
    private ColumnType ReadType(out string charset)
    {
        charset = "";
        if (Next.Kind != TokenKind.Word)
            throw Unexpected();
        var word = Next.Text.ToUpperInvariant();
        if (word is "SET" or "GEOMETRY" or "POINT" or "VECTOR")
            throw SqlErrors.Unsupported($"type {word}");
        if (TypeNames.Find(word) is not { } name)
            throw Unexpected();
        _at++;
        if (word is "NATIONAL" or "DOUBLE")
            TryWord("PRECISION");
        if (word is "CHAR" or "CHARACTER" && TryWord("VARYING"))
            name = TypeName.VarChar;
        var type = ReadTypeLength(new ColumnType(name), word);
        while (true)
        {
            if (TryWord("UNSIGNED"))
                type = type with { Unsigned = true };
            else if (TryWord("ZEROFILL"))
                type = type with
                {
                    Unsigned = true,
                    ZeroFill = true,
                    Length = type.Length > 0 ? type.Length
                    : DefaultWidth(type.Name)
                };
            else if (TryWords("CHARACTER", "SET") || TryWord("CHARSET"))
            {
                charset = NameOrText().ToLowerInvariant();
                type = type with { Collation = Collations.OfCharset(charset) };
            }
            else if (!TryWord("SIGNED") && !TryWord("BINARY"))
                return WithCharset(type, ref charset);
        }
    }

    private static int DefaultWidth(TypeName name) => name switch
    {
        TypeName.TinyInt => 3,
        TypeName.SmallInt => 5,
        TypeName.MediumInt => 8,
        TypeName.Int =>
            10,
        TypeName.BigInt => 20,
        _ => -1,
    };

    /// <summary>CHAR … CHARACTER SET binary is BINARY, and so on.</summary>
    private static ColumnType WithCharset(ColumnType type, ref string charset)
    {
        if (charset != "binary")
            return type;
        charset = "";
        return type with
        {
            Collation = Collations.Default,
            Name = type.Name switch
            {
                TypeName.Char => TypeName.Binary,
                TypeName.VarChar => TypeName.VarBinary,
                TypeName.TinyText => TypeName.TinyBlob,
                TypeName.Text => TypeName.Blob,
                TypeName.MediumText => TypeName.MediumBlob,
                TypeName.LongText => TypeName.LongBlob,
                var other => other,
            },
        };
    }

    private ColumnType ReadTypeLength(ColumnType type, string word)
    {
        if (type.Name == TypeName.Enum)
        {
            Symbol("(");
            type = type with { Values = List(() => Text().TrimEnd(' ')) };
            Symbol(")");
            return type;
        }

        int first = -1, second = -1;
        if (TrySymbol("("))
        {
            first = (int)Math.Min(WholeNumber(), int.MaxValue);
            if (TrySymbol(","))
                second = (int)Math.Min(WholeNumber(), 255);
            Symbol(")");
        }

        switch (type.Name)
        {
            case TypeName.Decimal:
                if (first > 28)
                    throw SqlErrors.Unsupported($"DECIMAL({first}): more than 28 digits");
                return second > first && first >= 0
                    ? throw SqlErrors.Syntax(_sql, Next.Start)
                    : type with { Length = first < 0 ? 10 : first, Scale = Math.Max(second, 0) };
            case TypeName.DateTime or TypeName.Timestamp or TypeName.Time:
                return first > 6 ? throw Unexpected() : type with { Scale = Math.Max(first, 0) };
            case TypeName.VarChar or TypeName.VarBinary when first < 0 && word != "LONG":
                throw Unexpected();
            case TypeName.TinyInt when word is "BOOL" or "BOOLEAN":
                return type with { Length = 1 };
            default:
                return type with { Length = first, Scale = second };
        }
    }

    private TableOptions ReadTableOptions()
    {
        var options = new TableOptions();
        while (Next.Kind == TokenKind.Word && !IsWord("PARTITION") && !IsWord("AS") && !IsWord("SELECT"))
        {
            if (ReadTableOption(ref options))
                TrySymbol(",");
            else
                throw Unexpected();
        }

        return options;
    }

    private bool ReadTableOption(ref TableOptions options)
    {
        TryWord("DEFAULT");
        if (TryWords("CHARACTER", "SET") || TryWord("CHARSET"))
        {
            TrySymbol("=");
            var charset = NameOrText();
            Collations.OfCharset(charset);
            options = options with { Charset = charset.ToLowerInvariant() };
        }
        else if (TryWord("COLLATE"))
        {
            TrySymbol("=");
            options = options with { Collation = Collations.Known(NameOrText()) };
        }
        else if (TryWord("AUTO_INCREMENT"))
        {
            TrySymbol("=");
            options = options with { AutoIncrement = WholeNumber() };
        }
        else if (TryWord("COMMENT"))
        {
            TrySymbol("=");
            options = options with { Comment = Text() };
        }
        else if (TryAnyWord("ENGINE", "ROW_FORMAT", "KEY_BLOCK_SIZE", "STATS_PERSISTENT", "STATS_AUTO_RECALC",
            "STATS_SAMPLE_PAGES", "PACK_KEYS", "CHECKSUM", "DELAY_KEY_WRITE", "AVG_ROW_LENGTH", "MAX_ROWS",
            "MIN_ROWS", "COMPRESSION", "ENCRYPTION", "SHARD_ROW_ID_BITS", "PRE_SPLIT_REGIONS", "AUTO_ID_CACHE",
            "TABLESPACE", "INSERT_METHOD", "CONNECTION", "PAGE_CHECKSUM", "TRANSACTIONAL"))
        {
            TrySymbol("=");
            _at++;
        }
        else
        {
            return false;
        }

        return true;
    }
}
