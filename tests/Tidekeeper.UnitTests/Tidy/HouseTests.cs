using System.Text.RegularExpressions;

namespace Tidekeeper.UnitTests.Tidy;

/// <summary>The borders of docs/architecture.md and the words of docs/style.md.</summary>
public partial class HouseTests
{
    private static readonly SortedDictionary<string, string[]> Arrows = new(StringComparer.Ordinal)
    {
        ["Model"] = [],
        ["Kube"] = ["Model"],
        ["Engines"] = ["Model"],
        ["Playground"] = ["Model"],
        ["StandIn"] = ["Model"],
        ["Operator"] = ["Model", "Kube", "Engines"],
        ["Cli"] = ["Model", "Kube", "Engines", "Operator", "Playground"],
    };

    [Fact]
    public void Projects_point_in_one_direction()
    {
        foreach (var (project, allowed) in Arrows)
        {
            var text = Repository.Text($"src/Tidekeeper.{project}/Tidekeeper.{project}.csproj");
            var seen = Reference().Matches(text).Select(m => m.Groups[1].Value).ToArray();
            Assert.True(seen.All(allowed.Contains),
                $"Tidekeeper.{project} refers to {string.Join(", ", seen.Except(allowed))}; allowed: "
                    + $"{string.Join(", ", allowed)}");
        }
    }

    [Fact]
    public void There_are_no_other_projects() =>
        Assert.Equal(
            Arrows.Keys.Select(p => $"src/Tidekeeper.{p}/Tidekeeper.{p}.csproj").Order(StringComparer.Ordinal),
            Repository.Files.Where(f => f.StartsWith("src/", StringComparison.Ordinal)
                && f.EndsWith(".csproj", StringComparison.Ordinal)));

    [Fact]
    public void Nothing_is_called_by_a_word_that_says_nothing() =>
        Repository.Expect(
            from file in Repository.Files
            where file.StartsWith("src/", StringComparison.Ordinal)
                || file.StartsWith("tests/", StringComparison.Ordinal)
            from part in file.Split('/')
            where EmptyWord().IsMatch(Path.GetFileNameWithoutExtension(part))
            select $"{file}: name what it is for");

    [Fact]
    public void No_type_is_called_by_a_word_that_says_nothing() =>
        Repository.Expect(
            from file in Repository.CSharp
            from line in Repository.Lines(file)
            let match = TypeName().Match(line)
            where match.Success && EmptyWord().IsMatch(match.Groups[1].Value)
            select $"{file}: {match.Groups[1].Value}");

    [Fact]
    public void Decisions_use_no_hash_ordered_collections() =>
        Repository.Expect(
            from file in Repository.CSharp
            where file.StartsWith("src/Tidekeeper.Engines/", StringComparison.Ordinal)
            from line in Repository.Lines(file).Select((text, index) => (Text: text, Number: index + 1))
            where HashOrdered().IsMatch(line.Text) && !line.Text.TrimStart().StartsWith("//", StringComparison.Ordinal)
            select $"{file}:{line.Number} {line.Text.Trim()}");

    [Fact]
    public void Every_source_file_is_used_by_another_or_starts_a_program() =>
        Repository.Expect(DeadFiles());

    [Fact]
    public void No_leftovers() =>
        Repository.Expect(
            from file in Repository.CSharp
            where !file.EndsWith("HouseTests.cs", StringComparison.Ordinal)
            from line in Repository.Lines(file).Select((text, index) => (Text: text, Number: index + 1))
            where Leftover().IsMatch(line.Text)
            select $"{file}:{line.Number} {line.Text.Trim()}");

    [Fact]
    public void The_code_is_formatted()
    {
        var (code, output) =
            Repository.Run("dotnet", "format", "Tidekeeper.slnx", "--verify-no-changes", "--no-restore");
        Assert.True(code == 0, "run 'dotnet format':\n" + output);
    }

    // A file is alive when a type declared in it is named in some other file. Tests and entry points are alive by
    // themselves.
    private static IEnumerable<string> DeadFiles()
    {
        var sources = Repository.CSharp.ToDictionary(f => f, Repository.Text, StringComparer.Ordinal);
        foreach (var (file, text) in sources.Where(s => s.Key.StartsWith("src/", StringComparison.Ordinal)))
        {
            var types = text.Split('\n').Select(l => TypeName().Match(l)).Where(m => m.Success)
                .Select(m => m.Groups[1].Value).Distinct(StringComparer.Ordinal).ToArray();
            if (types.Length == 0 || file.EndsWith("Program.cs", StringComparison.Ordinal))
                continue;
            var words = new Regex($@"\b(?:{string.Join('|', types)})\b");
            var extensions = text.Contains("(this ", StringComparison.Ordinal)
                || text.Contains("extension(", StringComparison.Ordinal)
                || text.Contains(" partial class ", StringComparison.Ordinal);
            if (!extensions && !sources.Any(s => s.Key != file && words.IsMatch(s.Value)))
                yield return $"{file}: nothing uses {string.Join(", ", types)}";
        }
    }

    [GeneratedRegex(@"ProjectReference Include=""[^""]*Tidekeeper\.(\w+)\.csproj""")]
    private static partial Regex Reference();

    [GeneratedRegex(@"(?:Common|Utils?|Utilit(?:y|ies)|Helpers?|Manager|Abstractions|Impl)$|^Base(?:$|[A-Z])|Base$")]
    private static partial Regex EmptyWord();

    [GeneratedRegex(@"^\s*(?:(?:public|internal|private|static|sealed|abstract|partial|readonly|file)\s+)+(?:class|record(?: struct)?|struct|interface|enum)\s+(\w+)")]
    private static partial Regex TypeName();

    [GeneratedRegex(@"\b(?:IDictionary|IReadOnlyDictionary|Dictionary|HashSet|ISet|IReadOnlySet|ToDictionary|ToHashSet|ToLookup|ImmutableHashSet|FrozenDictionary|FrozenSet)\b")]
    private static partial Regex HashOrdered();

    [GeneratedRegex(@"\b(?:TODO|FIXME|HACK|XXX)\b|throw new NotImplementedException")]
    private static partial Regex Leftover();
}
