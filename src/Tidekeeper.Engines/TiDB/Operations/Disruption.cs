using Tidekeeper.Engines.TiDB.Control;
using Tidekeeper.Engines.TiDB.Objects;
using Tidekeeper.Engines.TiDB.Steps;

namespace Tidekeeper.Engines.TiDB.Operations;

/// <summary>
/// The one gate: may these members be taken out of service now? Whatever stops, empties or removes a member asks here.
/// It answers from live database facts, counts disruptions whatever their cause, and never keeps anybody from repairing
/// a member that is down already. A guard that a person has overridden is not asked.
/// </summary>
internal static class Disruption
{
    private delegate string? Check(Draft draft, PdSeen? pd, IReadOnlyList<Member> targets);

    /// <summary>By the names in <see cref="Guards"/>. What only PD can tell is asked once PD has answered.</summary>
    private static readonly IReadOnlyList<(string Guard, Check Check)> Checks =
    [
        (Guards.Breaker, (draft, _, _) => Breaker.WhyOpen(draft)),
        (Guards.PdMajority, (draft, pd, _) => Majority(draft, pd)),
        (Guards.PodsSettled, (draft, _, targets) => InFlight(draft, targets)),
        (Guards.PdMembersHealthy, (_, pd, targets) => pd is null ? null : IllVoter(pd, targets)),
        (Guards.StoresUp, (_, pd, targets) => pd is null ? null : StoreNotUp(pd, targets)),
        (Guards.LeadersBack, (draft, pd, targets) => pd is null ? null : Evictions.Others(draft, pd, targets)),
        (Guards.PdMajorityAfter, Only(Component.Pd, (_, pd, targets) => pd is null ? null : Voters(pd, targets))),
        (Guards.RegionsWhole, Only(Component.Tikv, (_, pd, _) => pd is null ? null : Replicas(pd))),
        (Guards.ServersServe, Only(Component.Tidb, (draft, _, targets) => Servers(draft, targets)))
    ];

    /// <summary>Null when they may be taken; else why not, as a sentence without a full stop.</summary>
    public static string? WhyNot(Draft draft, params IReadOnlyList<Member> targets)
    {
        if (targets.All(target => target.State == MemberState.Down))
            return null;
        var component = targets[0].Component.Name;
        var pd = PdFacts.Of(draft.Seen);
        foreach (var (guard, check) in Checks)
        {
            if (check(draft, pd, targets) is { } why && !Override.Lifts(draft.Seen, guard, component))
                return why;
        }

        return targets.Count > 1 && pd is not null ? FailureDomains.WhyNotTogether(draft, pd, targets) : null;
    }

    private static Check Only(string component, Check check) =>
        (draft, pd, targets) => targets[0].Component.Name == component ? check(draft, pd, targets) : null;

    private static string? Majority(Draft draft, PdSeen? pd)
    {
        if (pd is null)
            return PdFacts.WhyNoQuorum(draft.Seen) ?? "PD does not answer";
        return pd.HasQuorum ? null : PdFacts.WhyNoQuorum(draft.Seen) ?? "PD has no majority";
    }

    /// <summary>Somebody else is on the way out or back.</summary>
    private static string? InFlight(Draft draft, IReadOnlyList<Member> targets)
    {
        foreach (var member in draft.AllMembers.Where(member => !IsOneOf(member.PodName, targets)))
        {
            if (member.Pod?.Deleting is not null)
                return $"{member.PodName} is stopping";
            if (member.Component.Name == Component.Tidb && IsStarting(draft, member))
                return $"{member.PodName} is starting";
            if (HasJustFallen(member) && !targets.Any(HasJustFallen))
                return $"{member.PodName} is not ready, which the database does not know yet";
        }

        return null;
    }

    /// <summary>
    /// PD calls a store Up for twenty seconds after its process has ended; Kubernetes sees that at once. Between a pod
    /// and its successor there is none. Where the target itself is not ready, as after a change of its probe, this
    /// would keep it from being mended.
    /// </summary>
    private static bool HasJustFallen(Member member) =>
        member is { IsKnownToDatabase: true, State: MemberState.Doubtful } && member.Pod is not { Ready: true };

    private static string? IllVoter(PdSeen pd, IReadOnlyList<Member> targets)
    {
        foreach (var voter in pd.Members.Where(voter => !voter.Healthy))
        {
            var name = voter.Name.Length > 0 ? voter.Name : string.Join(",", voter.PeerUrls);
            if (!targets.Any(target => target.Voter == voter))
                return $"PD member {name} is not healthy";
        }

        return null;
    }

    private static string? StoreNotUp(PdSeen pd, IReadOnlyList<Member> targets)
    {
        foreach (var store in pd.Stores.Where(store => store.State is not ("Up" or "Tombstone")))
        {
            if (!IsOneOf(store.PodName, targets))
                return $"store {store.Id} ({store.PodName}) is {store.State}";
        }

        return null;
    }

    /// <summary>
    /// One that was just made anew, or is about to be, comes back by itself; one broken for long does not count.
    /// </summary>
    private static bool IsStarting(Draft draft, Member member)
    {
        if (member.IsServing)
            return false;
        var before = draft.Seen.Status()?.Tidb?.Members?.GetValueOrDefault(member.PodName);
        var since = member.Pod?.Created ?? (before is { Health: true } ? draft.Seen.Now : before?.LastTransitionTime);
        return since is not null && draft.Seen.Now - since < Patience.ForStarting;
    }

    private static string? Voters(PdSeen pd, IReadOnlyList<Member> targets)
    {
        var left = pd.Members.Count(voter => voter.Healthy && !targets.Any(target => target.Voter == voter));

        // With one member or two there is no moment at which one may be missing, so the best one is when all are well.
        return pd.Members.Count <= 2 || left >= pd.Quorum
            ? null
            : $"{left} of {pd.Members.Count} PD members would be left, {pd.Quorum} are the majority";
    }

    private static string? Replicas(PdSeen pd)
    {
        var stores = pd.Stores.Where(store => store.State == "Up" && !store.IsTiflash).ToList();

        // With fewer stores than replicas every region lacks one for ever: waiting for them would never end.
        if (stores.Count < pd.MaxReplicas)
            return null;
        if (!pd.Regions.Is(out var regions))
            return $"it is not known whether all regions have their replicas: {pd.Regions.WhyUnknown}";
        if (regions.MissingPeers > 0)
            return $"{Count(regions.MissingPeers)} a replica";
        if (regions.DownPeers > 0)
            return $"{Count(regions.DownPeers)} a live replica";
        return regions.PendingPeers > 0 ? $"{Count(regions.PendingPeers)} a replica that has caught up" : null;
    }

    private static string Count(int regions) => regions == 1 ? "one region lacks" : $"{regions} regions lack";

    private static string? Servers(Draft draft, IReadOnlyList<Member> targets)
    {
        var others = draft.Members(Component.Tidb).Where(member => !IsOneOf(member.PodName, targets)).ToList();
        var broken = others.FirstOrDefault(member => !member.IsServing);
        return broken is null ? null : $"{broken.PodName} does not serve, so the others are needed";
    }

    private static bool IsOneOf(string pod, IReadOnlyList<Member> targets) =>
        targets.Any(target => target.PodName == pod);
}
