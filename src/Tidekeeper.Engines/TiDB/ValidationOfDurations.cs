using Tidekeeper.Model;
using Tidekeeper.Model.Admin.TiDB;
using Tidekeeper.Model.Crds;

namespace Tidekeeper.Engines.TiDB;

/// <summary>Durations that mean nothing sensible. What is no duration at all the reader has named already.</summary>
internal static class ValidationOfDurations
{
    /// <summary>PD and Kubernetes need about as long to notice that somebody is back.</summary>
    private static readonly TimeSpan LeastFailoverPeriod = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Longest = TimeSpan.FromDays(365);

    public static IEnumerable<Problem> Check(TidbCluster cluster)
    {
        var spec = cluster.Spec;
        foreach (var (field, name, component) in Validation.Components(cluster))
        {
            var path = $"{field}.failoverPeriod";
            if (GoDuration.Parse(component.FailoverPeriod) < LeastFailoverPeriod)
            {
                yield return new Problem(path, component.FailoverPeriod!,
                    $"is too short: {name} members that only restart would be given up",
                    $"write at least 10s; to switch failover off, write {field}.maxFailoverCount: 0");
            }

            foreach (var problem in TooLong(path, component.FailoverPeriod)) yield return problem;
        }

        (string Field, string? Text)[] others =
        [
            ("spec.tikv.evictLeaderTimeout", spec.Tikv?.EvictLeaderTimeout),
            ("spec.tikv.waitLeaderTransferBackTimeout", spec.Tikv?.WaitLeaderTransferBackTimeout),
            ("spec.breaker.window", spec.Breaker?.Window),
            ("spec.breaker.contradiction", spec.Breaker?.Contradiction),
        ];
        foreach (var (field, text) in others)
            foreach (var problem in TooLong(field, text)) yield return problem;
    }

    private static IEnumerable<Problem> TooLong(string field, string? text)
    {
        if (GoDuration.Parse(text) > Longest)
            yield return new Problem(field, text!, "is longer than a year", "write at most 8760h");
    }
}
