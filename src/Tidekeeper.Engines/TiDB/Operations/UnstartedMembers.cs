using Tidekeeper.Engines.TiDB.Objects;
using Tidekeeper.Engines.TiDB.Steps;
using Tidekeeper.Model.Crds;

namespace Tidekeeper.Engines.TiDB.Operations;

/// <summary>
/// Members that were added to PD and have never started. They count towards the majority and keep everybody else from
/// joining, so after a while they are removed; their pods then join anew.
/// </summary>
internal static class UnstartedMembers
{
    /// <summary>A start takes its time, however soon failed members are to be replaced.</summary>
    private static readonly TimeSpan Least = TimeSpan.FromMinutes(1);

    public static IEnumerable<PdMemberSeen> Of(PdSeen pd) =>
        pd.Members.Where(voter => voter.Name.Length == 0 && voter.PodName.Length > 0);

    public static PdFailureMember Record(PdMemberSeen voter, DateTimeOffset now) => new()
    {
        PodName = voter.PodName,
        MemberID = voter.Id,
        Phase = Failures.Suspect,
        Why = "it was added to PD and has not started",
        CreatedAt = now,
        Since = now
    };

    public static Step Decide(Draft draft)
    {
        if (PdFacts.Of(draft.Seen) is not { } pd || draft.Set(Component.Pd) is not { } set)
            return new Step.Done();
        if (LeftBehind(draft, pd, set) is { } left)
        {
            return pd.HealthyMembers < pd.Quorum
                ? new Step.Hold(PdFacts.WhyNoQuorum(draft.Seen)!, Patience.ForDatabase(draft.Seen))
                : new Step.Do([Replacement.Drop(draft, left, left.PodName,
                    $"{left.PodName} has joined PD while its pod was scaled in")]);
        }

        var period = Failures.Period(draft.Seen, set.Component);
        if (period < Least)
            period = Least;
        foreach (var voter in Of(pd))
        {
            var pod = voter.PodName;
            var since = draft.Seen.Status()?.Pd?.FailureMembers?.GetValueOrDefault(pod)?.CreatedAt ?? draft.Seen.Now;
            var patience = period - (draft.Seen.Now - since);
            if (patience > TimeSpan.Zero)
            {
                return new Step.Hold($"{pod} was added to PD and has not started", Patience.Until(patience))
                {
                    Reason = TidbReasons.FailoverSuspected
                };
            }

            if (pd.HealthyMembers < pd.Quorum)
                return new Step.Hold(PdFacts.WhyNoQuorum(draft.Seen)!, Patience.ForDatabase(draft.Seen));
            var why = $"{pod} was added and has not started within {Patience.InWords(period)}";
            var member = draft.Members(Component.Pd).FirstOrDefault(one => one.PodName == pod);
            return new Step.Do(
            [
                .. member is null ? [] : LeftoverClaims.Mark(draft, member),
                Replacement.Drop(draft, voter, pod, why)
            ]);
        }

        return new Step.Done();
    }

    /// <summary>
    /// A pod can join, and begin, in the moment in which it is scaled in as one that is no member: then nobody would
    /// ever start it again, and everybody would wait for it.
    /// </summary>
    private static PdMemberSeen? LeftBehind(Draft draft, PdSeen pd, SetChange set) => pd.Members.FirstOrDefault(voter =>
        voter is { Healthy: false, Name.Length: > 0 } && set.Current is { } current
        && Ordinal.Of(voter.PodName, set.Component.SetName) >= Math.Max(current.Replicas, set.WantedReplicas)
        && draft.Seen.Pods.All(pod => pod.Name != voter.PodName));
}
