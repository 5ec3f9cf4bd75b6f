using Tidekeeper.Engines.TiDB.Objects;
using Tidekeeper.Engines.TiDB.Steps;

namespace Tidekeeper.Engines.TiDB.Operations;

/// <summary>
/// A new version goes through the components in TiDB's order: PD, TiFlash, TiKV, TiDB. A component gets its new
/// template only when all before it have finished, so that a pod that is lost meanwhile comes back in the version that
/// is due.
/// </summary>
internal static class Succession
{
    /// <summary>From the first to upgrade to the last.</summary>
    public static readonly IReadOnlyList<string> Order =
        [Component.Pd, Component.Tiflash, Component.Tikv, Component.Tidb];

    /// <summary>Null unless another image waits for its turn.</summary>
    public static string? WhyNotYet(Draft draft, SetChange change)
    {
        if (!change.ChangesImage)
            return null;
        foreach (var name in Order.TakeWhile(one => one != change.Component.Name))
        {
            if (draft.Set(name) is { Current: not null } earlier && Unfinished(draft, earlier) is { } why)
            {
                var title = Titles.Of(change.Component.Name);
                return $"{title} gets {change.Component.Image} after {Titles.Of(name)}: {why}";
            }
        }

        return null;
    }

    private static string? Unfinished(Draft draft, SetChange earlier)
    {
        var name = earlier.Component.Name;
        if (earlier.Current!.TemplateIntent != Intent.OfPods(earlier.Component))
            return $"StatefulSet {earlier.Component.SetName} is still to be written";
        var members = draft.Members(name);
        var outdated = members.Count(member => member.IsOutdated);
        if (outdated > 0)
            return $"{members.Count - outdated} of {members.Count} are done";
        if (members.FirstOrDefault(member => member.IsKnownToDatabase && !member.IsServing) is { } late)
            return $"{late.PodName} does not serve yet";
        return name == Component.Tikv && PdFacts.Of(draft.Seen) is { } pd ? Evictions.Others(draft, pd, []) : null;
    }
}
