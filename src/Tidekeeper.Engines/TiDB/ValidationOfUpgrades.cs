using Tidekeeper.Engines.TiDB.Objects;
using Tidekeeper.Engines.TiDB.Operations;
using Tidekeeper.Model;
using Tidekeeper.Model.Crds;

namespace Tidekeeper.Engines.TiDB;

/// <summary>
/// Whether a component may go from the version that it finished with last to the one that is wanted, and whether the
/// components' versions go together. TiDB upgrades directly from v4.0 on and never goes back: newer versions change
/// what is stored.
/// </summary>
internal static class ValidationOfUpgrades
{
    public static IEnumerable<Problem> Check(TidbCluster cluster)
    {
        foreach (var component in Component.Declared(cluster))
        {
            if (cluster.Status?.Versions?.GetValueOrDefault(component.Name) is { } had
                && VersionOf(component) is { } wanted
                && Between(Field(component), TidbVersion.Parse(had), wanted) is { } problem)
            {
                yield return problem;
            }
        }

        foreach (var problem in Mixed(cluster))
            yield return problem;
    }

    /// <summary>
    /// TiDB runs components of different versions only while it is upgraded, in the order PD, TiFlash, TiKV, TiDB: an
    /// older PD does not know what newer stores say, an older TiKV not what a newer TiDB asks. Releases of one minor
    /// version go together. What runs like that already is not refused: it must stay repairable.
    /// </summary>
    private static IEnumerable<Problem> Mixed(TidbCluster cluster)
    {
        var numbered = (from name in Succession.Order
                        let component = Component.Of(cluster, name)
                        where component is not null
                        let version = VersionOf(component)
                        where version is { IsNumbered: true }
                        select (Component: component, Version: version)).ToList();
        foreach (var (later, version) in numbered)
        {
            var earlier = numbered.TakeWhile(one => one.Component != later)
                .FirstOrDefault(one => Minor(one.Version) != Minor(version));
            if (earlier.Component is null)
                continue;
            var (title, other) = (Titles.Of(later.Name), Titles.Of(earlier.Component.Name));
            var isNewer = Minor(version).CompareTo(Minor(earlier.Version)) > 0;
            var what = isNewer
                ? $"is newer than {other}'s {earlier.Version.Text}, and {title} is upgraded after {other}"
                : $"is older than {other}'s {earlier.Version.Text}, which is good only while an upgrade is under way";
            var remedy = $"write the same version for {other} and {title}";
            yield return new Problem(Field(later), version.Text, what, remedy)
            {
                Severity = isNewer && !(Runs(cluster, later) && Runs(cluster, earlier.Component))
                    ? Severity.Refused
                    : Severity.Warning
            };
        }
    }

    private static bool Runs(TidbCluster cluster, Component component) =>
        cluster.Status?.Versions?.GetValueOrDefault(component.Name) is { } had && had == VersionOf(component)?.Text;

    private static TidbVersion? VersionOf(Component component) =>
        ImageReference.TryParse(component.Image) is { Tag.Length: > 0 } image ? TidbVersion.Parse(image.Tag) : null;

    private static (int, int) Minor(TidbVersion version) => (version.Major, version.Minor);

    private static Problem? Between(string field, TidbVersion had, TidbVersion wanted)
    {
        // A moving build has no place in the order: whoever runs one knows what it follows.
        if (!had.IsNumbered || !wanted.IsNumbered)
            return null;
        if (wanted.CompareTo(had) < 0)
        {
            return new Problem(field, wanted.Text, $"is older than {had.Text}, which the cluster has finished with",
                $"write {had.Text} or a newer one; to go back, restore a backup into a new cluster");
        }

        return !had.IsAtLeast(4) && wanted.IsAtLeast(5)
            ? new Problem(field, wanted.Text, $"cannot be reached from {had.Text} directly", "go to v4.0.16 first")
            : null;
    }

    private static string Field(Component component)
    {
        var own = $"spec.{component.Name}";
        if (component.Replicated?.BaseImage is null && component.Spec.Image is { Length: > 0 })
            return $"{own}.image";
        return component.Spec.Version is { Length: > 0 } ? $"{own}.version" : "spec.version";
    }
}
