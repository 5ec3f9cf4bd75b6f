using Tidekeeper.Engines.TiDB.Control;
using Tidekeeper.Engines.TiDB.Objects;
using Tidekeeper.Engines.TiDB.Steps;

namespace Tidekeeper.Engines.TiDB.Operations;

/// <summary>
/// Restarts of pods that were made from an earlier wish: first those that do not run, then one after another behind the
/// gate. A pod that took the new wish and does not serve ends the walk, so that a bad change costs one pod; taking the
/// change back makes that pod outdated and down, so it is replaced first. A pod whose annotation asks for a restart
/// goes the same way.
/// </summary>
internal static class Rolling
{
    public static Step Pd(Draft draft) => Decide(draft, Component.Pd, PdLeadership.BeforeStop);

    public static Step Tiflash(Draft draft) => Decide(draft, Component.Tiflash, (_, _, _) => null);

    public static Step Tikv(Draft draft) => Decide(draft, Component.Tikv, EvictedFirst);

    public static Step Tidb(Draft draft) => Decide(draft, Component.Tidb, (_, _, _) => null);

    /// <summary>
    /// Whether a member is among those whose turn it is. While its component waits for an earlier one it is nobody's.
    /// </summary>
    public static bool IsTarget(Draft draft, Member member) =>
        !Approvals.IsMissing(draft.Seen, Undertaking(member)) && !WaitsForEarlier(draft, member)
        && Targets(draft, draft.Members(member.Component.Name)).Any(one => one.PodName == member.PodName);

    /// <summary>For example <c>restart-tikv-1a2b3c4d</c>: all restarts of a component for one wish.</summary>
    public static string Undertaking(Component component) =>
        $"restart-{component.Name}-{Intent.ShortOfPods(component)}";

    /// <summary>That, or <c>restart-basic-tikv-2</c> for a pod that is named itself.</summary>
    public static string Undertaking(Member member) =>
        member.IsWished ? $"restart-{member.PodName}" : Undertaking(member.Component);

    /// <summary>
    /// The members to restart, in the order of their turns: those that may go on before those that wait for approval,
    /// PD's leader last, those for which a restart has been prepared first, then from the highest ordinal down.
    /// </summary>
    public static IEnumerable<Member> InTurn(Draft draft, IReadOnlyList<Member> members)
    {
        var pd = PdFacts.Of(draft.Seen);
        var wanted = draft.Set(members.Count > 0 ? members[0].Component.Name : "")?.WantedReplicas ?? 0;
        return members.Where(one => one.IsDue && one.Ordinal < wanted)
            .OrderBy(one => Approvals.IsMissing(draft.Seen, Undertaking(one)))
            .ThenBy(one => one.Voter is { } voter && voter.Name == pd?.Leader)
            .ThenByDescending(one => one.Store is { } store && pd?.Evicted.Contains(store.Id) == true)
            .ThenByDescending(one => one.Ordinal);
    }

    /// <summary>
    /// The template that it shall be made from comes after another component's. To keep its leaders away until then
    /// would keep that component from being restarted.
    /// </summary>
    private static bool WaitsForEarlier(Draft draft, Member member) =>
        !member.IsWished && draft.Set(member.Component.Name) is { Verdict: SetVerdict.Changed } change
        && Succession.WhyNotYet(draft, change) is not null;

    private static Step Decide(
        Draft draft, string name, Func<Draft, IReadOnlyList<Member>, string, Step?> prepare)
    {
        if (draft.Set(name) is not { Current: { } set } change)
            return new Step.Done();
        var members = draft.Members(name);
        var isNew = HasNewTemplate(change);
        // Who asks for a restart gets the newest template, which the StatefulSet gets first.
        var isNewest = change.Verdict != SetVerdict.Adopted && set.ObservedGeneration == set.Generation;
        var due = InTurn(draft, members)
            .Where(member => (member.IsOutdated && isNew) || (member.IsWished && isNewest)).ToList();
        if (due.Count == 0)
            return new Step.Done();
        var broken = due.Where(member => member is { State: MemberState.Down, Pod.Deleting: null })
            .OrderBy(member => Approvals.IsMissing(draft.Seen, Undertaking(member)))
            .ThenBy(member => member.Ordinal).FirstOrDefault();
        if (broken is not null)
        {
            return new Step.Do(Stop(broken, broken.IsOutdated
                ? "it does not run, and the spec has changed since it was made"
                : "it does not run, and an annotation of it asks for a restart"));
        }

        var step = Walk(draft, members, due, prepare);
        return step is Step.Hold hold && due.Any(member => member.IsOutdated)
            ? hold with { Why = $"{Progress(members)}; {hold.Why}" }
            : step;
    }

    private static Step Walk(
        Draft draft, IReadOnlyList<Member> members, List<Member> due,
        Func<Draft, IReadOnlyList<Member>, string, Step?> prepare)
    {
        if (members.FirstOrDefault(IsUnsettled) is { } first)
        {
            return new Step.Hold(Unsettled(draft, first), Patience.ForDatabase(draft.Seen))
            {
                Reason = TidbReasons.Restarting
            };
        }

        var targets = Targets(draft, members);
        if (targets.Count == 0)
        {
            return new Step.Hold(
                $"it is not known whether {due[0].PodName} serves", Patience.ForDatabase(draft.Seen));
        }

        if (Disruption.WhyNot(draft, targets) is { } why)
        {
            return new Step.Hold($"{Names(targets)} is next when this is over: {why}", Patience.ForDatabase(draft.Seen))
            {
                Reason = TidbReasons.NotSafeYet
            };
        }

        return prepare(draft, targets, Undertaking(targets[0])) ?? new Step.Do(
        [
            .. targets.Select(one => Stop(one, one.IsOutdated
                ? $"it runs on an earlier spec; {Progress(members)}"
                : "an annotation of it asks for a restart") with { Together = Names(targets) })
        ]);
    }

    private static string Progress(IReadOnlyList<Member> members) =>
        $"{members.Count(one => !one.IsOutdated)} of {members.Count} pods of "
        + $"{Titles.Of(members[0].Component.Name)} have the present spec";

    private static string Names(IReadOnlyList<Member> members) => string.Join(", ", members.Select(one => one.PodName));

    /// <summary>
    /// The member whose turn it is; of TiKV those of its failure domain with it, where that is allowed.
    /// </summary>
    private static IReadOnlyList<Member> Targets(Draft draft, IReadOnlyList<Member> members)
    {
        var pd = PdFacts.Of(draft.Seen);
        var candidates = InTurn(draft, members)
            .Where(one => one is { Pod.Deleting: null, State: not MemberState.Unknown }).ToList();
        if (candidates.Count == 0 || pd is null || candidates[0].Store is not { } first)
            return [.. candidates.Take(1)];
        var domain = FailureDomains.Of(pd, first);
        var together = candidates
            .Where(one => domain is not null && one.Store is { } store && FailureDomains.Of(pd, store) == domain)
            .Where(one => Undertaking(one) == Undertaking(candidates[0]))
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
        !member.IsDue && !member.IsServing
        && (member.IsKnownToDatabase || member.Component.Name == Component.Tidb
            || member.Pod is { UnscheduledReason.Length: 0 });

    private static string Unsettled(Draft draft, Member member)
    {
        var trouble = member.Pod is { } pod ? Pods.Of(draft.Seen, pod) : null;
        return trouble is null
            ? $"{member.PodName} has it and does not serve yet"
            : $"{trouble}; the others keep the earlier spec until it serves";
    }

    private static Act.Delete Stop(Member member, string why) => new(
        "v1", "Pod", member.Pod!.Namespace, member.PodName, member.Pod.Uid, member.Pod.ResourceVersion, why)
    {
        Undertaking = Undertaking(member)
    };

    private static Step? EvictedFirst(Draft draft, IReadOnlyList<Member> targets, string first)
    {
        var pd = PdFacts.Of(draft.Seen)!;
        var steps = targets.Select(one => Evictions.BeforeStop(draft, pd, one, Undertaking(one), "evict"))
            .ToList();
        var acts = steps.SelectMany(step => step?.Wanted ?? []).ToList();
        return acts.Count > 0
            ? new Step.Do(acts)
            : steps.FirstOrDefault(step => step is Step.Hold);
    }
}
