using Tidekeeper.Engines.TiDB.Objects;
using Tidekeeper.Model;
using Tidekeeper.Model.Crds;

namespace Tidekeeper.Engines.TiDB;

/// <summary>
/// Whether a component may go from the version that it finished with last to the one that is wanted. TiDB upgrades
/// directly from v4.0 on and never goes back: newer versions change what is stored.
/// </summary>
internal static class ValidationOfUpgrades
{
    public static IEnumerable<Problem> Check(TidbCluster cluster)
    {
        foreach (var component in Component.Declared(cluster))
        {
            if (cluster.Status?.Versions?.GetValueOrDefault(component.Name) is { } had
                && ImageReference.TryParse(component.Image) is { Tag.Length: > 0 } image
                && Between(Field(component), TidbVersion.Parse(had), TidbVersion.Parse(image.Tag)) is { } problem)
            {
                yield return problem;
            }
        }
    }

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
