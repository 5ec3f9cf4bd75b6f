using Tidekeeper.Engines.TiDB.Steps;
using Tidekeeper.Model.Crds;

namespace Tidekeeper.Engines.TiDB.Control;

/// <summary>
/// What people have told the operator, as conditions. Each is there only while there is something to say.
/// </summary>
internal static class ControlConditions
{
    public static IEnumerable<ClusterCondition> Of(TidbSeen seen, Draft? draft, Plan plan)
    {
        var paused = Pauses.Fields(seen.Cluster);
        if (paused.Count > 0)
        {
            yield return New(
                TidbConditions.Paused, "True", TidbReasons.Paused,
                $"{string.Join(", ", paused)} {(paused.Count == 1 ? "is" : "are")} true: nothing there is changed");
        }

        if (draft is not null && seen.Cluster.Spec.Approval == "Manual")
            yield return ApprovedOf(draft, plan);
        if (draft is not null && Breaker.WhyOpen(draft) is { } open)
            yield return New(TidbConditions.BreakerOpen, "True", TidbReasons.BreakerOpened, open);
        if (Override.Of(seen.Cluster) is { } over)
            yield return OverriddenOf(seen, over);
    }

    public static OverrideStatus? StatusOf(TidbSeen seen) =>
        Override.Of(seen.Cluster) is { } over
            ? new OverrideStatus
            {
                Guard = over.Guard,
                Component = over.Component.Length > 0 ? over.Component : null,
                State = over.StateAt(seen.Now),
                Until = over.Until == default ? null : over.Until,
                Reason = over.Reason
            }
            : null;

    private static ClusterCondition ApprovedOf(Draft draft, Plan plan)
    {
        var waiting = (Undertakings.Of(draft, plan) ?? []).Where(one => one.State == "NeedsApproval").ToList();
        if (waiting.Count == 0)
            return New(TidbConditions.Approved, "True", TidbReasons.Approved, "nothing waits for approval");
        var what = string.Join("; ", waiting.Select(one => $"{one.Name}: {one.What}"));
        return New(
            TidbConditions.Approved, "False", TidbReasons.NeedsApproval,
            $"waits for tide approve {draft.Seen.Cluster.Metadata.Name}: {what}");
    }

    private static ClusterCondition OverriddenOf(TidbSeen seen, Override over)
    {
        var whom = over.Component.Length > 0 ? $" for {over.Component}" : "";
        return over.StateAt(seen.Now) switch
        {
            "InForce" => New(
                TidbConditions.Overridden, "True", TidbReasons.GuardOverridden,
                $"guard {over.Guard} is ignored{whom} until {over.Until.UtcDateTime:HH:mm:ss} UTC: {over.Reason}"),
            "Expired" => New(
                TidbConditions.Overridden, "False", TidbReasons.OverrideExpired,
                $"the override of guard {over.Guard} has expired and has no effect; remove it with tide override "
                + $"{seen.Cluster.Metadata.Name} --end"),
            _ => New(
                TidbConditions.Overridden, "False", TidbReasons.OverrideRefused,
                $"the annotation {Model.Kubernetes.Labels.Override} has no effect: {over.Problem}")
        };
    }

    private static ClusterCondition New(string type, string status, string reason, string message) =>
        new() { Type = type, Status = status, Reason = reason, Message = message };
}
