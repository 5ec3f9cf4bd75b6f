using System.Globalization;
using Tidekeeper.Model.Kubernetes;

namespace Tidekeeper.Engines.TiDB.Control;

/// <summary>
/// Which undertakings somebody has approved. An approval that names the time at which the undertaking was first wanted
/// is good for that wish alone: whoever takes a change back and makes it again is asked again.
/// </summary>
public static class Approvals
{
    /// <summary>Whether an undertaking must not go on yet; never for what bears no name.</summary>
    internal static bool IsMissing(TidbSeen seen, string undertaking)
    {
        if (seen.Cluster.Spec.Approval != "Manual" || undertaking.Length == 0)
            return false;
        var since = seen.Status()?.Plan?.FirstOrDefault(one => one.Name == undertaking)?.Since;
        return !Entries(seen.Cluster.Metadata.Annotations?.GetValueOrDefault(Labels.Approved))
            .Any(entry => entry == undertaking || (since is { } time && entry == Entry(undertaking, time)));
    }

    /// <summary>The entry of the annotation that approves an undertaking wanted since then.</summary>
    public static string Entry(string undertaking, DateTimeOffset since) =>
        undertaking + "@" + since.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>The entries of the annotation.</summary>
    public static IReadOnlyList<string> Entries(string? annotation) =>
        (annotation ?? "").Split([',', ' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
}
