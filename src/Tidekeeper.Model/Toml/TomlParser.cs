namespace Tidekeeper.Model.Toml;

/// <summary>Reads TOML 1.0: tables and keys here, values in <see cref="TomlValueParser"/>.</summary>
internal static class TomlParser
{
    public static TomlTable Parse(string text)
    {
        var input = new TomlInput(text);
        var root = new TomlTable { Origin = TomlOrigin.Header };
        var table = root;
        while (SkipBlankLines(input))
        {
            if (input.Peek == '[') table = ReadHeader(input, root);
            else ReadKeyValue(input, table);
            EndLine(input);
        }

        return root;
    }

    public static bool IsBare(char one) => char.IsAsciiLetterOrDigit(one) || one is '_' or '-';

    private static bool SkipBlankLines(TomlInput input)
    {
        while (true)
        {
            input.SkipSpaces();
            input.SkipComment();
            if (input.AtEnd) return false;
            if (!input.TrySkipNewline()) return true;
        }
    }

    private static void EndLine(TomlInput input)
    {
        input.SkipSpaces();
        input.SkipComment();
        if (!input.AtEnd && !input.TrySkipNewline())
            throw input.Fault($"{input.Describe()} stands after the end of the value; begin a new line");
    }

    private static TomlTable ReadHeader(TomlInput input, TomlTable root)
    {
        var start = input.Position;
        input.Expect('[');
        var isArray = input.TrySkip('[');
        var keys = ReadKeys(input);
        input.Expect(']');
        if (isArray) input.Expect(']');
        var name = string.Join('.', keys);
        var table = root;
        foreach (var key in keys[..^1]) table = Step(input, table, key, name, start);
        return isArray ? AddToArray(input, table, keys[^1], name, start) : Define(input, table, keys[^1], name, start);
    }

    // A header may pass through tables that dotted keys made, and through the last element of a list of tables.
    private static TomlTable Step(TomlInput input, TomlTable table, string key, string name, int start)
    {
        switch (table[key])
        {
            case null:
                var made = new TomlTable { Origin = TomlOrigin.Implied };
                table[key] = made;
                return made;
            case TomlTable inner when inner.Origin != TomlOrigin.Inline:
                return inner;
            case TomlArray { Items: List<TomlValue> open }:
                return (TomlTable)open[^1];
            default:
                throw input.Fault($"[{name}] passes through {key}, which has a value already", start);
        }
    }

    private static TomlTable Define(TomlInput input, TomlTable table, string key, string name, int start)
    {
        switch (table[key])
        {
            case null:
                var made = new TomlTable { Origin = TomlOrigin.Header };
                table[key] = made;
                return made;
            case TomlTable { Origin: TomlOrigin.Implied } implied:
                implied.Origin = TomlOrigin.Header;
                return implied;
            case TomlTable:
                throw input.Fault($"the table [{name}] is there already; put its keys together", start);
            default:
                throw input.Fault($"{name} has a value already and can be no table", start);
        }
    }

    // Only lists that [[headers]] made are still open, which shows in their being lists that can grow.
    private static TomlTable AddToArray(TomlInput input, TomlTable table, string key, string name, int start)
    {
        var made = new TomlTable { Origin = TomlOrigin.Header };
        switch (table[key])
        {
            case null:
                table[key] = new TomlArray(new List<TomlValue> { made });
                return made;
            case TomlArray { Items: List<TomlValue> open }:
                open.Add(made);
                return made;
            default:
                throw input.Fault($"{name} is there already and is no list of [[{name}]] tables", start);
        }
    }

    /// <summary>Reads <c>key = value</c> into that table; also used inside inline tables.</summary>
    public static void ReadKeyValue(TomlInput input, TomlTable table)
    {
        var start = input.Position;
        var keys = ReadKeys(input);
        if (input.Peek != '=')
            throw input.Fault($"after the key {string.Join('.', keys)} comes {input.Describe()} instead of =");
        input.Expect('=');
        input.SkipSpaces();
        foreach (var key in keys[..^1])
        {
            switch (table[key])
            {
                case null:
                    var made = new TomlTable { Origin = TomlOrigin.DottedKey };
                    table[key] = made;
                    table = made;
                    break;
                case TomlTable { Origin: TomlOrigin.DottedKey } inner:
                    table = inner;
                    break;
                default:
                    throw input.Fault($"{key} is defined elsewhere and cannot be added to here", start);
            }
        }

        if (table[keys[^1]] is not null)
            throw input.Fault($"the key {string.Join('.', keys)} is there already; keep one of the two", start);
        table[keys[^1]] = TomlValueParser.Read(input);
    }

    private static string[] ReadKeys(TomlInput input)
    {
        var keys = new List<string>();
        do
        {
            input.SkipSpaces();
            keys.Add(ReadKey(input));
            input.SkipSpaces();
        }
        while (input.TrySkip('.'));
        return [.. keys];
    }

    private static string ReadKey(TomlInput input)
    {
        if (input.Peek == '"') return TomlStrings.ReadBasic(input);
        if (input.Peek == '\'') return TomlStrings.ReadLiteral(input);
        var start = input.Position;
        while (!input.AtEnd && IsBare(input.Peek)) input.Position++;
        if (input.Position == start) throw input.Fault($"{input.Describe()} is found where a key is expected");
        return input.Since(start);
    }
}
