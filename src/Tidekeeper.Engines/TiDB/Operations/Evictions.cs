using System.Globalization;
using System.Text.Json.Nodes;
using Tidekeeper.Engines.TiDB.Objects;
using Tidekeeper.Engines.TiDB.Steps;
using Tidekeeper.Model.Admin.TiDB;
using Tidekeeper.Model.Crds;
using Tidekeeper.Model.Kubernetes;

namespace Tidekeeper.Engines.TiDB.Operations;

/// <summary>
/// Leaders leave a store before it stops, and come back before the next one's turn. PD holds what is under way (its
/// evict-leader schedulers); the status remembers since when, and how many leaders there were.
/// </summary>
internal static class Evictions
{
    /// <summary>A restart by the operator.</summary>
    public const string ForRestart = "restart";

    /// <summary>An annotation of the pod asks for it; the value is the annotation's, as in v1.</summary>
    public const string ForWish = "none";

    /// <summary>Somebody else's: the operator has no record of having begun it.</summary>
    public const string Unknown = "unknown";

    private const int TooFewToWaitFor = 200;
    private static readonly TimeSpan ReportEvery = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan StalledAfter = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan SweptAfter = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromMinutes(1500);
    private static readonly TimeSpan DefaultReturn = TimeSpan.FromSeconds(400);

    /// <summary>Why a store other than the targets is without its leaders; null when none is.</summary>
    public static string? Others(Draft draft, PdSeen pd, IReadOnlyList<Member> targets)
    {
        foreach (var member in draft.Members(Component.Tikv))
        {
            if (member.Store is not { } store || targets.Any(target => target.PodName == member.PodName))
                continue;
            if (pd.Evicted.Contains(store.Id, StringComparer.Ordinal) && !Drains.IsStale(draft, Record(draft, member)))
            {
                // Somebody's wish may stand for days: it is in the way of other stores alone.
                var isWish = member.Pod is { ShallNotLead: true };
                if (isWish && targets.All(target => target.Component.Name != Component.Tikv))
                    continue;
                var wish = isWish ? $", as its annotation {Labels.EvictLeader} says" : "";
                return $"the leaders of {member.PodName} are kept away from it{wish}";
            }

            if (Record(draft, member) is { } record && AwaitsReturn(draft, record, store))
            {
                return $"{member.PodName} gets its leaders back: {store.Leaders} of {record.LeaderCountBefore}";
            }
        }

        return null;
    }

    /// <summary>Whether leaders are kept away from one of them.</summary>
    public static bool IsUnderWay(Draft draft, IReadOnlyList<Member> members) =>
        PdFacts.Of(draft.Seen) is { } pd
        && members.Any(one => one.Store is { } store && pd.Evicted.Contains(store.Id, StringComparer.Ordinal));

    /// <summary>What keeps the leaders of a target from having left; null when it may stop.</summary>
    public static Step? BeforeStop(Draft draft, PdSeen pd, Member target, string undertaking, string together)
    {
        if (target.Store is not { } store || target.State == MemberState.Down)
            return null;

        // Nobody else could lead: with one store there is nothing to prepare.
        if (pd.Stores.Count(one => one.State == "Up" && !one.IsTiflash) < 2)
            return null;
        if (!pd.Evicted.Contains(store.Id, StringComparer.Ordinal))
        {
            var why = $"{store.PodName} {Drains.Why(draft, target)}";
            return new Step.Do(Begin(draft, store, why, undertaking, together));
        }

        return store.Leaders == 0 ? null : Waiting(draft, target, store);
    }

    private static Step.Hold? Waiting(Draft draft, Member target, StoreSeen store)
    {
        var record = Record(draft, target);
        var tikv = draft.Seen.Cluster.Spec.Tikv!;
        var begun = record?.BeginTime ?? draft.Seen.Now;
        var limit = GoDuration.Parse(tikv.EvictLeaderTimeout) ?? DefaultTimeout;
        if (draft.Seen.Now - begun > limit)
            return null;
        var why = Progress(draft, target, store, record);
        var stalled = record?.LastProgressTime is { } last && draft.Seen.Now - last > StalledAfter;
        if (!stalled)
            return new Step.Hold(why, Patience.ForProgress(draft.Seen, begun)) { Reason = TidbReasons.EvictingLeaders };
        if (tikv.UpdatePolicy?.OnStalledEviction == "Proceed")
            return null;
        return new Step.Hold(
            $"{why}; nothing moved for {(int)(draft.Seen.Now - record!.LastProgressTime!.Value).TotalMinutes} min: see "
            + "pd-ctl operator show, or set spec.tikv.updatePolicy.onStalledEviction to Proceed",
            Patience.ForKubernetes)
        {
            Reason = TidbReasons.EvictionStalled
        };
    }

    private static string Progress(Draft draft, Member target, StoreSeen store, EvictLeaderStatus? record)
    {
        var left = record?.LeadersLeft ?? store.Leaders;
        var before = Math.Max(record?.LeaderCountBefore ?? left, left);
        var text = $"{target.PodName} evicting: {left} of {before} leaders left";
        var passed = (record?.LastProgressTime - record?.BeginTime)?.TotalSeconds ?? 0;
        if (passed < 1 || left == before)
            return text;
        var seconds = left * passed / (before - left);
        return seconds < 60 ? $"{text}, less than a minute" : $"{text}, about {Math.Ceiling(seconds / 60):0} min";
    }

    /// <summary>Begins what annotations of pods ask for: one store after another, behind the gate.</summary>
    public static Step Wished(Draft draft)
    {
        var wished = WithWish(draft).FirstOrDefault();
        if (wished?.Store is not { } store)
            return new Step.Done();
        return Disruption.WhyNot(draft, wished) is { } why
            ? new Step.Hold(
                $"{wished.PodName} gives up its leaders when this is over: {why}", Patience.ForDatabase(draft.Seen))
            {
                Reason = TidbReasons.NotSafeYet
            }
            : new Step.Do(Begin(
                draft, store, $"an annotation of {store.PodName} asks for it", WishUndertaking(wished), ""));
    }

    /// <summary>The stores that shall give up their leaders and have not begun to.</summary>
    public static IEnumerable<Member> WithWish(Draft draft) =>
        PdFacts.Of(draft.Seen) is { } pd
            ? draft.Members(Component.Tikv).Where(one => one is { Pod.ShallNotLead: true, Store.State: "Up" }
                && !pd.Evicted.Contains(one.Store.Id, StringComparer.Ordinal))
            : [];

    /// <summary>For example <c>evict-basic-tikv-1</c>.</summary>
    public static string WishUndertaking(Member member) => $"evict-{member.PodName}";

    /// <summary>
    /// Lifts the evictions that have served their purpose: the store is back, or is not to be restarted any more. One
    /// that nobody accounts for is lifted after a while, since it would keep a store idle for ever.
    /// </summary>
    public static Step End(Draft draft)
    {
        if (PdFacts.Of(draft.Seen) is not { } pd)
            return new Step.Done();
        var acts = new List<Act>();
        foreach (var member in draft.Members(Component.Tikv))
        {
            if (member.Store is { } store && pd.Evicted.Contains(store.Id, StringComparer.Ordinal)
                && WhyLifted(draft, member) is { } why)
                acts.Add(Lift(draft, store.Id, $"PD to let store {store.Id} lead again", why));
        }

        acts.AddRange(pd.Evicted.Where(id => !pd.Stores.Any(store => store.Id == id && store.IsKept)).Select(id => Lift(
            draft, id, $"PD to forget that leaders are kept away from store {id}", "there is no such store any more")));
        return acts.Count > 0 ? new Step.Do(acts) : new Step.Done();
    }

    private static Act.Ask Lift(Draft draft, string store, string purpose, string why) => new(
        new AdminCall(
            "DELETE", $"{TidbNames.PdUrl(draft.Seen.Cluster)}/pd/api/v1/schedulers/evict-leader-scheduler-{store}",
            null, purpose), why);

    private static string? WhyLifted(Draft draft, Member member)
    {
        if (!member.IsServing || member.Pod is { ShallNotLead: true } || Rolling.IsTarget(draft, member)
            || Drains.Wanted(draft, member))
            return null;
        var record = Record(draft, member);
        if (record is null || record.Value == Unknown)
        {
            return record?.BeginTime is { } seen && draft.Seen.Now - seen > SweptAfter
                ? $"nobody accounts for keeping leaders from {member.PodName}"
                : null;
        }

        return $"{member.PodName} serves and is not to be restarted";
    }

    /// <summary>What the status remembers, by pod; null when there is nothing.</summary>
    public static SortedDictionary<string, EvictLeaderStatus>? Records(Draft draft, PdSeen pd, Plan plan)
    {
        var records = new SortedDictionary<string, EvictLeaderStatus>(StringComparer.Ordinal);
        foreach (var member in draft.Members(Component.Tikv))
        {
            if (member.Store is { } store && Next(draft, pd, plan, member, store) is { } record)
                records[member.PodName] = record;
        }

        return records.Count > 0 ? records : null;
    }

    private static EvictLeaderStatus? Next(Draft draft, PdSeen pd, Plan plan, Member member, StoreSeen store)
    {
        var now = draft.Seen.Now;
        var record = Record(draft, member);
        var begins = plan.Acts.Any(act => act is Act.Ask { Call.Body: { } body } && IsBegin(body, store));
        var fresh = new EvictLeaderStatus
        {
            PodCreateTime = member.Pod?.Created,
            BeginTime = now,
            Value = Reason(draft, member) is not Unknown and var reason ? reason : ForRestart,
            LeaderCountBefore = store.Leaders,
            LeadersLeft = store.Leaders,
            LastProgressTime = now
        };
        if (begins)
            return record is { EndTime: null } ? record : fresh;
        if (pd.Evicted.Contains(store.Id, StringComparer.Ordinal))
        {
            record ??= fresh with { Value = Reason(draft, member) };
            return Moved(record with { EndTime = null }, store, now);
        }

        if (record is null)
            return null;
        record = record with { EndTime = record.EndTime ?? now };
        var isRemembered = record.Value == Drains.ForDrain && Drains.IsCordoned(draft, member);
        return isRemembered || AwaitsReturn(draft, record, store) ? record : null;
    }

    private static string Reason(Draft draft, Member member)
    {
        if (member.Pod is { ShallNotLead: true })
            return ForWish;
        if (Drains.Wanted(draft, member))
            return Drains.ForDrain;
        return Rolling.IsTarget(draft, member) ? ForRestart : Unknown;
    }

    /// <summary>Told now and then only, as every change of the status is a write.</summary>
    private static EvictLeaderStatus Moved(EvictLeaderStatus record, StoreSeen store, DateTimeOffset now)
    {
        var isNews = store.Leaders < record.LeadersLeft
            && (store.Leaders == 0 || now - record.LastProgressTime >= ReportEvery);
        return isNews ? record with { LeadersLeft = store.Leaders, LastProgressTime = now } : record;
    }

    private static bool AwaitsReturn(Draft draft, EvictLeaderStatus record, StoreSeen store)
    {
        if (record.LeaderCountBefore < TooFewToWaitFor || store.Leaders >= record.LeaderCountBefore * 2 / 3)
            return false;
        var limit = GoDuration.Parse(draft.Seen.Cluster.Spec.Tikv?.WaitLeaderTransferBackTimeout) ?? DefaultReturn;
        return draft.Seen.Now - (record.EndTime ?? draft.Seen.Now) < limit;
    }

    private static EvictLeaderStatus? Record(Draft draft, Member member) =>
        draft.Seen.Status()?.Tikv?.EvictLeader?.GetValueOrDefault(member.PodName);

    private static Act.Ask Begin(Draft draft, StoreSeen store, string why, string undertaking, string together)
    {
        var body = new JsonObject
        {
            ["name"] = "evict-leader-scheduler",
            ["store_id"] = ulong.Parse(store.Id, CultureInfo.InvariantCulture)
        };
        var call = new AdminCall(
            "POST", $"{TidbNames.PdUrl(draft.Seen.Cluster)}/pd/api/v1/schedulers", body,
            $"PD to move the leaders away from store {store.Id}");
        return new Act.Ask(call, why)
        {
            MovesLoad = true,
            Undertaking = undertaking,
            Together = together
        };
    }

    private static bool IsBegin(JsonNode body, StoreSeen store) =>
        (string?)body["name"] == "evict-leader-scheduler" && body["store_id"]?.ToString() == store.Id;
}
