using Tidekeeper.Engines.TiDB.Objects;
using Tidekeeper.Engines.TiDB.Steps;
using Tidekeeper.Model.Crds;

namespace Tidekeeper.Engines.TiDB.Operations;

/// <summary>
/// Leadership leaves a pod before somebody else takes it: its node is cordoned, or it is being evicted or deleted.
/// Budgets of one pod at a time keep the rest of a drain waiting meanwhile.
/// </summary>
internal static class Drains
{
    /// <summary>What the status says of such an eviction.</summary>
    public const string ForDrain = "drain";

    // Who cordons and does not drain gets the leaders back, or the store would idle until somebody remembers.
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan Counts = TimeSpan.FromMinutes(10);

    /// <summary>Whether the leaders are to be kept away for a drain.</summary>
    public static bool Wanted(Draft draft, Member member) =>
        member.Pod?.Deleting is not null || (IsCordoned(draft, member) && !IsGivenUp(draft, member));

    public static bool IsCordoned(Draft draft, Member member) =>
        draft.Seen.Nodes.Is(out var nodes)
        && nodes.Any(node => node.Unschedulable && node.Name == member.Pod?.Node);

    /// <summary>Whether an eviction is old enough not to keep everything else waiting.</summary>
    public static bool IsStale(Draft draft, EvictLeaderStatus? record) =>
        record is { Value: ForDrain, BeginTime: { } begun } && draft.Seen.Now - begun > Counts;

    public static Step Decide(Draft draft)
    {
        if (PdFacts.Of(draft.Seen) is not { HasQuorum: true } pd)
            return new Step.Done();
        if (Leadership(draft, pd) is { } handOver)
            return handOver;
        return draft.Members(Component.Tikv)
            .Select(member => Leaders(draft, pd, member)).FirstOrDefault(step => step is not null) ?? new Step.Done();
    }

    private static Step? Leadership(Draft draft, PdSeen pd)
    {
        var leader = draft.Members(Component.Pd).FirstOrDefault(one => one.Voter?.Name == pd.Leader);
        if (leader is not { Voter: { } voter } || !Leaves(draft, leader))
            return null;
        var heir = PdLeadership.Heir(draft, pd, voter.Name);
        var stays = draft.Members(Component.Pd).Any(one => one.Voter?.Name == heir && !Leaves(draft, one));
        var why = $"{leader.PodName} {Why(draft, leader)}";
        return heir is not null && stays
            ? new Step.Do(PdLeadership.HandOver(draft, heir, Undertaking(leader), why))
            : null;
    }

    public static bool Leaves(Draft draft, Member member) =>
        member.Pod?.Deleting is not null || IsCordoned(draft, member);

    /// <summary>Ends the sentence "… because basic-tikv-1 …".</summary>
    public static string Why(Draft draft, Member member) => member.Pod switch
    {
        { Deleting: not null } => "is stopping",
        { } pod when IsCordoned(draft, member) => $"is on node {pod.Node}, which is cordoned",
        _ => "is to restart"
    };

    private static Step? Leaders(Draft draft, PdSeen pd, Member member)
    {
        if (member.Store is not { State: "Up" } store || !Wanted(draft, member))
            return null;
        if (pd.Evicted.Contains(store.Id, StringComparer.Ordinal))
            return Evictions.BeforeStop(draft, pd, member, Undertaking(member), "");
        return Disruption.WhyNot(draft, member) is { } why
            ? new Step.Hold(
                $"the leaders of {member.PodName} leave when this is over: {why}", Patience.ForDatabase(draft.Seen))
            {
                Reason = TidbReasons.NotSafeYet
            }
            : Evictions.BeforeStop(draft, pd, member, Undertaking(member), "");
    }

    private static string Undertaking(Member member) => $"drain-{member.PodName}";

    private static bool IsGivenUp(Draft draft, Member member) =>
        draft.Seen.Status()?.Tikv?.EvictLeader?.GetValueOrDefault(member.PodName) is { Value: ForDrain } record
        && (record.EndTime is not null || draft.Seen.Now - record.BeginTime > Longest);
}
