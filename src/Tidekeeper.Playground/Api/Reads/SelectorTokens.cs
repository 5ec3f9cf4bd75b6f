namespace Tidekeeper.Playground.Api.Reads;

internal enum SelectorToken
{
    End,
    Word,
    Not,
    Comma,
    Open,
    Close,
    Operator,
}

/// <summary>The words and signs of a label selector.</summary>
internal sealed class SelectorTokens(string text)
{
    private const string Signs = "=!(),><";
    private int _at;

    public (SelectorToken Kind, string Literal) Peek()
    {
        var before = _at;
        var token = Take();
        _at = before;
        return token;
    }

    public (SelectorToken Kind, string Literal) Take()
    {
        while (_at < text.Length && char.IsWhiteSpace(text[_at]))
            _at++;
        if (_at == text.Length)
            return (SelectorToken.End, "");
        var start = _at;
        if (!Signs.Contains(text[_at]))
        {
            while (_at < text.Length && !Signs.Contains(text[_at]) && !char.IsWhiteSpace(text[_at]))
                _at++;
            return (SelectorToken.Word, text[start.._at]);
        }

        _at++;
        var sign = text[start];
        if (sign is '=' or '!' && _at < text.Length && text[_at] == '=')
            _at++;
        var literal = text[start.._at];
        return (literal switch
        {
            "!" => SelectorToken.Not,
            "," => SelectorToken.Comma,
            "(" => SelectorToken.Open,
            ")" => SelectorToken.Close,
            _ => SelectorToken.Operator,
        }, literal);
    }
}
