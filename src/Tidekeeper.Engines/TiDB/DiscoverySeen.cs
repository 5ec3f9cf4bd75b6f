namespace Tidekeeper.Engines.TiDB;

/// <summary>What the discovery process has read, live, to answer one question of one PD pod.</summary>
public sealed record DiscoverySeen
{
    /// <summary>Who asks.</summary>
    public required DiscoveryCaller Caller { get; init; }

    /// <summary>The cluster, read live; Unknown when it could not be read, null when it does not exist.</summary>
    public required Known<DiscoveryCluster?> Cluster { get; init; }

    /// <summary>ConfigMap <c>{cluster}-pd-members</c>; null when it does not exist.</summary>
    public required Known<PdLedger?> Ledger { get; init; }

    /// <summary>The claims of this cluster's PD, TiKV and TiFlash pods, whatever their state.</summary>
    public required Known<IReadOnlyList<DiscoveryClaim>> Claims { get; init; }

    /// <summary>
    /// The member list as one live PD member of this cluster gives it, with health; Unknown when none answers, which
    /// before the bootstrap is the ordinary case.
    /// </summary>
    public required Known<IReadOnlyList<DiscoveryMember>> Members { get; init; }
}

/// <summary>What discovery needs to know of the cluster object.</summary>
public sealed record DiscoveryCluster
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Its namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>Its UID; the ledger belongs to this very object.</summary>
    public required string Uid { get; init; }

    /// <summary>When the API server created it.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>Whether it is being deleted.</summary>
    public bool Deleting { get; init; }

    /// <summary><c>status.clusterID</c>; empty before the first bootstrap.</summary>
    public string ClusterId { get; init; } = "";

    /// <summary>
    /// <c>spec.cluster</c> or <c>spec.pdAddresses</c> is set: it belongs to another cluster, so it never bootstraps.
    /// </summary>
    public bool JoinsOther { get; init; }

    /// <summary><c>http</c> or <c>https</c>.</summary>
    public string Scheme { get; init; } = "http";
}

/// <summary>A claim of this cluster.</summary>
/// <param name="Name">For example <c>pd-basic-pd-0</c>.</param>
/// <param name="Uid">Changes when the claim is made anew, and with it the data.</param>
/// <param name="Component">Its label <c>app.kubernetes.io/component</c>.</param>
/// <param name="Created">When the API server created it.</param>
/// <param name="LeftOver">Whether it is marked: the member that used it is gone, and its data of no use.</param>
public sealed record DiscoveryClaim(
    string Name, string Uid, string Component, DateTimeOffset Created, bool LeftOver = false);

/// <summary>A member of the live PD cluster.</summary>
/// <param name="Name">Empty for a member that was added and has never started.</param>
/// <param name="PeerUrls">Where the other members reach it.</param>
/// <param name="ClientUrls">Where clients reach it; empty when it never started.</param>
/// <param name="Healthy">Whether PD says so.</param>
public sealed record DiscoveryMember(
    string Name, IReadOnlyList<string> PeerUrls, IReadOnlyList<string> ClientUrls, bool Healthy);

/// <summary>The answer to a PD pod, and what must be on record before it is given.</summary>
/// <param name="Status">200 with PD flags, or 503 with a sentence.</param>
/// <param name="Text">The body.</param>
/// <param name="Write">
/// To be written first. When that fails for whatever reason, the pod gets 503 and asks again; when it succeeds and
/// the answer is lost, the same question gets the same answer.
/// </param>
public sealed record DiscoveryAnswer(int Status, string Text, LedgerWrite? Write)
{
    /// <summary>PD may start with these flags.</summary>
    public static DiscoveryAnswer Grant(string flags, LedgerWrite? write = null) => new(200, flags, write);

    /// <summary>Not now, or never, because.</summary>
    public static DiscoveryAnswer Wait(string why) => new(503, why, null);
}
