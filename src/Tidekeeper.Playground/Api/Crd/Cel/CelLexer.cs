using System.Globalization;
using System.Text;

namespace Tidekeeper.Playground.Api.Crd.Cel;

internal enum CelTokenKind
{
    End,
    Name,
    Literal,
    Symbol,
}

internal sealed record CelToken(CelTokenKind Kind, string Text, object? Value, int Position);

/// <summary>Cuts an expression into names, literals and symbols.</summary>
internal static class CelLexer
{
    private static readonly string[] Symbols =
        ["&&", "||", "==", "!=", "<=", ">=", "[?", ".?", "<", ">", "!", "+", "-", "*", "/", "%", "?", ":", "(", ")",
            "[", "]", "{", "}", ".", ","];

    public static IReadOnlyList<CelToken> Read(string text)
    {
        var tokens = new List<CelToken>();
        var at = 0;
        while (true)
        {
            while (at < text.Length && (char.IsWhiteSpace(text[at]) || At(text, at, "//")))
                at = At(text, at, "//") ? EndOfLine(text, at) : at + 1;
            if (at >= text.Length)
            {
                tokens.Add(new CelToken(CelTokenKind.End, "<EOF>", null, at));
                return tokens;
            }

            var token = Next(text, at, out var end);
            tokens.Add(token);
            at = end;
        }
    }

    private static CelToken Next(string text, int at, out int end)
    {
        var quoteAt = at;
        while (quoteAt < text.Length && quoteAt - at < 2 && "rRbB".Contains(text[quoteAt]))
            quoteAt++;
        if (quoteAt < text.Length && text[quoteAt] is '"' or '\'')
        {
            var prefix = text[at..quoteAt].ToLowerInvariant();
            var value = ReadText(text, quoteAt, prefix.Contains('r'), out end);
            return new CelToken(CelTokenKind.Literal, text[at..end],
                prefix.Contains('b') ? Encoding.UTF8.GetBytes(value) : value, at);
        }

        if (char.IsAsciiDigit(text[at]) || (text[at] == '.' && at + 1 < text.Length && char.IsAsciiDigit(text[at + 1])))
            return ReadNumber(text, at, out end);
        end = at;
        while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] == '_'))
            end++;
        if (end > at)
        {
            var word = text[at..end];
            return word switch
            {
                "true" => new CelToken(CelTokenKind.Literal, word, true, at),
                "false" => new CelToken(CelTokenKind.Literal, word, false, at),
                "null" => new CelToken(CelTokenKind.Literal, word, null, at),
                _ => new CelToken(CelTokenKind.Name, word, null, at),
            };
        }

        // A conditional's "? x" must not be eaten by an optional selection, which is ".?" or "[?" without a gap.
        var symbol = Symbols.FirstOrDefault(s => At(text, at, s))
            ?? throw new CelFault($"Syntax error: token recognition error at: '{text[at]}'", at);
        end = at + symbol.Length;
        return new CelToken(CelTokenKind.Symbol, symbol, null, at);
    }

    private static CelToken ReadNumber(string text, int at, out int end)
    {
        end = at;
        if (At(text, at, "0x") || At(text, at, "0X"))
        {
            end = at + 2;
            while (end < text.Length && char.IsAsciiHexDigit(text[end]))
                end++;
            var hex = long.Parse(text.AsSpan(at + 2, end - at - 2), NumberStyles.HexNumber,
                CultureInfo.InvariantCulture);
            return new CelToken(CelTokenKind.Literal, text[at..end], hex, at);
        }

        while (end < text.Length && char.IsAsciiDigit(text[end]))
            end++;
        var real = end + 1 < text.Length && text[end] == '.' && char.IsAsciiDigit(text[end + 1]);
        if (real)
        {
            end++;
            while (end < text.Length && char.IsAsciiDigit(text[end]))
                end++;
        }

        if (end < text.Length && text[end] is 'e' or 'E')
        {
            real = true;
            end++;
            if (end < text.Length && text[end] is '+' or '-')
                end++;
            while (end < text.Length && char.IsAsciiDigit(text[end]))
                end++;
        }

        var digits = text.AsSpan(at, end - at);
        if (real)
            return new CelToken(CelTokenKind.Literal, digits.ToString(),
                double.Parse(digits, CultureInfo.InvariantCulture), at);
        if (end < text.Length && text[end] is 'u' or 'U')
        {
            end++;
            return new CelToken(CelTokenKind.Literal, text[at..end],
                ulong.Parse(digits, CultureInfo.InvariantCulture), at);
        }

        return long.TryParse(digits, CultureInfo.InvariantCulture, out var whole)
            ? new CelToken(CelTokenKind.Literal, digits.ToString(), whole, at)
            : throw new CelFault("invalid int literal", at);
    }

    private static string ReadText(string text, int at, bool raw, out int end)
    {
        var quote = text[at].ToString();
        var triple = string.Concat(quote, quote, quote);
        var closing = At(text, at, triple) ? triple : quote;
        var value = new StringBuilder();
        for (end = at + closing.Length; end < text.Length; end++)
        {
            if (At(text, end, closing))
            {
                end += closing.Length;
                return value.ToString();
            }

            if (text[end] == '\\' && !raw && end + 1 < text.Length)
                value.Append(Escape(text, ref end));
            else
                value.Append(text[end]);
        }

        throw new CelFault($"Syntax error: token recognition error at: '{text[at..]}'", at);
    }

    private static string Escape(string text, ref int at)
    {
        at++;
        var digits = text[at] switch { 'x' or 'X' => 2, 'u' => 4, 'U' => 8, _ => 0 };
        if (digits > 0)
        {
            if (at + digits >= text.Length
                || !int.TryParse(text.AsSpan(at + 1, digits), NumberStyles.HexNumber, CultureInfo.InvariantCulture,
                    out var code))
                throw new CelFault("Syntax error: unable to unescape string", at);
            at += digits;
            return char.ConvertFromUtf32(code);
        }

        return text[at] switch
        {
            'n' => "\n",
            't' => "\t",
            'r' => "\r",
            'a' => "\a",
            'b' => "\b",
            'f' => "\f",
            'v' => "\v",
            '\\' or '\'' or '"' or '`' or '?' => text[at].ToString(),
            _ => throw new CelFault("Syntax error: unable to unescape string", at),
        };
    }

    private static bool At(string text, int at, string what) =>
        string.CompareOrdinal(text, at, what, 0, what.Length) == 0;

    private static int EndOfLine(string text, int at)
    {
        var end = text.IndexOf('\n', at);
        return end < 0 ? text.Length : end;
    }
}
