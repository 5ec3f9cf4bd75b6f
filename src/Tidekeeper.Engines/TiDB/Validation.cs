using Tidekeeper.Engines.TiDB.Objects;
using Tidekeeper.Model;
using Tidekeeper.Model.Crds;

namespace Tidekeeper.Engines.TiDB;

/// <summary>
/// What is wrong with a cluster beyond what its schema says. The rules of the CRD that compare fields are repeated
/// here, since the API server looks at a stored object again only when somebody writes it.
/// </summary>
public static class Validation
{
    private static readonly IReadOnlyList<Func<TidbCluster, IEnumerable<Problem>>> Checks =
    [
        ValidationOfShape.Check,
        ValidationOfImages.Check,
        ValidationOfUpgrades.Check,
        ValidationOfResources.Check,
        ValidationOfDurations.Check,
        ValidationOfConfig.Check,
        ValidationOfServices.Check,
        ValidationOfVolumes.Check,
        ValidationOfPods.Check,
        ValidationOfLabels.Check,
        UnsupportedFields.Check,
    ];

    /// <summary>
    /// All problems: first those that stop everything, then what is not supported, then warnings; within each in the
    /// order of the checks, so that the same cluster always yields the same list.
    /// </summary>
    public static IReadOnlyList<Problem> Check(TidbCluster cluster) => Blueprint.Of(cluster).Problems;

    /// <summary>For the blueprint, which keeps them.</summary>
    internal static IReadOnlyList<Problem> Find(TidbCluster cluster) =>
        [.. Checks.SelectMany(check => check(cluster)).OrderBy(problem => problem.Severity)];

    /// <summary>Whether nothing may be done for the cluster.</summary>
    public static bool Refuses(IReadOnlyList<Problem> problems) =>
        problems.Any(problem => problem.Severity == Severity.Refused);

    /// <summary>The components that are declared, each with the path of its field.</summary>
    internal static IEnumerable<(string Field, string Name, ReplicatedSpec Spec)> Components(TidbCluster cluster)
    {
        var spec = cluster.Spec;
        if (spec.Pd is { } pd) yield return ("spec.pd", "pd", pd);
        if (spec.Tikv is { } tikv) yield return ("spec.tikv", "tikv", tikv);
        if (spec.Tidb is { } tidb) yield return ("spec.tidb", "tidb", tidb);
        if (spec.Tiflash is { } tiflash) yield return ("spec.tiflash", "tiflash", tiflash);
    }

    internal static Problem Warning(string field, string value, string message, string remedy) =>
        new(field, value, message, remedy) { Severity = Severity.Warning };
}
