using Tidekeeper.Engines.TiDB.Adoption;
using Tidekeeper.Engines.TiDB.Control;
using Tidekeeper.Engines.TiDB.Steps;
using Tidekeeper.Model;
using Tidekeeper.Model.Crds;

namespace Tidekeeper.Engines.TiDB;

/// <summary>
/// The status of a TidbCluster, computed from what was seen and what is planned. Of the previous status only the times,
/// the cluster id, and what PD said before it fell silent live on.
/// </summary>
public static class TidbStatus
{
    /// <summary>The status to write, should it differ from the one that is stored.</summary>
    public static TidbClusterStatus Of(TidbSeen seen, Plan plan)
    {
        if (seen.Cluster.Metadata.DeletionTimestamp is null && Takeover.Untouched(seen) is { } untouched)
            return Foreigners.Status(seen, untouched);
        var previous = seen.Cluster.Status;
        var draft = Creation.Refusal(seen) is null ? Draft.Of(seen) : null;
        var status = new TidbClusterStatus
        {
            ObservedGeneration = seen.Cluster.Metadata.Generation,
            ClusterID = previous?.ClusterID ?? ClusterId(seen),
            Versions = previous?.Versions,
            Conditions = TidbConditions.Of(seen, draft, plan),
            Waiting = WaitingFor(seen, plan),
            Plan = draft is null ? null : Undertakings.Of(draft, plan),
            Breaker = draft is null ? previous?.Breaker : Breaker.Of(draft),
            Override = ControlConditions.StatusOf(seen)
        };
        if (draft is null)
        {
            return status with
            {
                Phase = "Refused",
                Pd = previous?.Pd,
                Tikv = previous?.Tikv,
                Tidb = previous?.Tidb,
                Tiflash = previous?.Tiflash
            };
        }

        status = status with
        {
            Pd = ComponentStatuses.Pd(draft, plan),
            Tikv = ComponentStatuses.Tikv(draft, plan),
            Tidb = ComponentStatuses.Tidb(draft, plan),
            Tiflash = ComponentStatuses.Tiflash(draft, plan)
        };
        return status with { Phase = PhaseOf(seen, status), Versions = VersionsOf(draft, status) };
    }

    /// <summary>Remembered when everything serves on it: until then the way back is open.</summary>
    private static SortedDictionary<string, string>? VersionsOf(Draft draft, TidbClusterStatus status)
    {
        if (!status.Conditions!.Any(one => one is { Type: TidbConditions.Ready, Status: "True" }))
            return status.Versions;
        var versions = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var component in draft.Sets.Select(set => set.Component))
        {
            if (ImageReference.TryParse(component.Image) is { Tag.Length: > 0 } image)
                versions[component.Name] = image.Tag;
        }

        return versions.Count > 0 ? versions : null;
    }

    /// <summary>An id is pinned only once PD can decide; until then it might still be another's.</summary>
    private static string? ClusterId(TidbSeen seen) =>
        seen.Pd.Is(out var pd) && pd.HasQuorum && pd.ClusterId is { Length: > 0 } id and not "0" ? id : null;

    /// <summary>The first wait: later ones are mostly its consequences.</summary>
    private static WaitingStatus? WaitingFor(TidbSeen seen, Plan plan)
    {
        if (plan.FirstWait is not var (name, hold))
            return null;
        var before = seen.Cluster.Status?.Waiting;
        return new WaitingStatus
        {
            Step = name,
            Why = hold.Why,
            Since = before?.Step == name ? before.Since : seen.Now
        };
    }

    private static string PhaseOf(TidbSeen seen, TidbClusterStatus status)
    {
        if (seen.Cluster.Metadata.DeletionTimestamp is not null)
            return "Deleting";
        if (seen.Cluster.Spec.Paused == true)
            return "Paused";
        if (status.Conditions!.Any(one => one is { Type: TidbConditions.Ready, Status: "True" }))
            return "Running";
        var components = new ComponentStatus?[] { status.Pd, status.Tikv, status.Tidb, status.Tiflash };
        if (components.Any(one => one?.Phase is "Suspend"))
            return "Suspended";
        if (seen.Cluster.Status?.Phase is null or "Creating" or "Refused")
            return "Creating";
        if (components.Any(one => one?.Phase is "Upgrade"))
            return "Upgrading";
        return components.Any(one => one?.Phase is "Scale") ? "Scaling" : "Degraded";
    }
}
