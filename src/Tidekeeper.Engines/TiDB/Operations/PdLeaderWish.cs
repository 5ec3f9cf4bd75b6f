using Tidekeeper.Engines.TiDB.Objects;
using Tidekeeper.Engines.TiDB.Steps;
using Tidekeeper.Model.Kubernetes;

namespace Tidekeeper.Engines.TiDB.Operations;

/// <summary>
/// Who shall lead PD because somebody said so: once, by an annotation of the cluster that names a member and a time; or
/// anybody but the pod whose annotation says so, as in v1.
/// </summary>
internal static class PdLeaderWish
{
    public static Step Decide(Draft draft)
    {
        if (PdFacts.Of(draft.Seen) is not { HasQuorum: true } pd || Wanted(draft, pd) is not { } wanted)
            return new Step.Done();
        if (wanted.Name == pd.Leader)
            return new Step.Done();
        var heir = pd.Members.FirstOrDefault(voter => voter.Name == wanted.Name);
        if (heir is null)
        {
            return new Step.Hold(
                $"{wanted.Field} names {wanted.Name}, which is no member of PD; there are: "
                + string.Join(", ", pd.Members.Select(voter => voter.Name)), Patience.ForPeople)
            {
                Reason = TidbReasons.NoSuchMember,
                NeedsPerson = true
            };
        }

        var members = draft.Members(Component.Pd);
        var leader = members.FirstOrDefault(member => member.Voter?.Name == pd.Leader);
        var why = !heir.Healthy ? "it is not healthy"
            : members.Any(member => member.IsDue) ? "pods of PD are to restart, which moves the leader as well"
            : leader is null ? null : Disruption.WhyNot(draft, leader);
        return why is null
            ? new Step.Do(PdLeadership.HandOver(
                draft, wanted.Name, $"lead-pd-{wanted.Name}", $"{wanted.Field} asks for it"))
            : new Step.Hold($"{wanted.Name} leads PD when this is over: {why}", Patience.ForDatabase(draft.Seen))
            {
                Reason = TidbReasons.NotSafeYet
            };
    }

    /// <summary>The wish that needs no fulfilment any more, for the status to remember.</summary>
    public static string? Fulfilled(Draft draft, PdSeen pd)
    {
        var text = Annotation(draft);
        var before = draft.Seen.Status()?.Pd?.LeaderWish;
        return text is not null && text != before && MemberIn(draft, text) == pd.Leader ? text : before;
    }

    private static (string Name, string Field)? Wanted(Draft draft, PdSeen pd)
    {
        if (Annotation(draft) is { } text && text != draft.Seen.Status()?.Pd?.LeaderWish)
            return (MemberIn(draft, text), $"metadata.annotations[{Labels.PdLeader}]");
        var leader = draft.Members(Component.Pd).FirstOrDefault(member => member.Voter?.Name == pd.Leader);
        return leader is { Pod.ShallNotLead: true } && PdLeadership.Heir(draft, pd, pd.Leader) is { } heir
            ? (heir, $"annotation {Labels.TransferLeader} of {leader.PodName}")
            : null;
    }

    private static string? Annotation(Draft draft) =>
        draft.Seen.Cluster.Metadata.Annotations?.GetValueOrDefault(Labels.PdLeader) is { Length: > 0 } text
            ? text
            : null;

    /// <summary>People name the pod; with a cluster domain PD's name of the member is longer.</summary>
    private static string MemberIn(Draft draft, string text)
    {
        var name = text.Split('@')[0].Trim();
        return name.Contains('.', StringComparison.Ordinal) ? name : TidbNames.Member(draft.Seen.Cluster, name);
    }
}
