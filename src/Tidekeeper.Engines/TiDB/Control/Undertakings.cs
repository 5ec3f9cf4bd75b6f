using Tidekeeper.Engines.TiDB.Objects;
using Tidekeeper.Engines.TiDB.Operations;
using Tidekeeper.Engines.TiDB.Steps;
using Tidekeeper.Model.Crds;

namespace Tidekeeper.Engines.TiDB.Control;

/// <summary>
/// What may interrupt somebody and is wanted: also what comes later, so that a person can see and approve the whole of
/// a change at once. What a step wants under a name that is not known here is listed in the act's own words.
/// </summary>
internal static class Undertakings
{
    /// <summary>In the order in which they come; null when there is none.</summary>
    public static IReadOnlyList<UndertakingStatus>? Of(Draft draft, Plan plan)
    {
        var listed = Removals(draft, plan).Concat(Restarts(draft, plan)).ToList();
        listed.AddRange(Evictions.WithWish(draft).Select(member => Listed(
            draft, plan, Evictions.WishUndertaking(member), Component.Tikv,
            $"move the leaders away from {member.PodName} and keep them away, as an annotation of the pod asks for",
            begun: false, "EvictLeaders")));
        foreach (var act in plan.Acts.Concat(plan.Holds.SelectMany(hold => hold.Hold.HeldBack)))
        {
            if (act.Undertaking.Length > 0 && listed.All(one => one.Name != act.Undertaking))
            {
                listed.Add(Listed(
                    draft, plan, act.Undertaking, Subjects.ComponentOf(draft, act), act.Describe(), begun: false,
                    null));
            }
        }

        return listed.Count > 0 ? listed : null;
    }

    private static IEnumerable<UndertakingStatus> Removals(Draft draft, Plan plan)
    {
        foreach (var component in (string[])[Component.Tidb, Component.Tiflash, Component.Tikv, Component.Pd])
        {
            if (ScaleIn.Leaver(draft, component) is null)
                continue;
            var change = draft.Set(component)!;
            var pods = draft.Members(component).Where(member => member.Ordinal >= change.WantedReplicas).Reverse();
            var title = Titles.Of(component);
            var how = component switch
            {
                Component.Tidb => "each drains before it ends",
                Component.Pd => "PD drops each member before its pod goes",
                _ => "PD empties each store before its pod goes"
            };
            var begun = draft.Members(component).Any(member => member.Store is { State: "Offline" });
            yield return Listed(
                draft, plan, ScaleIn.Undertaking(change), component,
                $"take {Names(pods)} of {title} away, one after another; {how}", begun, $"ScaleIn{title}");
        }
    }

    private static IEnumerable<UndertakingStatus> Restarts(Draft draft, Plan plan)
    {
        foreach (var component in Succession.Order)
        {
            if (draft.Set(component) is not { Current: not null } change)
                continue;
            var members = draft.Members(component);
            var due = Rolling.InTurn(draft, members).ToList();
            var outdated = due.Where(member => !member.IsWished).ToList();
            if (outdated.Count > 0)
            {
                var present = members.Count(member => member is { Pod: not null, IsOutdated: false });
                yield return Listed(
                    draft, plan, Rolling.Undertaking(outdated[0]), component, WhatOf(draft, change, outdated),
                    begun: present > 0 || Evictions.IsUnderWay(draft, outdated), $"Restart{Titles.Of(component)}");
            }

            foreach (var member in due.Where(member => member.IsWished))
            {
                yield return Listed(
                    draft, plan, Rolling.Undertaking(member), component,
                    $"restart {member.PodName}, as an annotation of the pod asks for",
                    Evictions.IsUnderWay(draft, [member]), $"Restart{Titles.Of(component)}");
            }
        }
    }

    private static string WhatOf(Draft draft, SetChange change, List<Member> outdated)
    {
        var pods = outdated.Count == 1 ? "1 pod" : $"{outdated.Count} pods";
        var isNew = outdated.Any(member => member.Pod is { Images.Count: > 0 } pod
            && pod.Images.All(one => one.Image != change.Component.Image));
        var image = isNew ? $" with {change.Component.Image}" : "";
        var how = change.Component.Name switch
        {
            Component.Pd => ", one by one, the leader last and after a hand-over",
            Component.Tikv when FailureDomains.MostTogether(draft) > 1 =>
                ", those of one failure domain together where that is safe; leaders leave each first",
            Component.Tikv => ", one by one; leaders leave each first",
            _ => ", one by one"
        };
        return $"restart {pods} of {Titles.Of(change.Component.Name)}{image}: {Names(outdated)}{how}";
    }

    private static UndertakingStatus Listed(
        Draft draft, Plan plan, string name, string? component, string what, bool begun, string? step)
    {
        var paused = component is not null ? Pauses.Of(draft.Seen.Cluster, component) : null;
        var acts = plan.Acts.Any(act => act.Undertaking == name);
        var (state, why) = (paused, Approvals.IsMissing(draft.Seen, name), begun || acts) switch
        {
            (not null, _, _) => ("Paused", $"{paused} is true"),
            (_, true, _) => ("NeedsApproval", $"tide approve {draft.Seen.Cluster.Metadata.Name} {name}"),
            (_, _, true) => ("UnderWay", WhyOf(plan, step)),
            _ => ("Waiting", WhyOf(plan, step) ?? WhyOf(plan, component is null ? null : Titles.Of(component)))
        };
        return new UndertakingStatus
        {
            Name = name,
            What = what,
            State = state,
            Why = why,
            Since = draft.Seen.Status()?.Plan?.FirstOrDefault(one => one.Name == name)?.Since ?? draft.Seen.Now
        };
    }

    private static string? WhyOf(Plan plan, string? step) =>
        plan.Holds.FirstOrDefault(hold => hold.Name == step).Hold?.Why;

    private static string Names(IEnumerable<Member> members) =>
        string.Join(", ", members.Select(member => member.PodName));
}
