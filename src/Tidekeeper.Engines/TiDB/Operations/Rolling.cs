using Tidekeeper.Engines.TiDB.Objects;
using Tidekeeper.Engines.TiDB.Steps;

namespace Tidekeeper.Engines.TiDB.Operations;

/// <summary>
/// Restarts of pods that were made from an earlier wish: first those that do not run, then one after another behind the
/// gate. A pod that took the new wish and does not serve ends the walk, so that a bad change costs one pod; taking the
/// change back makes that pod outdated and down, so it is replaced first.
/// </summary>
internal static class Rolling
{
    public static Step Pd(Draft draft) => Decide(draft, Component.Pd, PdLeadership.BeforeStop);

    public static Step Tiflash(Draft draft) => Decide(draft, Component.Tiflash, (_, _, _) => null);

    public static Step Tikv(Draft draft) => Decide(draft, Component.Tikv, EvictedFirst);

    public static Step Tidb(Draft draft) => Decide(draft, Component.Tidb, (_, _, _) => null);

    /// <summary>Whether a member is among those whose turn it is.</summary>
    public static bool IsTarget(Draft draft, Member member) =>
        Targets(draft, draft.Members(member.Component.Name)).Any(one => one.PodName == member.PodName);

    /// <summary>For example <c>restart-tikv-1a2b3c4d</c>: all restarts of a component for one wish.</summary>
    public static string Undertaking(Component component) =>
        $"restart-{component.Name}-{Intent.OfPods(component)[..8]}";

    private static Step Decide(
        Draft draft, string name, Func<Draft, IReadOnlyList<Member>, string, Step?> prepare)
    {
        if (draft.Set(name) is not { Current: { } set } change)
            return new Step.Done();
        var members = draft.Members(name);
        var outdated = members.Where(member => member.IsOutdated && member.Ordinal < change.WantedReplicas).ToList();
        if (outdated.Count == 0 || !HasNewTemplate(change))
            return new Step.Done();
        var broken = outdated.FirstOrDefault(member => member is { State: MemberState.Down, Pod.Deleting: null });
        if (broken is not null)
            return new Step.Do(Stop(change, broken, "it does not run, and the spec has changed since it was made"));
        var step = Walk(draft, change, members, outdated, prepare);
        return step is Step.Hold hold ? hold with { Why = $"{Progress(members, outdated)}; {hold.Why}" } : step;
    }

    private static Step Walk(
        Draft draft, SetChange change, IReadOnlyList<Member> members, List<Member> outdated,
        Func<Draft, IReadOnlyList<Member>, string, Step?> prepare)
    {
        if (members.FirstOrDefault(IsUnsettled) is { } first)
            return new Step.Hold(Unsettled(draft, first), Patience.ForDatabase(draft.Seen)) { Reason = "Restarting" };
        var targets = Targets(draft, members);
        if (targets.Count == 0)
        {
            return new Step.Hold(
                $"it is not known whether {outdated[0].PodName} serves", Patience.ForDatabase(draft.Seen));
        }

        if (Disruption.WhyNot(draft, targets) is { } why)
        {
            return new Step.Hold($"{Names(targets)} is next when this is over: {why}", Patience.ForDatabase(draft.Seen))
            {
                Reason = "NotSafeYet"
            };
        }

        return prepare(draft, targets, Undertaking(change.Component)) ?? new Step.Do(
        [
            .. targets.Select(one => Stop(change, one, $"it runs on an earlier spec; {Progress(members, outdated)}"))
        ]);
    }

    private static string Progress(IReadOnlyList<Member> members, List<Member> outdated) =>
        $"{members.Count - outdated.Count} of {members.Count} pods of {Titles.Of(members[0].Component.Name)} "
        + "have the present spec";

    private static string Names(IReadOnlyList<Member> members) => string.Join(", ", members.Select(one => one.PodName));

    /// <summary>
    /// The members whose turn it is: those for which a restart has been prepared already, else the one with the highest
    /// ordinal, PD's leader last; of TiKV those of its failure domain with it, where that is allowed.
    /// </summary>
    private static IReadOnlyList<Member> Targets(Draft draft, IReadOnlyList<Member> members)
    {
        var pd = PdFacts.Of(draft.Seen);
        var wanted = draft.Set(members.Count > 0 ? members[0].Component.Name : "")?.WantedReplicas ?? 0;
        var candidates = members
            .Where(one => one.Ordinal < wanted)
            .Where(one => one is { IsOutdated: true, Pod.Deleting: null, State: not MemberState.Unknown })
            .OrderBy(one => one.Voter is { } voter && voter.Name == pd?.Leader)
            .ThenByDescending(one => one.Store is { } store && pd?.Evicted.Contains(store.Id) == true)
            .ThenByDescending(one => one.Ordinal).ToList();
        if (candidates.Count == 0 || pd is null || candidates[0].Store is not { } first)
            return [.. candidates.Take(1)];
        var domain = FailureDomains.Of(pd, first);
        var together = candidates
            .Where(one => domain is not null && one.Store is { } store && FailureDomains.Of(pd, store) == domain)
            .Take(FailureDomains.MostTogether(draft)).ToList();
        return together.Count > 1 && FailureDomains.WhyNotTogether(draft, pd, together) is null
            ? together
            : [candidates[0]];
    }

    private static bool HasNewTemplate(SetChange change) =>
        change.Current is { } set && set.ObservedGeneration == set.Generation
        && set.TemplateIntent == Intent.OfPods(change.Component);

    /// <summary>
    /// Made from the present wish and not serving. One that merely has no node and that the database does not count on
    /// yet is an addition that says nothing about the wish, and keeps nobody from taking it.
    /// </summary>
    private static bool IsUnsettled(Member member) =>
        !member.IsOutdated && !member.IsServing
        && (member.IsKnownToDatabase || member.Component.Name == Component.Tidb
            || member.Pod is { UnscheduledReason.Length: 0 });

    private static string Unsettled(Draft draft, Member member)
    {
        var trouble = member.Pod is { } pod ? Pods.Of(draft.Seen, pod) : null;
        return trouble is null
            ? $"{member.PodName} has it and does not serve yet"
            : $"{trouble}; the others keep the earlier spec until it serves";
    }

    private static Act.Delete Stop(SetChange change, Member member, string why) => new(
        "v1", "Pod", member.Pod!.Namespace, member.PodName, member.Pod.Uid, member.Pod.ResourceVersion, why)
    {
        Undertaking = Undertaking(change.Component),
        Together = "restart"
    };

    private static Step? EvictedFirst(Draft draft, IReadOnlyList<Member> targets, string undertaking)
    {
        var pd = PdFacts.Of(draft.Seen)!;
        var steps = targets.Select(one => Evictions.BeforeStop(draft, pd, one, undertaking, "evict")).ToList();
        var acts = steps.SelectMany(step => step?.Wanted ?? []).ToList();
        return acts.Count > 0
            ? new Step.Do(acts)
            : steps.FirstOrDefault(step => step is Step.Hold);
    }
}
