namespace Tidekeeper.Playground.Server.MySql;

/// <summary>Finds the borders of statements and the places of parameters, past texts, names and comments.</summary>
internal static class StatementText
{
    /// <summary>Statements separated by semicolons; empty ones are left out.</summary>
    public static List<string> Split(string text)
    {
        var statements = new List<string>();
        var start = 0;
        foreach (var at in Find(text, ';'))
        {
            Add(statements, text[start..at]);
            start = at + 1;
        }

        Add(statements, text[start..]);
        if (statements.Count == 0)
            statements.Add(text);
        return statements;
    }

    private static void Add(List<string> statements, string statement)
    {
        if (!string.IsNullOrWhiteSpace(statement))
            statements.Add(statement);
    }

    /// <summary>Where a character stands by itself.</summary>
    public static List<int> Find(string text, char wanted)
    {
        var places = new List<int>();
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == wanted)
                places.Add(i);
            else if (c is '\'' or '"' or '`')
                i = SkipQuoted(text, i);
            else if (c == '#' ||
                (c == '-' && i + 1 < text.Length && text[i + 1] == '-' && (i + 2 == text.Length || text[i + 2] <= ' ')))
                i = End(text.IndexOf('\n', i), text);
            else if (c == '/' && i + 1 < text.Length && text[i + 1] == '*')
                i = text.IndexOf("*/", i + 2, StringComparison.Ordinal) is >= 0 and var end ? end + 1 : text.Length;
        }

        return places;
    }

    private static int End(int at, string text) => at < 0 ? text.Length : at;

    private static int SkipQuoted(string text, int start)
    {
        for (var i = start + 1; i < text.Length; i++)
        {
            if (text[i] == '\\' && text[start] != '`')
                i++;
            else if (text[i] == text[start])
                return i;
        }

        return text.Length;
    }
}
