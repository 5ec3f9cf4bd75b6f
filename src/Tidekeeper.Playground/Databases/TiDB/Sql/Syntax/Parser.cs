using System.Globalization;
using Tidekeeper.Playground.Network;

namespace Tidekeeper.Playground.Databases.TiDB.Sql;

/// <summary>
/// Reads one statement by recursive descent. What is well-formed but not supported is refused by name (1235); what is
/// not understood is a syntax error (1064) that points at the first token that does not fit.
/// </summary>
internal sealed partial class Parser
{
    private readonly string _sql;
    private readonly List<Token> _tokens;
    private int _at;

    private Parser(string sql)
    {
        _sql = sql;
        _tokens = Lexer.Read(sql);
    }

    /// <summary>The statement, or null when there is nothing but comments.</summary>
    public static Statement? Parse(string sql)
    {
        var parser = new Parser(sql);
        while (parser.TrySymbol(";"))
        {
        }

        if (parser.Next.Kind == TokenKind.End)
            return null;
        var statement = parser.ReadStatement();
        while (parser.TrySymbol(";"))
        {
        }

        return parser.Next.Kind == TokenKind.End ? statement : throw parser.Unexpected();
    }

    private Statement ReadStatement()
    {
        if (IsSymbol("("))
            return ReadQuery();
        var word = Next.Kind == TokenKind.Word ? Next.Text.ToUpperInvariant() : throw Unexpected();
        switch (word)
        {
            case "SELECT":
                return ReadQuery();
            case "INSERT" or "REPLACE":
                return ReadInsert();
            case "UPDATE":
                return ReadUpdate();
            case "DELETE":
                return ReadDelete();
            case "CREATE" or "ALTER" or "DROP" or "TRUNCATE" or "RENAME":
                return ReadDefinition(word);
            case "BEGIN" or "START" or "COMMIT" or "ROLLBACK" or "SAVEPOINT" or "RELEASE":
                return ReadTransaction(word);
            case "USE":
                _at++;
                return new Use(Name());
            case "SET":
                return ReadSet();
            case "SHOW":
                return ReadShow();
            case "DESC" or "DESCRIBE" or "EXPLAIN":
                return ReadExplain();
            case "KILL":
                return ReadKill();
            case "WITH" or "LOAD" or "CALL" or "PREPARE" or "EXECUTE" or "DEALLOCATE" or "HANDLER" or "TABLE"
                or "VALUES" or "DO" or "IMPORT" or "BACKUP" or "RESTORE" or "ADMIN" or "TRACE" or "XA"
                or "CHANGE" or "PLAN" or "SPLIT" or "RECOVER" or "FLASHBACK" or "SIGNAL":
                throw SqlErrors.Unsupported(word);
            default:
                return ReadAccepted(word);
        }
    }

    private Token Next => _tokens[_at];

    private Token Ahead(int count) => _tokens[Math.Min(_at + count, _tokens.Count - 1)];

    private SqlFault Unexpected() => SqlErrors.Syntax(_sql, Next.Start);

    private bool IsWord(string word) =>
        Next.Kind == TokenKind.Word && Next.Text.Equals(word, StringComparison.OrdinalIgnoreCase);

    private bool IsWordAhead(int count, string word) =>
        Ahead(count).Kind == TokenKind.Word && Ahead(count).Text.Equals(word, StringComparison.OrdinalIgnoreCase);

    private bool IsSymbol(string symbol) => Next.Kind == TokenKind.Symbol && Next.Text == symbol;

    private bool TryWord(string word)
    {
        if (!IsWord(word))
            return false;
        _at++;
        return true;
    }

    /// <summary>Takes all the words, or none of them.</summary>
    private bool TryWords(params ReadOnlySpan<string> words)
    {
        for (var i = 0; i < words.Length; i++)
            if (!IsWordAhead(i, words[i]))
                return false;
        _at += words.Length;
        return true;
    }

    private bool TryAnyWord(params ReadOnlySpan<string> words)
    {
        foreach (var word in words)
            if (TryWord(word))
                return true;
        return false;
    }

    private void Word(string word)
    {
        if (!TryWord(word))
            throw Unexpected();
    }

    private bool TrySymbol(string symbol)
    {
        if (!IsSymbol(symbol))
            return false;
        _at++;
        return true;
    }

    private void Symbol(string symbol)
    {
        if (!TrySymbol(symbol))
            throw Unexpected();
    }

    /// <summary>A name, quoted or not; a reserved word must be quoted.</summary>
    private string Name()
    {
        if (Next.Kind == TokenKind.Quoted || (Next.Kind == TokenKind.Word && !Reserved.Is(Next.Text)))
            return _tokens[_at++].Text;
        throw Unexpected();
    }

    /// <summary>A name after a point, or another place where any word is a name.</summary>
    private string AnyName() =>
        Next.Kind is TokenKind.Quoted or TokenKind.Word ? _tokens[_at++].Text : throw Unexpected();

    /// <summary>A name or a string: character sets, collations, aliases, values of options.</summary>
    private string NameOrText() =>
        Next.Kind is TokenKind.Text or TokenKind.Quoted or TokenKind.Word ? _tokens[_at++].Text : throw Unexpected();

    private string Text() => Next.Kind == TokenKind.Text ? _tokens[_at++].Text : throw Unexpected();

    private long WholeNumber()
    {
        if (Next.Kind != TokenKind.Number ||
            !long.TryParse(Next.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            throw Unexpected();
        _at++;
        return number;
    }

    private TableName Table()
    {
        var first = Name();
        return TrySymbol(".") ? new TableName(first, AnyName()) : new TableName(null, first);
    }

    private List<T> List<T>(Func<T> item)
    {
        var items = new List<T> { item() };
        while (TrySymbol(","))
            items.Add(item());
        return items;
    }

    private bool IfExists() => TryWords("IF", "EXISTS");

    private bool IfNotExists() => TryWords("IF", "NOT", "EXISTS");
}
