namespace Tidekeeper.Playground.Databases.TiDB;

/// <summary>
/// How large new databases are and how fast they move. Few regions make a quick world; many make leader evictions and
/// the emptying of stores take a time that can be watched and interrupted.
/// </summary>
public sealed record DatabaseScale
{
    /// <summary>Regions of a cluster that has just been bootstrapped; from 1 on.</summary>
    public int Regions { get; init; } = 12;

    /// <summary>Bytes that each replica of a region takes on disk besides its rows.</summary>
    public long RegionBytes { get; init; }

    /// <summary>
    /// Leaders that PD moves within one second; its <c>leader-schedule-limit</c> may allow fewer.
    /// </summary>
    public int LeaderMoves { get; init; } = 4;

    /// <summary>
    /// For how long a region has no leader after the leader's process has ended, plus up to four seconds more. Within
    /// that time statements on its rows wait; who moves the leaders away first spares them the wait.
    /// </summary>
    public TimeSpan ElectionTime { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Peers that PD adds or removes within one second.</summary>
    public int PeerMoves { get; init; } = 4;
}
