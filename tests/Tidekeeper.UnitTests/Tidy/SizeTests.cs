namespace Tidekeeper.UnitTests.Tidy;

/// <summary>Limits of docs/style.md: a file, a method and a line that fit a reader's head.</summary>
public class SizeTests
{
    private const int LineLimit = 120;
    private const int FileLimit = 400;
    private const int MethodLimit = 60;

    [Fact]
    public void No_line_is_longer_than_120_columns() =>
        Repository.Expect(
            from file in Repository.CSharp
            from line in BreakableLines(Repository.Lines(file))
            where line.Text.Length > LineLimit
            select $"{file}:{line.Number} has {line.Text.Length} columns");

    [Fact]
    public void No_file_is_longer_than_400_lines() =>
        Repository.Expect(
            from file in Repository.CSharp
            let lines = Repository.Lines(file).Length
            where lines > FileLimit
            select $"{file} has {lines} lines: split it by reason to exist");

    [Fact]
    public void No_method_is_longer_than_60_lines() =>
        Repository.Expect(
            from file in Repository.CSharp
            from method in Methods.In(Repository.Lines(file))
            where method.Length > MethodLimit
            select $"{file}:{method.Line} {method.Name} has {method.Length} lines");

    [Fact]
    public void The_method_finder_measures_what_a_reader_would()
    {
        string[] source =
        [
            "class A",
            "{",
            "    public int One() => 1;",
            "",
            "    private static void Two(int x)",
            "    {",
            "        if (x > 0)",
            "        {",
            "            Two(x - 1);",
            "        }",
            "    }",
            "}",
        ];
        var found = Assert.Single(Methods.In(source));
        Assert.Equal(("Two", 5, 7), (found.Name, found.Line, found.Length));
    }

    // A line of a raw string is as long as what it quotes, and a pattern cannot be broken without changing it.
    private static IEnumerable<(string Text, int Number)> BreakableLines(string[] lines)
    {
        var quoting = false;
        for (var i = 0; i < lines.Length; i++)
        {
            var fences = lines[i].Split("\"\"\"").Length - 1;
            if (!quoting && fences == 0 && !lines[i].Contains("[GeneratedRegex(", StringComparison.Ordinal))
                yield return (lines[i], i + 1);
            quoting ^= fences % 2 == 1;
        }
    }
}
