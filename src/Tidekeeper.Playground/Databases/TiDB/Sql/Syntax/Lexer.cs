using System.Globalization;
using System.Text;
using Tidekeeper.Playground.Network;

namespace Tidekeeper.Playground.Databases.TiDB.Sql;

internal enum TokenKind { Word, Quoted, Number, Text, Hex, Symbol, End }

/// <summary>A token; <paramref name="Text"/> is its meaning: a string without quotes, a symbol as written.</summary>
internal readonly record struct Token(TokenKind Kind, string Text, int Start, int End);

/// <summary>
/// Cuts a statement into tokens. The body of a version comment (<c>/*!40101 … */</c>) and of a TiDB comment
/// (<c>/*T! … */</c>) is part of the statement; versions above 8.0 are MariaDB's and are comments here.
/// </summary>
internal sealed class Lexer(string sql)
{
    private const int NewestVersionUnderstood = 80100;

    private static readonly string[] _symbols =
        ["<=>", "->>", "<<", ">>", "<=", ">=", "<>", "!=", "||", "&&", ":=", "->"];

    private readonly List<Token> _tokens = [];
    private int _at;
    private int _openComments;

    public static List<Token> Read(string sql) => new Lexer(sql).Read();

    private List<Token> Read()
    {
        while (true)
        {
            SkipSpace();
            if (_at >= sql.Length)
                break;
            ReadToken();
        }

        _tokens.Add(new Token(TokenKind.End, "", sql.Length, sql.Length));
        return _tokens;
    }

    private char Peek(int ahead = 0) => _at + ahead < sql.Length ? sql[_at + ahead] : '\0';

    private void SkipSpace()
    {
        while (_at < sql.Length)
        {
            var c = sql[_at];
            if (char.IsWhiteSpace(c))
                _at++;
            else if (c == '#' || (c == '-' && Peek(1) == '-' && (_at + 2 >= sql.Length || Peek(2) <= ' ')))
                SkipLine();
            else if (c == '/' && Peek(1) == '*')
                SkipComment();
            else if (c == '*' && Peek(1) == '/' && _openComments > 0)
                (_at, _openComments) = (_at + 2, _openComments - 1);
            else
                return;
        }
    }

    private void SkipLine()
    {
        while (_at < sql.Length && sql[_at] != '\n')
            _at++;
    }

    private void SkipComment()
    {
        var body = _at + 2;
        if (body < sql.Length && sql[body] == '!')
        {
            var digits = body + 1;
            while (digits < sql.Length && char.IsAsciiDigit(sql[digits]) && digits - body <= 6)
                digits++;
            var version = digits == body + 1 ? 0 : int.Parse(sql.AsSpan(body + 1, digits - body - 1));
            if (version <= NewestVersionUnderstood)
            {
                (_at, _openComments) = (digits, _openComments + 1);
                return;
            }
        }
        else if (body + 1 < sql.Length && sql[body] == 'T' && sql[body + 1] == '!')
        {
            _at = body + 2;
            if (Peek() == '[')
                _at = Math.Max(sql.IndexOf(']', _at) + 1, _at);
            _openComments++;
            return;
        }

        var end = sql.IndexOf("*/", body, StringComparison.Ordinal);
        _at = end < 0 ? sql.Length : end + 2;
    }

    private void ReadToken()
    {
        var start = _at;
        var c = sql[_at];
        if (c is '\'' or '"')
            Add(TokenKind.Text, ReadString(c), start);
        else if (c == '`')
            Add(TokenKind.Quoted, ReadQuoted(), start);
        else if (char.IsAsciiDigit(c) || (c == '.' && char.IsAsciiDigit(Peek(1)) && !AfterName()))
            ReadNumber(start);
        else if (c is 'x' or 'X' or 'b' or 'B' && Peek(1) == '\'')
            ReadHexOrBits(start);
        else if (c is 'n' or 'N' && Peek(1) == '\'')
        {
            _at++;
            Add(TokenKind.Text, ReadString('\''), start);
        }
        else if (IsWord(c))
            ReadWord(start);
        else
            ReadSymbol(start);
    }

    private bool AfterName() =>
        _tokens.Count > 0 && _tokens[^1].Kind is TokenKind.Word or TokenKind.Quoted && _tokens[^1].End == _at;

    private static bool IsWord(char c) => char.IsLetterOrDigit(c) || c is '_' or '$' || c >= 0x80;

    private void Add(TokenKind kind, string text, int start) => _tokens.Add(new Token(kind, text, start, _at));

    private void ReadWord(int start)
    {
        while (_at < sql.Length && IsWord(sql[_at]))
            _at++;
        Add(TokenKind.Word, sql[start.._at], start);
    }

    private void ReadSymbol(int start)
    {
        foreach (var symbol in _symbols)
        {
            if (string.CompareOrdinal(sql, _at, symbol, 0, symbol.Length) == 0)
            {
                _at += symbol.Length;
                Add(TokenKind.Symbol, symbol, start);
                return;
            }
        }

        _at++;
        Add(TokenKind.Symbol, sql[start].ToString(), start);
    }

    private void ReadNumber(int start)
    {
        if (Peek() == '0' && Peek(1) is 'x' && char.IsAsciiHexDigit(Peek(2)))
        {
            _at += 2;
            while (char.IsAsciiHexDigit(Peek()))
                _at++;
            Add(TokenKind.Hex, FromHex(sql[(start + 2).._at]), start);
            return;
        }

        while (char.IsAsciiDigit(Peek()))
            _at++;
        // A name may begin with digits, as in 2024_sales.
        if (IsWord(Peek()) && Peek() is not ('e' or 'E'))
        {
            ReadWord(start);
            return;
        }

        if (Peek() == '.')
        {
            _at++;
            while (char.IsAsciiDigit(Peek()))
                _at++;
        }

        if (Peek() is 'e' or 'E' && (char.IsAsciiDigit(Peek(1)) ||
            (Peek(1) is '+' or '-' && char.IsAsciiDigit(Peek(2)))))
        {
            _at += 2;
            while (char.IsAsciiDigit(Peek()))
                _at++;
        }

        Add(TokenKind.Number, sql[start.._at], start);
    }

    private void ReadHexOrBits(int start)
    {
        var bits = sql[_at] is 'b' or 'B';
        _at++;
        var digits = ReadString('\'');
        if (!bits)
        {
            if (digits.Length % 2 != 0 || !digits.All(char.IsAsciiHexDigit))
                throw SqlErrors.Syntax(sql, start);
            Add(TokenKind.Hex, FromHex(digits), start);
            return;
        }

        if (digits.Length > 64 || digits.Any(d => d is not ('0' or '1')))
            throw SqlErrors.Syntax(sql, start);
        var value = digits.Aggregate(0UL, (all, d) => (all << 1) | (d == '1' ? 1UL : 0UL));
        Add(TokenKind.Number, value.ToString(CultureInfo.InvariantCulture), start);
    }

    private static string FromHex(string digits) =>
        ByteText.Decode(System.Convert.FromHexString(digits.Length % 2 == 0 ? digits : "0" + digits));

    private string ReadQuoted()
    {
        var start = _at;
        var text = new StringBuilder();
        for (_at++; _at < sql.Length; _at++)
        {
            if (sql[_at] != '`')
                text.Append(sql[_at]);
            else if (Peek(1) == '`')
            {
                text.Append('`');
                _at++;
            }
            else
            {
                _at++;
                return text.ToString();
            }
        }

        throw SqlErrors.Syntax(sql, start);
    }

    private string ReadString(char quote)
    {
        var start = _at;
        var plain = sql.AsSpan(_at + 1).IndexOfAny(quote, '\\');
        if (plain >= 0 && sql[_at + 1 + plain] == quote &&
            (_at + plain + 2 >= sql.Length || sql[_at + plain + 2] != quote))
        {
            _at += plain + 2;
            return sql.Substring(start + 1, plain);
        }

        var text = new StringBuilder();
        for (_at++; _at < sql.Length; _at++)
        {
            var c = sql[_at];
            if (c == quote && Peek(1) != quote)
            {
                _at++;
                return text.ToString();
            }

            if (c == quote)
                _at++;
            else if (c == '\\' && _at + 1 < sql.Length)
            {
                _at++;
                Unescape(text, sql[_at]);
                continue;
            }

            text.Append(c);
        }

        throw SqlErrors.Syntax(sql, start);
    }

    private static void Unescape(StringBuilder text, char c)
    {
        if (c is '%' or '_')
            text.Append('\\');
        text.Append(c switch
        {
            '0' => '\0',
            'b' => '\b',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'Z' => (char)26,
            _ => c,
        });
    }
}
