using System.Text.RegularExpressions;

namespace Tidekeeper.Playground.Api.Discovery;

/// <summary>An API group with its versions, the preferred one first.</summary>
internal sealed record ServedGroup(
    string Name, IReadOnlyList<(string Version, IReadOnlyList<ResourceType> Types)> Versions);

/// <summary>All groups that are served, those of Kubernetes before those of definitions.</summary>
internal static partial class ServedGroups
{
    /// <summary>Resources that are asked and answered, but never stored.</summary>
    private static readonly ResourceType[] Questions =
    [
        Question("authentication.k8s.io", "selfsubjectreviews", "SelfSubjectReview"),
        Question("authentication.k8s.io", "tokenreviews", "TokenReview"),
        Question("authorization.k8s.io", "localsubjectaccessreviews",
            "LocalSubjectAccessReview") with { Namespaced = true },
        Question("authorization.k8s.io", "selfsubjectaccessreviews", "SelfSubjectAccessReview"),
        Question("authorization.k8s.io", "selfsubjectrulesreviews", "SelfSubjectRulesReview"),
        Question("authorization.k8s.io", "subjectaccessreviews", "SubjectAccessReview"),
        Question("", "bindings", "Binding") with { Namespaced = true },
    ];

    public static IReadOnlyList<ServedGroup> Of(ResourceCatalog catalog) =>
    [
        .. catalog.All.Concat(Questions)
            .GroupBy(t => t.Group, StringComparer.Ordinal)
            .OrderBy(g => g.Any(t => t.IsCustom)).ThenBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => new ServedGroup(g.Key,
            [
                .. g.GroupBy(t => t.Version, StringComparer.Ordinal)
                    .OrderByDescending(v => Rank(v.Key)).ThenBy(v => v.Key, StringComparer.Ordinal)
                    .Select(v =>
                        (v.Key, (IReadOnlyList<ResourceType>)[.. v.OrderBy(t => t.Plural, StringComparer.Ordinal)])),
            ])),
    ];

    // General availability beats beta beats alpha; then the higher number wins.
    private static (int Stage, int Major, int Minor) Rank(string version)
    {
        var match = Shape().Match(version);
        if (!match.Success)
            return (0, 0, 0);
        var stage = match.Groups[2].Value switch { "" => 3, "beta" => 2, _ => 1 };
        return (stage, int.Parse(match.Groups[1].ValueSpan), match.Groups[3].Length > 0
            ? int.Parse(match.Groups[3].ValueSpan) : 0);
    }

    private static ResourceType Question(string group, string plural, string kind) =>
        new(group, "v1", plural, kind) { Namespaced = false, Verbs = ["create"] };

    [GeneratedRegex(@"^v(\d{1,6})(?:(alpha|beta)(\d{1,6}))?$")]
    private static partial Regex Shape();
}
