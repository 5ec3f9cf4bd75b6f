using Tidekeeper.Engines.TiDB.Objects;
using Tidekeeper.Engines.TiDB.Steps;
using Tidekeeper.Model.Kubernetes;

namespace Tidekeeper.Engines.TiDB.Operations;

/// <summary>
/// Evidence that a member's data is gone for certain, which no waiting brings back: its claim was made anew, or the
/// node that its disk was in does not exist any more.
/// </summary>
internal static class LostData
{
    /// <summary>The evidence as a sentence; null when the data may still be there.</summary>
    public static string? Of(Draft draft, Member member)
    {
        if (member.Component.Name == Component.Tidb || !member.IsKnownToDatabase || member.State != MemberState.Down)
            return null;
        if (LastServed.DataClaim(draft, member) is not { Deleting: null } claim)
            return null;
        return IsNew(draft, member, claim)
            ? $"claim {claim.Name} is not the one that it served with"
            : NodeGone(draft, member, claim);
    }

    /// <summary>Whether the disk that it would have to start from is gone, so that the pod waits for ever.</summary>
    public static bool KeepsPodWaiting(Draft draft, Member member) =>
        LastServed.DataClaim(draft, member) is { } claim && NodeGone(draft, member, claim) is not null;

    /// <summary>
    /// Where the status does not remember the claim, two clocks of the database must agree that all that was before
    /// this one.
    /// </summary>
    private static bool IsNew(Draft draft, Member member, ObservedClaim claim)
    {
        if (LastServed.Of(draft, member).ClaimUid is { Length: > 0 } uid)
            return uid != claim.Uid;
        return member.Store is { Started: { } started, LastHeartbeat: { } heard }
            && started < claim.Created && heard < claim.Created;
    }

    /// <summary>
    /// A node that is made anew under its name may bring its disks along, as after a restart of the machine; that gets
    /// its time.
    /// </summary>
    private static string? NodeGone(Draft draft, Member member, ObservedClaim claim)
    {
        if (!draft.Seen.Nodes.Is(out var nodes) || nodes.Count == 0)
            return null;
        if (member.Pod is not { UnscheduledReason.Length: > 0 } pod || !IsTiedToNode(pod.UnscheduledMessage))
            return null;
        var node = LastServed.Of(draft, member).Node ?? claim.SelectedNode;
        var period = Failures.Period(draft.Seen, member.Component);
        return node.Length > 0 && nodes.All(one => one.Name != node) && draft.Seen.Now - pod.Created >= period
            ? $"its disk was in node {node}, which does not exist any more"
            : null;
    }

    /// <summary>As the scheduler says it, before and since Kubernetes 1.34.</summary>
    private static bool IsTiedToNode(string message) =>
        message.Contains("volume node affinity conflict", StringComparison.Ordinal)
        || message.Contains("PersistentVolume's node affinity", StringComparison.Ordinal);
}
