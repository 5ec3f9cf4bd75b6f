using Tidekeeper.Engines.TiDB.Steps;

namespace Tidekeeper.Engines.TiDB.Operations;

/// <summary>PD's leader hands over before it stops.</summary>
internal static class PdLeadership
{
    /// <summary>The hand-over that must come first; null when the target does not lead.</summary>
    public static Step? BeforeStop(Draft draft, IReadOnlyList<Member> targets, string undertaking)
    {
        if (PdFacts.Of(draft.Seen) is not { } pd || targets[0].Voter is not { } voter || voter.Name != pd.Leader)
            return null;
        var heir = Heir(draft, pd, voter.Name);

        // Alone there is nobody to hand over to, and PD elects a new leader by itself when none is willing.
        return heir is null
            ? null
            : new Step.Do(HandOver(draft, heir, undertaking, $"{targets[0].PodName} is to stop"));
    }

    public static Act.Ask HandOver(Draft draft, string heir, string undertaking, string why)
    {
        var call = new AdminCall(
            "POST", $"{TidbNames.PdUrl(draft.Seen.Cluster)}/pd/api/v1/leader/transfer/{heir}", null,
            $"PD to make {heir} its leader");
        return new Act.Ask(call, why) { MovesLoad = true, Undertaking = undertaking };
    }

    /// <summary>
    /// A healthy member other than the leader: one that has the present spec, so that it need not hand over again; of
    /// those the one with the lowest ordinal, which leaves last when PD shrinks.
    /// </summary>
    public static string? Heir(Draft draft, PdSeen pd, string leader) =>
        (from member in draft.Members(Objects.Component.Pd)
         where member is { IsServing: true, Voter: { } voter } && voter.Name != leader
         orderby Drains.Leaves(draft, member), member.IsOutdated, member.Ordinal
         select member.Voter!.Name).FirstOrDefault()
        ?? pd.Members.FirstOrDefault(voter => voter.Healthy && voter.Name.Length > 0 && voter.Name != leader)?.Name;
}
