namespace Tidekeeper.Model.Toml;

/// <summary>The text and how far it has been read.</summary>
internal sealed class TomlInput(string text)
{
    public int Position { get; set; }

    public bool AtEnd => Position >= text.Length;

    /// <summary>The next character, or NUL at the end (which TOML allows nowhere).</summary>
    public char Peek => AtEnd ? '\0' : text[Position];

    /// <summary>How deep values are nested, bounded so that no text can exhaust the stack.</summary>
    public int Depth { get; set; }

    public bool StartsWith(string what) => text.AsSpan(Position).StartsWith(what, StringComparison.Ordinal);

    public string Since(int start) => text[start..Position];

    public string Ahead(int length) => text.Substring(Position, Math.Min(length, text.Length - Position));

    public bool TrySkip(char one)
    {
        if (Peek != one || AtEnd) return false;
        Position++;
        return true;
    }

    public void Expect(char one)
    {
        if (!TrySkip(one)) throw Fault($"{Describe()} is found where {one} is expected");
    }

    public void SkipSpaces()
    {
        while (Peek is ' ' or '\t') Position++;
    }

    public bool TrySkipNewline()
    {
        if (TrySkip('\n')) return true;
        if (!StartsWith("\r\n")) return false;
        Position += 2;
        return true;
    }

    public void SkipComment()
    {
        if (Peek != '#') return;
        while (!AtEnd && Peek != '\n' && !StartsWith("\r\n"))
        {
            RefuseControl();
            Position++;
        }
    }

    public void SkipSpacesCommentsAndNewlines()
    {
        do
        {
            SkipSpaces();
            SkipComment();
        }
        while (TrySkipNewline());
    }

    /// <summary>Control characters other than tab stand nowhere in TOML, not even in comments.</summary>
    public void RefuseControl()
    {
        if (Peek is < ' ' and not '\t' or '\u007f')
            throw Fault($"the control character U+{(int)Peek:X4} is not allowed");
    }

    public string Describe() => AtEnd ? "the end" : Peek is '\n' or '\r' ? "the end of the line" : $"'{Peek}'";

    public TomlException Fault(string message) => Fault(message, Position);

    public TomlException Fault(string message, int at)
    {
        var before = text.AsSpan(0, Math.Min(at, text.Length));
        var column = before.Length - (before.LastIndexOf('\n') + 1) + 1;
        return new TomlException(before.Count('\n') + 1, column, message);
    }
}
