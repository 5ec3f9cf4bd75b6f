using Tidekeeper.Engines.TiDB.Operations;
using Tidekeeper.Model.Crds;

namespace Tidekeeper.Engines.TiDB.Adoption;

/// <summary>
/// v1's failure records in the status. They bear no phase: v1 writes one when it has decided that a member has failed,
/// and has one replica more while it is there. Ours takes them for confirmed failures with a stand-in, which leaves
/// when the member serves again.
/// </summary>
internal static class RecordsOfV1
{
    /// <summary>The status with such records as ours say it; itself when it has none.</summary>
    public static TidbClusterStatus? Read(TidbClusterStatus? status)
    {
        if (status is null || !All(status).Any(record => record.Phase is null))
            return status;
        return status with
        {
            Pd = status.Pd is null ? null : status.Pd with { FailureMembers = Ours(status.Pd.FailureMembers, null) },
            Tikv = status.Tikv is null
                ? null
                : status.Tikv with { FailureStores = Ours(status.Tikv.FailureStores, true) },
            Tiflash = status.Tiflash is null
                ? null
                : status.Tiflash with { FailureStores = Ours(status.Tiflash.FailureStores, true) },
            Tidb = status.Tidb is null
                ? null
                : status.Tidb with { FailureMembers = Ours(status.Tidb.FailureMembers, true) }
        };
    }

    /// <summary>Until the commit they are v1's, which goes by them should it go on.</summary>
    public static bool AreToStay(TidbSeen seen) => AdoptionMark.Of(seen.Cluster).Stage == AdoptionStage.Trial;

    private static IEnumerable<FailureRecord> All(TidbClusterStatus status) =>
        (status.Pd?.FailureMembers?.Values ?? Enumerable.Empty<FailureRecord>())
        .Concat(status.Tikv?.FailureStores?.Values ?? Enumerable.Empty<FailureRecord>())
        .Concat(status.Tiflash?.FailureStores?.Values ?? Enumerable.Empty<FailureRecord>())
        .Concat(status.Tidb?.FailureMembers?.Values ?? Enumerable.Empty<FailureRecord>());

    private static SortedDictionary<string, T>? Ours<T>(SortedDictionary<string, T>? records, bool? additional)
        where T : FailureRecord
    {
        if (records is null)
            return null;
        var ours = new SortedDictionary<string, T>(StringComparer.Ordinal);
        foreach (var (key, record) in records)
        {
            ours[key] = record.Phase is not null
                ? record
                : record with
                {
                    Phase = Failures.Confirmed,
                    Additional = additional,
                    Why = "tidb-operator v1 called it failed"
                };
        }

        return ours;
    }
}
