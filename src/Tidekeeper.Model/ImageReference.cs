using System.Text.RegularExpressions;

namespace Tidekeeper.Model;

/// <summary>
/// The name of a container image, taken apart: <c>registry:port/repository:tag@digest</c>. A colon may belong to the
/// port or to the tag, and only the parts in their order tell which.
/// </summary>
public sealed partial record ImageReference(string Registry, string Repository, string Tag, string Digest)
{
    /// <exception cref="FormatException">The text is no name of an image.</exception>
    public static ImageReference Parse(string text) =>
        TryParse(text) ?? throw new FormatException($"\"{text}\" is no image; write for example pingcap/tikv:v8.5.0");

    public static ImageReference? TryParse(string text)
    {
        var match = Pattern().Match(text);
        if (!match.Success || text.Length > 512) return null;
        var name = match.Groups["name"].Value;
        var slash = name.IndexOf('/');
        var hasRegistry = slash > 0 && IsRegistry(name[..slash]);
        var registry = hasRegistry ? name[..slash] : "";
        var repository = hasRegistry ? name[(slash + 1)..] : name;
        return Path().IsMatch(repository)
            ? new ImageReference(registry, repository, match.Groups["tag"].Value, match.Groups["digest"].Value)
            : null;
    }

    // As container runtimes decide: the first part is a host when it could be nothing else.
    private static bool IsRegistry(string part) =>
        part == "localhost" || part.AsSpan().IndexOfAny('.', ':') >= 0 || part.Any(char.IsAsciiLetterUpper);

    /// <summary>Registry and repository.</summary>
    public string Name => Registry.Length == 0 ? Repository : $"{Registry}/{Repository}";

    public override string ToString() =>
        Name + (Tag.Length == 0 ? "" : $":{Tag}") + (Digest.Length == 0 ? "" : $"@{Digest}");

    private const string TagText = "[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}";
    private const string DigestText = "[a-z0-9+._-]+:[0-9a-fA-F]{32,}";

    [GeneratedRegex(
        $"^(?<name>[A-Za-z0-9][A-Za-z0-9._:/-]*?)(?::(?<tag>{TagText}))?(?:@(?<digest>{DigestText}))?$")]
    private static partial Regex Pattern();

    [GeneratedRegex(@"^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$")]
    private static partial Regex Path();
}
