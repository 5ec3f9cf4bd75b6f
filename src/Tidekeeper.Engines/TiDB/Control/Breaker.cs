using System.Globalization;
using Tidekeeper.Engines.TiDB.Operations;
using Tidekeeper.Engines.TiDB.Steps;
using Tidekeeper.Model.Admin.TiDB;
using Tidekeeper.Model.Crds;
using Tidekeeper.Model.Kubernetes;

namespace Tidekeeper.Engines.TiDB.Control;

/// <summary>
/// The circuit breaker: something goes on that the operator does not understand, so it takes nobody out of service
/// until a person has looked. Repairs of members that are down go on, as they can interrupt nobody.
/// </summary>
internal static class Breaker
{
    private const int DefaultFailures = 2;
    private static readonly TimeSpan DefaultWindow = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan DefaultContradiction = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan ToStop = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan ClocksDiffer = TimeSpan.FromMinutes(5);

    /// <summary>Why it is open, as the gate says it; null when it is closed.</summary>
    public static string? WhyOpen(Draft draft) =>
        Of(draft) is { } open
            ? $"the circuit breaker is open since {Time(open.Since)}: {open.Why}; when that is understood: tide "
                + $"breaker reset {draft.Seen.Cluster.Metadata.Name}"
            : null;

    /// <summary>Null while it is closed. Once open it stays so, whatever comes, until it is reset.</summary>
    public static BreakerStatus? Of(Draft draft)
    {
        var seen = draft.Seen;
        var spec = seen.Cluster.Spec.Breaker;
        if (spec?.Enabled == false)
            return null;
        var reset = Reset(seen);
        if (seen.Status()?.Breaker is { } open && !(reset >= open.Since))
            return open;
        var why = Failures(draft, spec, reset) ?? Contradiction(draft, spec, reset);
        return why is null ? null : new BreakerStatus { Since = seen.Now, Why = why };
    }

    /// <summary>One that lies ahead would switch the breaker off until then, so it counts as none.</summary>
    private static DateTimeOffset? Reset(TidbSeen seen) =>
        DateTimeOffset.TryParse(
            seen.Cluster.Metadata.Annotations?.GetValueOrDefault(Labels.BreakerReset), CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal, out var time) && time <= seen.Now + ClocksDiffer
            ? time
            : null;

    private static string? Failures(Draft draft, BreakerSpec? spec, DateTimeOffset? reset)
    {
        var window = GoDuration.Parse(spec?.Window) ?? DefaultWindow;
        var limit = spec?.Failures ?? DefaultFailures;
        foreach (var set in draft.Sets)
        {
            var failed = Meant(draft, set)
                .Select(member => (Member: member, Since: Evidence.DownSince(draft, member)))
                .Where(one => one.Since is { } since && !(since <= reset)
                    && !IsOwnDoing(one.Member, since, draft.Seen.Now, window)
                    && (one.Member.Pod is not { Ready: true } || draft.Seen.Now - since > Patience.ForHeartbeat))
                .Select(one => (one.Member, Since: one.Since!.Value))
                .ToList();
            foreach (var together in failed.Select(last => Within(failed, last.Since, window)))
            {
                // A node takes all its pods along: that is one failure.
                if (together.DistinctBy(one => NodeOf(one.Member), StringComparer.Ordinal).Count() >= limit)
                {
                    return $"{together.Count} members of {Titles.Of(set.Component.Name)} failed within "
                        + $"{Minutes(window)}: "
                        + string.Join(", ", together.Select(one => $"{one.Member.PodName} at {Time(one.Since)}"));
                }
            }
        }

        return null;
    }

    /// <summary>
    /// Those who failed in the time up to that moment. Counted from the last failure and not from now: Kubernetes takes
    /// a minute to tell of a machine, and an operator that was away longer still finds both failures.
    /// </summary>
    private static List<(Member Member, DateTimeOffset Since)> Within(
        List<(Member Member, DateTimeOffset Since)> failed, DateTimeOffset last, TimeSpan window) =>
        [.. failed.Where(one => one.Since <= last && last - one.Since < window)];

    private static string NodeOf(Member member) =>
        member.Pod is { Node.Length: > 0 } pod ? pod.Node : member.PodName;

    private static string? Contradiction(Draft draft, BreakerSpec? spec, DateTimeOffset? reset)
    {
        var limit = GoDuration.Parse(spec?.Contradiction) ?? DefaultContradiction;
        foreach (var member in draft.Sets.SelectMany(set => Meant(draft, set)))
        {
            if (member.Pod is not { Deleting: null, ReadySince: { } ready }
                || Evidence.DownSince(draft, member) is not { } down)
            {
                continue;
            }

            var since = down > ready ? down : ready;
            since = reset > since ? reset.Value : since;
            if (draft.Seen.Now - since >= limit)
            {
                return $"Kubernetes calls {member.PodName} ready and the database calls it down, for more than "
                    + Minutes(limit);
            }
        }

        return null;
    }

    /// <summary>Members that should be there now and later.</summary>
    private static IEnumerable<Member> Meant(Draft draft, SetChange set) =>
        draft.Members(set.Component.Name)
            .Where(member => member.Ordinal < Math.Min(set.WantedReplicas, set.Current?.Replicas ?? 0));

    /// <summary>A pod that was made anew, or is being stopped, is down because somebody wanted that.</summary>
    private static bool IsOwnDoing(Member member, DateTimeOffset since, DateTimeOffset now, TimeSpan window) =>
        member.Pod switch
        {
            null => now - since < ToStop,
            { Deleting: { } stopping } => now - stopping < ToStop,
            var pod => since - pod.Created < window
        };

    private static string Time(DateTimeOffset? time) =>
        time?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture) ?? "an unknown time";

    private static string Minutes(TimeSpan time) => $"{time.TotalMinutes:0.#} min";
}
