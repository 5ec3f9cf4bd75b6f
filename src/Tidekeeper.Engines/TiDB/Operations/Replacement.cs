using Tidekeeper.Engines.TiDB.Objects;
using Tidekeeper.Engines.TiDB.Steps;

namespace Tidekeeper.Engines.TiDB.Operations;

/// <summary>
/// The database is told to forget a member whose data is gone, so that its pod may begin anew in its place; and PD is
/// told to forget one that stays away, as it would count towards the majority. Only while the others are enough.
/// </summary>
internal static class Replacement
{
    public static Step Pd(Draft draft) => First(draft, Component.Pd, VoterLost);

    public static Step Tikv(Draft draft) => First(draft, Component.Tikv, StoreLost);

    public static Step Tiflash(Draft draft) => First(draft, Component.Tiflash, StoreLost);

    public static Step Of(Draft draft, string component) => component switch
    {
        Component.Pd => Pd(draft),
        Component.Tikv => Tikv(draft),
        Component.Tiflash => Tiflash(draft),
        _ => new Step.Done()
    };

    /// <summary>For example <c>replace-basic-tikv-1</c>.</summary>
    public static string Undertaking(string pod) => $"replace-{pod}";

    public static Act.Ask Drop(Draft draft, PdMemberSeen voter, string pod, string why)
    {
        var call = new AdminCall(
            "DELETE", $"{TidbNames.PdUrl(draft.Seen.Cluster)}/pd/api/v1/members/id/{voter.Id}", null,
            $"PD to drop member {(voter.Name.Length > 0 ? voter.Name : voter.Id)}");
        return new Act.Ask(call, why) { MovesLoad = true, Undertaking = Undertaking(pod) };
    }

    private static Step First(Draft draft, string component, Func<Draft, Member, Step?> decide) =>
        draft.Set(component) is { Current: not null } change
            ? draft.Members(component).Where(one => one.Ordinal < change.WantedReplicas)
                .Select(one => decide(draft, one)).FirstOrDefault(step => step is not null) ?? new Step.Done()
            : new Step.Done();

    private static Step? VoterLost(Draft draft, Member member)
    {
        if (member.Voter is not { } voter || PdFacts.Of(draft.Seen) is not { } pd)
            return null;
        var lost = LostData.Of(draft, member);
        var record = Failures.Of(draft, member);
        if (lost is null && (record?.Phase != Failures.Confirmed || member.State != MemberState.Down))
            return null;
        var why = lost ?? record!.Why ?? "";
        if (Failures.Most(member.Component) == 0)
            return NotAllowed(member, why, $"pd-ctl member delete id {voter.Id}");
        if (pd.HealthyMembers < pd.Quorum || pd.Leader.Length == 0)
        {
            return new Step.Hold(
                $"{member.PodName}: {why}; without a majority PD cannot drop it: {PdFacts.WhyNoQuorum(draft.Seen)}",
                Patience.ForDatabase(draft.Seen))
            {
                Reason = TidbReasons.PDQuorumLost
            };
        }

        // Data that is on an unreachable disk must not come back as a member that PD has forgotten.
        var comesBack = lost is null || LostData.KeepsPodWaiting(draft, member);
        return new Step.Do(
        [
            .. comesBack ? LeftoverClaims.Mark(draft, member) : [],
            Drop(draft, voter, member.PodName, $"{member.PodName} is lost: {why}")
        ]);
    }

    private static Step? StoreLost(Draft draft, Member member)
    {
        if (member.Store is not { } store || LostData.Of(draft, member) is not { } why)
            return null;
        var url = $"{TidbNames.PdUrl(draft.Seen.Cluster)}/pd/api/v1/store/{store.Id}?force=true";
        if (Failures.Most(member.Component) == 0)
            return NotAllowed(member, why, $"curl -X DELETE '{url}'");
        if (WhyNot(draft, store) is { } hold)
            return hold with { Why = $"{member.PodName} has lost its data: {why}; {hold.Why}" };
        var call = new AdminCall(
            "DELETE", url, null, $"PD to give up store {store.Id} ({member.PodName})");
        return new Step.Do(
        [
            .. LostData.KeepsPodWaiting(draft, member) ? LeftoverClaims.Mark(draft, member) : [],
            new Act.Ask(call, $"its data is gone: {why}")
            {
                MovesLoad = true,
                Undertaking = Undertaking(member.PodName)
            }
        ]);
    }

    /// <summary>Giving up a replica is safe while each region keeps its majority on the other stores.</summary>
    private static Step.Hold? WhyNot(Draft draft, StoreSeen lost)
    {
        if (PdFacts.Of(draft.Seen) is not { HasQuorum: true } pd)
        {
            return new Step.Hold(
                PdFacts.WhyNoQuorum(draft.Seen) ?? "PD has no majority", Patience.ForDatabase(draft.Seen));
        }

        // TiFlash holds copies that it makes anew from TiKV.
        if (lost.IsTiflash || lost.Regions == 0)
            return null;
        if (pd.MaxReplicas < 3)
        {
            return Person($"PD keeps {pd.MaxReplicas} replicas of every region, so its {lost.Regions} regions are lost "
                + "with it: restore them from a backup");
        }

        var missing = pd.Stores.FirstOrDefault(one =>
            one.Id != lost.Id && one is { IsTiflash: false, Regions: > 0 } && one.State is not ("Up" or "Tombstone"));
        if (missing is { State: "Down" })
        {
            return Person($"store {missing.Id} ({missing.PodName}) is Down too, so regions may have lost their "
                + $"majority: bring it back, or see pd-ctl unsafe remove-failed-stores {missing.Id},{lost.Id}");
        }

        if (missing is not null)
        {
            return new Step.Hold(
                $"it is replaced when this is over: store {missing.Id} ({missing.PodName}) is {missing.State}",
                Patience.ForDatabase(draft.Seen))
            {
                Reason = TidbReasons.NotSafeYet
            };
        }

        if (!pd.Regions.Is(out var regions))
        {
            return new Step.Hold(
                $"it is not known whether all regions have their replicas: {pd.Regions.WhyUnknown}",
                Patience.ForDatabase(draft.Seen));
        }

        // With fewer stores than replicas every region lacks one for ever.
        var stores = pd.Stores.Count(one => one is { IsTiflash: false } && one.State != "Tombstone");
        return regions.MissingPeers == 0 || stores < pd.MaxReplicas
            ? null
            : new Step.Hold(
                $"it is replaced when the {regions.MissingPeers} regions that lack a replica have it (if their number "
                + "does not fall, this store was the only one that had them: restore them from a backup)",
                Patience.ForDatabase(draft.Seen))
            {
                Reason = TidbReasons.NotSafeYet
            };
    }

    private static Step.Hold Person(string why) =>
        new(why, Patience.ForKubernetes) { Reason = TidbReasons.DataLost, NeedsPerson = true };

    private static Step.Hold NotAllowed(Member member, string why, string command) => new(
        $"{member.PodName} is lost: {why}; spec.{member.Component.Name}.maxFailoverCount is 0, so it is not replaced "
        + $"by itself: set it to 1, or run {command}", Patience.ForPeople)
    {
        Reason = TidbReasons.FailoverNotAllowed,
        NeedsPerson = true
    };
}
