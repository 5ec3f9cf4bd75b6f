using System.Collections.Concurrent;
using System.Text;
using System.Text.RegularExpressions;

namespace Tidekeeper.Playground.Api.Crd.Cel;

/// <summary>
/// Go's regular expressions with .NET's engine: no backtracking, ASCII classes, and <c>$</c> is the very end.
/// </summary>
public static class Re2
{
    // A pattern is compiled for a definition and used for every object of it; who sends more than these pays each time.
    private const int Kept = 500;
    private static readonly ConcurrentDictionary<string, Regex> Compiled = new(StringComparer.Ordinal);

    /// <exception cref="ArgumentException">No regular expression, or one that Go does not know either.</exception>
    public static Regex Compile(string pattern)
    {
        if (Compiled.TryGetValue(pattern, out var known))
            return known;
        var regex = new Regex(Translate(pattern), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        if (Compiled.Count < Kept)
            Compiled[pattern] = regex;
        return regex;
    }

    public static bool IsValid(string pattern)
    {
        try
        {
            Compile(pattern);
            return true;
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return false;
        }
    }

    private static string Translate(string pattern)
    {
        var result = new StringBuilder();
        var inClass = false;
        for (var i = 0; i < pattern.Length; i++)
        {
            var c = pattern[i];
            if (c == '\\' && i + 1 < pattern.Length)
            {
                var next = pattern[++i];
                result.Append((next, inClass) switch
                {
                    ('d', true) => "0-9",
                    ('d', false) => "[0-9]",
                    ('w', true) => "0-9A-Za-z_",
                    ('w', false) => "[0-9A-Za-z_]",
                    ('D', false) => "[^0-9]",
                    ('W', false) => "[^0-9A-Za-z_]",
                    ('z', _) => "\\z",
                    _ => "\\" + next,
                });
                continue;
            }

            inClass = c switch { '[' => true, ']' => false, _ => inClass };
            result.Append(c == '$' && !inClass ? "\\z" : c.ToString());
        }

        return result.Replace("(?P<", "(?<").ToString();
    }
}
