using Tidekeeper.Engines.TiDB.Objects;
using Tidekeeper.Engines.TiDB.Steps;

namespace Tidekeeper.Engines.TiDB.Operations;

/// <summary>
/// What speaks for a failed member. The database and Kubernetes must agree, and the cause must not be the spec, a
/// change under way, the scheduler, or the operator's own view: there another member would fare no better.
/// </summary>
internal static class Suspicion
{
    /// <summary>A sentence; null when nothing speaks for it.</summary>
    public static string? Of(Draft draft, Member member)
    {
        if (DatabaseMisses(draft, member) is not { } missed)
            return null;
        if (NodeTrouble(draft, member) is { } node)
            return $"{missed} and {node}";
        return member.Pod is { Ready: false, UnscheduledReason.Length: 0, Node.Length: > 0 } pod
            && draft.Seen.Now - pod.Created > Patience.ForHeartbeat && !IsCausedBySpec(draft, member)
            ? $"{missed} and its pod is not ready"
            : null;
    }

    /// <summary>Why its node cannot run it; null when it can, or when nodes may not be read.</summary>
    public static string? NodeTrouble(Draft draft, Member member)
    {
        var name = member.Pod is { Node.Length: > 0 } pod ? pod.Node : LastServed.Of(draft, member).Node;
        if (name is null || !draft.Seen.Nodes.Is(out var nodes) || nodes.Count == 0)
            return null;
        return nodes.FirstOrDefault(one => one.Name == name) switch
        {
            null => $"node {name} does not exist any more",
            { Ready: false } => $"node {name} is not ready",
            _ => null
        };
    }

    /// <summary>PD's own word; what does not answer the operator may well answer others.</summary>
    private static string? DatabaseMisses(Draft draft, Member member) => member.Component.Name switch
    {
        Component.Pd => member.Voter is { Healthy: false } ? "PD does not reach it" : null,
        Component.Tidb => IsWell(draft, member) || member.Pod is null or { Ready: true } ? null : "it does not serve",
        _ => member.Store is { State: "Down" } store ? $"store {store.Id} is Down" : null
    };

    private static bool IsWell(Draft draft, Member member) =>
        draft.Seen.TidbHealth.TryGetValue(member.PodName, out var known) && known.Is(out var health) && health.Healthy;

    /// <summary>
    /// While pods restart, the change is the likeliest cause; and unless another one serves with the same wish, the
    /// wish is.
    /// </summary>
    private static bool IsCausedBySpec(Draft draft, Member member)
    {
        var members = draft.Members(member.Component.Name);
        return members.Any(one => one.IsOutdated)
            || !members.Any(one => one.PodName != member.PodName && one is { IsServing: true, IsOutdated: false })
            || (member.Component.Name == Component.Tidb && PdFacts.StoresUp(draft.Seen, Component.Tikv) == 0);
    }
}
