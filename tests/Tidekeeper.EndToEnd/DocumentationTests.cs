using System.Text.RegularExpressions;
using Tidekeeper.EndToEnd.Charts;

namespace Tidekeeper.EndToEnd;

/// <summary>
/// Every block of YAML in README.md and docs/ is sent to a real API server, or, where it says <c>yaml values</c>,
/// through
/// the operator's chart.
/// </summary>
public sealed partial class DocumentationTests(ControlPlane plane) : IClassFixture<ControlPlane>, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tide-docs-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public static TheoryData<string, string> Blocks
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var page in Pages())
                foreach (Match block in Block().Matches(File.ReadAllText(Path.Combine(ControlPlane.Repository, page))))
                    if (block.Groups["kind"].Value.StartsWith("yaml", StringComparison.Ordinal))
                        data.Add($"{page} {block.Groups["kind"].Value}", block.Groups["text"].Value);
            return data;
        }
    }

    [HelmOnControlPlaneTheory]
    [MemberData(nameof(Blocks))]
    public async Task What_the_documentation_shows_is_accepted(string where, string text)
    {
        var file = Path.Combine(_folder, "shown.yaml");
        await File.WriteAllTextAsync(file, text);
        if (where.EndsWith(" values", StringComparison.Ordinal))
            await Helm.Run("template", "release", Helm.Chart("tidekeeper"), "-f", file);
        else
            await plane.Kubectl($"apply --server-side --dry-run=server -f {file}");
    }

    [Fact]
    public void Nothing_is_YAML_without_saying_so() =>
        Assert.Equal("", string.Join('\n',
            from page in Pages()
            from block in Block().Matches(File.ReadAllText(Path.Combine(ControlPlane.Repository, page)))
            where !block.Groups["kind"].Value.StartsWith("yaml", StringComparison.Ordinal)
                && block.Groups["text"].Value.Contains("\nkind: ", StringComparison.Ordinal)
            select $"{page}: {block.Groups["text"].Value.Split('\n')[0]}"));

    private static IEnumerable<string> Pages() =>
    [
        "README.md",
        .. Directory.EnumerateFiles(
                Path.Combine(ControlPlane.Repository, "docs"), "*.md", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(ControlPlane.Repository, file)).Order(StringComparer.Ordinal),
    ];

    [GeneratedRegex(@"^ *```(?<kind>[^\n]*)\n(?<text>.*?)^ *```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();
}
