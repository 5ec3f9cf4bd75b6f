using Tidekeeper.Engines.TiDB.Adoption;
using Tidekeeper.Engines.TiDB.Control;
using Tidekeeper.Engines.TiDB.Steps;
using Tidekeeper.Model;
using Tidekeeper.Model.Crds;

namespace Tidekeeper.Engines.TiDB;

/// <summary>The conditions of a TidbCluster. Their types and reasons are stable; tools may wait for them.</summary>
public static class TidbConditions
{
    /// <summary>Everything serves as the spec wants it. Reasons as in v1.</summary>
    public const string Ready = "Ready";

    /// <summary>The spec can be acted upon.</summary>
    public const string Accepted = "Accepted";

    /// <summary>SQL is served, though perhaps by fewer than wanted.</summary>
    public const string Available = "Available";

    /// <summary>The operator is at work, or waits for something that comes by itself.</summary>
    public const string Progressing = "Progressing";

    /// <summary>Every pod runs on the present spec.</summary>
    public const string UpToDate = "UpToDate";

    /// <summary>Every field of the spec is acted upon.</summary>
    public const string FullySupported = "FullySupported";

    /// <summary>Something is left alone because the spec says so; there only while it is.</summary>
    public const string Paused = "Paused";

    /// <summary>Nothing waits for a person's approval; there only with <c>spec.approval: Manual</c>.</summary>
    public const string Approved = "Approved";

    /// <summary>The circuit breaker is open; there only while it is.</summary>
    public const string BreakerOpen = "BreakerOpen";

    /// <summary>Whether a cluster that v1 made has been taken over; there only for such clusters.</summary>
    public const string Adopted = "Adopted";

    /// <summary>A guard is ignored; there while the annotation that asks for it is.</summary>
    public const string Overridden = "Overridden";

    internal static IReadOnlyList<ClusterCondition> Of(TidbSeen seen, Draft? draft, Plan plan)
    {
        List<ClusterCondition> now = [AcceptedOf(seen), SupportedOf(seen)];
        if (draft is not null)
        {
            now.Add(ReadyOf(draft));
            now.Add(AvailableOf(draft));
            now.Add(UpToDateOf(draft));
        }
        else
        {
            now.Add(Condition(Ready, "False", TidbReasons.Refused, AcceptedOf(seen).Message!));
        }

        now.Add(ProgressingOf(plan));
        now.AddRange(ControlConditions.Of(seen, draft, plan));
        if (Takeover.Told(seen) is { } takenOver)
            now.Add(takenOver);
        return [.. now.Select(condition => Since(seen, condition)).OrderBy(one => one.Type, StringComparer.Ordinal)];
    }

    private static ClusterCondition AcceptedOf(TidbSeen seen) =>
        Creation.Refusal(seen) is { } refusal
            ? Condition(Accepted, "False", TidbReasons.Refused, refusal.Why)
            : Condition(Accepted, "True", TidbReasons.Accepted, "the spec can be acted upon" + Warnings(seen));

    /// <summary>What is acted upon, though probably not meant.</summary>
    private static string Warnings(TidbSeen seen) => string.Concat(
        seen.Problems.Where(problem => problem.Severity == Severity.Warning).Select(problem => $"; mind: {problem}"));

    private static ClusterCondition SupportedOf(TidbSeen seen)
    {
        var old = seen.Platform.DefinitionNotice;
        var fields = seen.Problems.Where(problem => problem.Severity == Severity.Unsupported)
            .Select(problem => $"{problem}").ToList();
        if (old.Length > 0)
            return Condition(FullySupported, "False", TidbReasons.DefinitionOld, string.Join("; ", [old, .. fields]));
        return fields.Count == 0
            ? Condition(FullySupported, "True", TidbReasons.Supported, "every field of the spec is acted upon")
            : Condition(FullySupported, "False", TidbReasons.NotSupportedYet, string.Join("; ", fields));
    }

    private static ClusterCondition ReadyOf(Draft draft)
    {
        var readiness = Readiness.Of(draft);
        return Condition(Ready, readiness.IsReady ? "True" : "False", readiness.Reason, readiness.Message);
    }

    private static ClusterCondition AvailableOf(Draft draft)
    {
        var (holds, why) = Readiness.Availability(draft);
        return holds switch
        {
            true => Condition(Available, "True", TidbReasons.Serving, why),
            false => Condition(Available, "False", TidbReasons.NotServing, why),
            null => Condition(Available, "Unknown", TidbReasons.NotKnown, why)
        };
    }

    private static ClusterCondition UpToDateOf(Draft draft)
    {
        var pods = Readiness.OutdatedPods(draft).ToList();
        if (pods.Count > 0)
        {
            return Condition(
                UpToDate, "False", TidbReasons.PodsPending,
                $"{string.Join(", ", pods)} run on an earlier spec and restart one after another");
        }

        if (WaitingConfigs(draft) is { Length: > 0 } waiting)
            return Condition(UpToDate, "False", TidbReasons.ConfigWaitsForRestart, waiting);
        var ours = draft.Sets.Where(set => set.Verdict == SetVerdict.OursOnly)
            .Select(set => set.Component.SetName).ToList();
        return ours.Count > 0
            ? Condition(
                UpToDate, "True", TidbReasons.TemplatePending,
                $"{string.Join(", ", ours)}: this operator would render them differently; they take that with the next "
                + "change of the spec")
            : Condition(UpToDate, "True", TidbReasons.UpToDate, "every pod runs on the present spec");
    }

    /// <summary>By component: whose pods have an earlier file, and what would give them the present one.</summary>
    private static string WaitingConfigs(Draft draft) => string.Join("; ",
        from member in draft.AllMembers
        where member.HasEarlierConfig
        group member.PodName by member.Component.Name into component
        let name = draft.Seen.Cluster.Metadata.Name
        select $"{string.Join(", ", component)} run with an earlier spec.{component.Key}.config until they restart: "
            + $"tide restart {name} {component.Key}, or set spec.{component.Key}.configUpdateStrategy: RollingUpdate");

    private static ClusterCondition ProgressingOf(Plan plan)
    {
        var holds = plan.Holds.Select(hold => hold.Hold).ToList();
        if (holds.FirstOrDefault(hold => hold.NeedsPerson) is { } stuck)
            return Condition(Progressing, "False", stuck.Reason, stuck.Why);
        if (plan.FirstWait is { Hold: var wait })
            return Condition(Progressing, "True", wait.Reason, wait.Why);
        return plan.Acts.Any(act => act is not Act.Record)
            ? Condition(Progressing, "True", TidbReasons.Working, "the operator is writing what the spec wants")
            : Condition(Progressing, "False", TidbReasons.Settled, "nothing is left to do");
    }

    private static ClusterCondition Condition(string type, string status, string reason, string message) =>
        new() { Type = type, Status = status, Reason = reason, Message = message };

    /// <summary>Keeps the times of a condition that says the same as before.</summary>
    internal static ClusterCondition Since(TidbSeen seen, ClusterCondition now)
    {
        var before = seen.Cluster.Status?.Conditions?.FirstOrDefault(one => one.Type == now.Type);
        var turned = before?.Status != now.Status;
        var said = turned || before?.Reason != now.Reason || before?.Message != now.Message;
        return now with
        {
            ObservedGeneration = seen.Cluster.Metadata.Generation,
            LastTransitionTime = turned ? seen.Now : before!.LastTransitionTime,
            LastUpdateTime = said ? seen.Now : before!.LastUpdateTime
        };
    }
}
