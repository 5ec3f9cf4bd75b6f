using System.Globalization;
using System.Text;

namespace Tidekeeper.Model.Toml;

/// <summary>Reads the four kinds of strings.</summary>
internal static class TomlStrings
{
    public static string Read(TomlInput input)
    {
        if (input.StartsWith("\"\"\"")) return ReadLong(input, '"');
        if (input.StartsWith("'''")) return ReadLong(input, '\'');
        return input.Peek == '"' ? ReadBasic(input) : ReadLiteral(input);
    }

    public static string ReadBasic(TomlInput input)
    {
        var start = input.Position;
        input.Expect('"');
        var text = new StringBuilder();
        while (!input.TrySkip('"'))
        {
            RefuseEnd(input, start);
            if (input.TrySkip('\\')) ReadEscape(input, text);
            else Take(input, text);
        }

        return text.ToString();
    }

    public static string ReadLiteral(TomlInput input)
    {
        var start = input.Position;
        input.Expect('\'');
        var text = new StringBuilder();
        while (!input.TrySkip('\''))
        {
            RefuseEnd(input, start);
            Take(input, text);
        }

        return text.ToString();
    }

    private static void RefuseEnd(TomlInput input, int start)
    {
        if (input.AtEnd || input.Peek is '\n' or '\r')
            throw input.Fault("the string that begins here does not end on its line", start);
    }

    private static void Take(TomlInput input, StringBuilder text)
    {
        input.RefuseControl();
        text.Append(input.Peek);
        input.Position++;
    }

    private static string ReadLong(TomlInput input, char quote)
    {
        var start = input.Position;
        input.Position += 3;
        input.TrySkipNewline();
        var text = new StringBuilder();
        while (!TryEnd(input, quote, text))
        {
            if (input.AtEnd) throw input.Fault("the string that begins here does not end", start);
            var line = input.Position;
            if (input.TrySkipNewline()) text.Append(input.Since(line));
            else if (quote == '"' && input.TrySkip('\\')) ReadLongEscape(input, text);
            else Take(input, text);
        }

        return text.ToString();
    }

    // One or two quotes are text, also just before the closing three.
    private static bool TryEnd(TomlInput input, char quote, StringBuilder text)
    {
        var count = 0;
        while (count < 5 && input.TrySkip(quote)) count++;
        if (count < 3)
        {
            text.Append(quote, count);
            return false;
        }

        text.Append(quote, count - 3);
        return true;
    }

    // A backslash at the end of a line swallows the line's end and all that is blank after it.
    private static void ReadLongEscape(TomlInput input, StringBuilder text)
    {
        var start = input.Position;
        input.SkipSpaces();
        if (input.TrySkipNewline())
        {
            do input.SkipSpaces();
            while (input.TrySkipNewline());
            return;
        }

        input.Position = start;
        ReadEscape(input, text);
    }

    private static void ReadEscape(TomlInput input, StringBuilder text)
    {
        var kind = input.Peek;
        if (kind is 'u' or 'U')
        {
            ReadCodePoint(input, text, kind == 'u' ? 4 : 8);
            return;
        }

        text.Append(kind switch
        {
            'b' => '\b',
            't' => '\t',
            'n' => '\n',
            'f' => '\f',
            'r' => '\r',
            '"' => '"',
            '\\' => '\\',
            _ => throw input.Fault(
                $"\\{kind} is no escape; write \\\\ for a backslash, or use a 'literal string'", input.Position - 1),
        });
        input.Position++;
    }

    private static void ReadCodePoint(TomlInput input, StringBuilder text, int digits)
    {
        var start = input.Position - 1;
        input.Position++;
        var hex = input.Ahead(digits);
        if (hex.Length != digits || !hex.All(char.IsAsciiHexDigit)
            || !uint.TryParse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code)
            || !Rune.IsValid(code))
        {
            throw input.Fault($"{digits} hexadecimal digits of a character are expected after \\u or \\U", start);
        }

        text.Append(new Rune(code).ToString());
        input.Position += digits;
    }
}
