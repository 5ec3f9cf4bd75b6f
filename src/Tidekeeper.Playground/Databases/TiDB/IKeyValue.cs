namespace Tidekeeper.Playground.Databases.TiDB;

/// <summary>
/// The rows of one TiDB cluster, as its SQL layer sees them: keys in ordinal order, spread over regions, each region
/// replicated on stores. Every method throws <see cref="RegionUnavailable"/> when a region that it needs has no leader
/// or no majority, and then nothing has changed.
/// </summary>
public interface IKeyValue
{
    /// <summary>The value as last committed; null when there is none. The bytes must not be changed.</summary>
    byte[]? Get(string key);

    /// <summary>
    /// Writes all or nothing, also across regions; a null value deletes. When it returns, a majority of the peers of
    /// every region concerned has stored the writes.
    /// </summary>
    void Commit(IReadOnlyList<(string Key, byte[]? Value)> writes);

    /// <summary>
    /// Keys from <paramref name="start"/> up to but without <paramref name="end"/>, at most <paramref name="limit"/>;
    /// with <paramref name="descending"/> from the last one downwards. An empty end means the end of all keys.
    /// </summary>
    IReadOnlyList<(string Key, byte[] Value)> Scan(string start, string end, int limit, bool descending = false);

    /// <summary>
    /// A timestamp from PD, greater than every one before: milliseconds shifted by 18 bits, plus a counter.
    /// Throws <see cref="TimestampUnavailable"/> when PD has no leader.
    /// </summary>
    ulong Timestamp();
}

/// <summary>A region cannot be read or written now; MySQL clients see error 9005, "Region is unavailable".</summary>
public sealed class RegionUnavailable(ulong regionId, string why)
    : Exception($"region {regionId} is unavailable: {why}")
{
    public ulong RegionId { get; } = regionId;
}

/// <summary>PD hands out no timestamps now; MySQL clients see error 9001, "PD server timeout".</summary>
public sealed class TimestampUnavailable(string why) : Exception($"PD server timeout: {why}");
