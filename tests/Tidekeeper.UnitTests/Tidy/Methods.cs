using System.Text.RegularExpressions;

namespace Tidekeeper.UnitTests.Tidy;

/// <summary>Finds methods with a block body by their braces: good enough to measure, not a compiler.</summary>
internal static partial class Methods
{
    internal sealed record Found(string Name, int Line, int Length);

    public static IEnumerable<Found> In(string[] lines)
    {
        for (var i = 0; i < lines.Length; i++)
        {
            var match = Header().Match(lines[i]);
            if (!match.Success || NotAMethod().IsMatch(lines[i]))
                continue;
            var open = NextBlock(lines, i);
            if (open < 0)
                continue;
            // The formatter puts the closing brace of a block in the column of its opening brace.
            var indent = lines[open].Length - lines[open].TrimStart().Length;
            var close = Array.FindIndex(lines, open, l =>
                l.StartsWith(new string(' ', indent) + "}", StringComparison.Ordinal));
            if (close > open)
                yield return new Found(match.Groups["name"].Value, i + 1, close - i + 1);
        }
    }

    private static int NextBlock(string[] lines, int header)
    {
        for (var i = header; i < Math.Min(lines.Length, header + 12); i++)
        {
            if (i > header && lines[i].Trim() == "{")
                return i;
            if (lines[i].Contains("=>", StringComparison.Ordinal) || lines[i].TrimEnd().EndsWith(';'))
                return -1;
        }

        return -1;
    }

    [GeneratedRegex(@"^\s+(?:(?:public|private|internal|protected|static|async|override|sealed|virtual|partial)\s+)+[\w<>\[\],.?() ]+?\s(?<name>\w+)(?:<[^>]+>)?\(")]
    private static partial Regex Header();

    [GeneratedRegex(@"\b(?:class|record|struct|interface|enum|new|return|delegate)\b")]
    private static partial Regex NotAMethod();
}
