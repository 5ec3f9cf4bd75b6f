using Tidekeeper.Engines.TiDB.Objects;
using Tidekeeper.Engines.TiDB.Operations;
using Tidekeeper.Engines.TiDB.Steps;

namespace Tidekeeper.Engines.TiDB.Control;

/// <summary>Since when the database calls a member down. The status remembers when that turned.</summary>
internal static class Evidence
{
    /// <summary>Null when it does not call it down, or says nothing.</summary>
    public static DateTimeOffset? DownSince(Draft draft, Member member)
    {
        var before = draft.Seen.Status();
        return member.Component.Name switch
        {
            Component.Pd => member.Voter is { Healthy: false } voter
                ? Turned(draft, before?.Pd?.Members?.GetValueOrDefault(voter.Name) is { Health: false } old
                    ? old.LastTransitionTime
                    : null)
                : null,
            Component.Tikv => Store(draft, member, before?.Tikv?.Stores),
            Component.Tiflash => Store(draft, member, before?.Tiflash?.Stores),
            Component.Tidb => IsDownServer(draft, member)
                ? Turned(draft, before?.Tidb?.Members?.GetValueOrDefault(member.PodName) is { Health: false } old
                    ? old.LastTransitionTime
                    : null)
                : null,
            _ => null
        };
    }

    private static DateTimeOffset? Store(
        Draft draft, Member member, SortedDictionary<string, Model.Crds.StoreStatus>? before)
    {
        if (member.Store is not { State: "Disconnected" or "Down" } store)
            return null;

        var old = before?.GetValueOrDefault(store.Id);
        var seen = Turned(draft, old?.State is "Disconnected" or "Down" ? old.LastTransitionTime : null);

        // Where Kubernetes agrees, PD's clock tells when it heard of it last: from Disconnected to Down is no
        // second failure. A PD that leads since a moment ago has heard of nobody yet: against Kubernetes that is void.
        return member.Pod is { Ready: true } ? seen : store.LastHeartbeat ?? seen;
    }

    /// <summary>Its status port answers that it is ill, or does not answer while Kubernetes finds the same.</summary>
    private static bool IsDownServer(Draft draft, Member member)
    {
        if (member.Pod is null || !draft.Seen.TidbHealth.TryGetValue(member.PodName, out var known))
            return false;
        return known.Is(out var health) ? !health.Healthy : !member.Pod.Ready;
    }

    private static DateTimeOffset Turned(Draft draft, DateTimeOffset? before) => before ?? draft.Seen.Now;
}
