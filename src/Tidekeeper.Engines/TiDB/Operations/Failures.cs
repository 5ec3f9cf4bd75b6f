using Tidekeeper.Engines.TiDB.Adoption;
using Tidekeeper.Engines.TiDB.Objects;
using Tidekeeper.Engines.TiDB.Steps;
using Tidekeeper.Model.Admin.TiDB;
using Tidekeeper.Model.Crds;

namespace Tidekeeper.Engines.TiDB.Operations;

/// <summary>
/// The life of a failure, kept in the status: Suspect until it has lasted, Confirmed, Replacing, and Cleaning when the
/// member serves again. Each look at the cluster takes the next step, and any of them may be back.
/// </summary>
internal static class Failures
{
    public const string Suspect = "Suspect";
    public const string Confirmed = "Confirmed";
    public const string Replacing = "Replacing";
    public const string Cleaning = "Cleaning";

    private const int DefaultMost = 3;

    public static int Most(Component component) => component.Replicated?.MaxFailoverCount ?? DefaultMost;

    /// <summary>How long a member must have failed before another takes its place.</summary>
    public static TimeSpan Period(TidbSeen seen, Component component) =>
        GoDuration.Parse(component.Replicated?.FailoverPeriod) ?? seen.Platform.FailoverPeriod(component.Name);

    /// <summary>As remembered, in the order of their keys.</summary>
    public static IReadOnlyList<FailureRecord> Records(TidbSeen seen, string component)
    {
        var status = seen.Status();
        IEnumerable<FailureRecord>? records = component switch
        {
            Component.Pd => status?.Pd?.FailureMembers?.Values,
            Component.Tikv => status?.Tikv?.FailureStores?.Values,
            Component.Tiflash => status?.Tiflash?.FailureStores?.Values,
            Component.Tidb => status?.Tidb?.FailureMembers?.Values,
            _ => null
        };
        return [.. records ?? []];
    }

    /// <summary>
    /// How many replicas there are to be beyond the declared ones. The records are those of the last look: for one
    /// whose pod is ready again by now nobody is added any more; who was added leaves by the record's own end.
    /// </summary>
    public static int Additional(TidbSeen seen, Component component, int current)
    {
        var records = Records(seen, component.Name)
            .Where(one => one is { Additional: true, Phase: Confirmed or Replacing }).ToList();
        var away = records.Count(one => !seen.Pods.Any(pod => pod.Name == one.PodName && pod.Ready));
        var added = Math.Clamp(current - component.Replicas, 0, records.Count);
        return Math.Min(Most(component), Math.Max(away, added));
    }

    public static FailureRecord? Of(Draft draft, Member member) =>
        Records(draft.Seen, member.Component.Name).FirstOrDefault(one => one.PodName == member.PodName);

    public static SortedDictionary<string, PdFailureMember>? OfPd(Draft draft)
    {
        if (RecordsOfV1.AreToStay(draft.Seen))
            return draft.Seen.Cluster.Status?.Pd?.FailureMembers;
        var before = draft.Seen.Status()?.Pd?.FailureMembers;
        if (draft.Set(Component.Pd)?.Current is null || PdFacts.Of(draft.Seen) is not { } pd)
            return before;
        var records = new SortedDictionary<string, PdFailureMember>(StringComparer.Ordinal);
        foreach (var member in draft.Members(Component.Pd))
        {
            var old = before?.GetValueOrDefault(member.PodName);
            if (member.Voter is { } voter && old is not null && old.MemberID != voter.Id)
                old = old with { MemberID = voter.Id, MemberDeleted = null };
            var fresh = new PdFailureMember { PodName = member.PodName, MemberID = member.Voter?.Id };
            var next = member.Voter is null ? Removed(old, draft) : Next(draft, member, old, fresh);
            if (next is PdFailureMember record)
                records[member.PodName] = record;
        }

        foreach (var voter in UnstartedMembers.Of(pd))
        {
            records[voter.PodName] = before?.GetValueOrDefault(voter.PodName) is { } old && old.MemberID == voter.Id
                ? old
                : UnstartedMembers.Record(voter, draft.Seen.Now);
        }

        return records.Count > 0 ? records : null;
    }

    public static SortedDictionary<string, TidbFailureMember>? OfTidb(Draft draft)
    {
        if (RecordsOfV1.AreToStay(draft.Seen))
            return draft.Seen.Cluster.Status?.Tidb?.FailureMembers;
        var before = draft.Seen.Status()?.Tidb?.FailureMembers;
        if (draft.Set(Component.Tidb)?.Current is null)
            return before;
        var records = new SortedDictionary<string, TidbFailureMember>(StringComparer.Ordinal);
        foreach (var member in draft.Members(Component.Tidb))
        {
            var fresh = new TidbFailureMember { PodName = member.PodName };
            var old = before?.GetValueOrDefault(member.PodName);
            if (Next(draft, member, old, fresh) is TidbFailureMember record)
                records[member.PodName] = record;
        }

        return records.Count > 0 ? records : null;
    }

    public static SortedDictionary<string, FailureStore>? OfStores(
        Draft draft, string component, SortedDictionary<string, FailureStore>? before)
    {
        if (RecordsOfV1.AreToStay(draft.Seen))
        {
            var status = draft.Seen.Cluster.Status;
            return component == Component.Tikv ? status?.Tikv?.FailureStores : status?.Tiflash?.FailureStores;
        }

        if (draft.Set(component)?.Current is null || PdFacts.Of(draft.Seen) is not { } pd)
            return before;
        var records = new SortedDictionary<string, FailureStore>(StringComparer.Ordinal);
        var stores = pd.Stores.Where(one => one.State != "Tombstone" && PdFacts.IsOf(draft.Seen, one, component));
        var ids = stores.Select(one => one.Id).Union(before?.Keys.AsEnumerable() ?? [], StringComparer.Ordinal);
        foreach (var id in ids)
        {
            var old = before?.GetValueOrDefault(id);
            var store = pd.Stores.FirstOrDefault(one => one.Id == id);
            var pod = store?.PodName ?? old?.PodName;
            if (draft.Members(component).FirstOrDefault(one => one.PodName == pod) is not { } member)
                continue;
            var fresh = new FailureStore { PodName = pod, StoreID = id };
            var next = member.Store?.Id == id
                ? Next(draft, member, old, fresh)
                : Forgotten(draft, member, old, store?.PhysicallyDestroyed == true ? fresh : null);
            if (next is FailureStore record)
                records[id] = record;
        }

        return records.Count > 0 ? records : null;
    }

    private static FailureRecord? Next(Draft draft, Member member, FailureRecord? before, FailureRecord fresh)
    {
        if (member.Ordinal >= draft.Set(member.Component.Name)!.WantedReplicas)
            return null;
        if (member.IsServing)
            return End(draft, member, before);
        var now = draft.Seen.Now;
        var may = Most(member.Component) > 0;
        if (LostData.Of(draft, member) is { } lost)
            return In(may ? Replacing : Confirmed, before ?? fresh, lost, now);
        var why = Suspicion.Of(draft, member);
        if (before?.Phase is Confirmed or Replacing)
        {
            return may || before.Additional != true
                ? Told(draft, member, Grown(draft, member, before), why ?? before.Why)
                : In(Cleaning, before, before.Why, now);
        }

        if (why is null)
            return before?.Phase == Cleaning ? End(draft, member, before) : null;
        var suspect = before?.Phase == Suspect ? before : In(Suspect, fresh, why, now) with { CreatedAt = now };
        suspect = Told(draft, member, suspect, why);
        return now - suspect.CreatedAt >= Period(draft.Seen, member.Component) && MayConfirm(draft, member)
            ? In(Confirmed, suspect, why, now) with { Additional = member.Component.Name == Component.Pd ? null : true }
            : suspect;
    }

    /// <summary>PD has forgotten the store: it is replaced when another one serves in its place.</summary>
    private static FailureStore? Forgotten(Draft draft, Member member, FailureStore? before, FailureStore? fresh)
    {
        if (member.IsServing)
            return End(draft, member, before) as FailureStore;
        if ((before?.StoreDeleted == true ? before : null) is { } known)
            return known;
        return (before ?? fresh) is { } record && (fresh is not null || before?.Phase == Replacing)
            ? (FailureStore)In(Replacing, record, record.Why ?? "its data is gone", draft.Seen.Now) with
            {
                StoreDeleted = true,
                Since = draft.Seen.Now
            }
            : null;
    }

    /// <summary>PD has forgotten the member; where its data may have been lost another one is added.</summary>
    private static PdFailureMember? Removed(PdFailureMember? before, Draft draft) => before switch
    {
        { MemberDeleted: true } => before,
        { Phase: Confirmed } => (PdFailureMember)In(Replacing, before, before.Why, draft.Seen.Now) with
        {
            MemberDeleted = true,
            Additional = true
        },
        { Phase: Replacing } => before with { MemberDeleted = true },
        _ => null
    };

    private static FailureRecord? End(Draft draft, Member member, FailureRecord? before)
    {
        if (before is not { Additional: true })
            return null;
        var set = draft.Set(member.Component.Name)!;
        var isClean = before.Phase == Cleaning && set.Current!.Replicas <= set.WantedReplicas;
        return isClean ? null : In(Cleaning, before, before.Why, draft.Seen.Now);
    }

    private static FailureRecord Grown(Draft draft, Member member, FailureRecord before)
    {
        var set = draft.Set(member.Component.Name)!;
        return before is { Phase: Confirmed, Additional: true } && set.Current!.Replicas >= set.WantedReplicas
            && set.WantedReplicas > set.Component.Replicas
            ? In(Replacing, before, before.Why, draft.Seen.Now)
            : before;
    }

    /// <summary>Whether another may take its place: there is a majority, and the budget is not used up.</summary>
    public static bool MayConfirm(Draft draft, Member member) =>
        member.Ordinal < member.Component.Replicas
        && PdFacts.WhyNoQuorum(draft.Seen) is null
        && Records(draft.Seen, member.Component.Name).Count(one => one.Phase is Confirmed or Replacing)
            < Most(member.Component);

    private static FailureRecord Told(Draft draft, Member member, FailureRecord record, string? why) => record with
    {
        Why = why,
        HostDown = Suspicion.NodeTrouble(draft, member) is null ? null : true
    };

    private static FailureRecord In(string phase, FailureRecord record, string? why, DateTimeOffset now) =>
        record with
        {
            Phase = phase,
            Why = why,
            CreatedAt = record.CreatedAt ?? now,
            Since = record.Phase == phase ? record.Since : now
        };
}
