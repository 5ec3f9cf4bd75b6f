namespace Tidekeeper.Engines.TiDB;

/// <summary>
/// Answers PD pods that have no data yet and ask how to begin. The promise is that one TidbCluster never gets two PD
/// clusters: the only pod that may begin one is the lowest ordinal with the very claim that the ledger names, and
/// only while nothing says that a cluster exists or existed. Everybody else joins, one at a time.
/// </summary>
public static class Discovery
{
    /// <summary>The answer to <c>GET /new/{base64}</c>.</summary>
    public static DiscoveryAnswer Answer(DiscoverySeen seen)
    {
        var caller = seen.Caller;
        if (!seen.Cluster.Is(out var cluster))
        {
            return DiscoveryAnswer.Wait(
                $"TidbCluster {caller.ClusterName} could not be read: {seen.Cluster.WhyUnknown}");
        }

        if (cluster is null || cluster.Deleting)
            return DiscoveryAnswer.Wait($"TidbCluster {caller.ClusterName} does not exist or is being deleted");
        if (cluster.Namespace != caller.Namespace || cluster.Name != caller.ClusterName)
            return DiscoveryAnswer.Wait($"{caller.Host} is no pod of TidbCluster {cluster.Namespace}/{cluster.Name}");
        if (!seen.Ledger.Is(out var ledger))
            return DiscoveryAnswer.Wait($"the member ledger could not be read: {seen.Ledger.WhyUnknown}");
        if (ledger is not null && ledger.OwnerUid != cluster.Uid)
        {
            return DiscoveryAnswer.Wait(
                $"ConfigMap {PdLedger.NameFor(cluster.Name)} belongs to an earlier TidbCluster of this name; "
                + "it goes away by itself, or delete it");
        }

        if (!seen.Claims.Is(out var claims))
            return DiscoveryAnswer.Wait($"the claims could not be read: {seen.Claims.WhyUnknown}");
        var own = claims.FirstOrDefault(claim => claim.Name == caller.ClaimName);
        if (own is null)
            return DiscoveryAnswer.Wait($"{caller.PodName} has no PersistentVolumeClaim {caller.ClaimName} yet");

        var entry = new LedgerEntry(caller.PodName, own.Uid);
        return seen.Members.Is(out var members) && members.Count > 0
            ? Join(caller, entry, cluster, ledger, claims, members)
            : Begin(caller, entry, cluster, ledger, claims, seen.Members.WhyUnknown);
    }

    /// <summary>
    /// The answer to <c>GET /verify/{base64}</c>: the PD endpoints that a component may use instead of the given one.
    /// </summary>
    public static string Verify(string url, Known<IReadOnlyList<DiscoveryMember>> members)
    {
        var more = members.Is(out var list) ? list.Where(m => m.Healthy).SelectMany(m => m.ClientUrls) : [];
        return string.Join(',', more.Prepend(url).Distinct(StringComparer.Ordinal));
    }

    /// <summary>No PD answers: either the cluster has never been, or it is down. Only the first may be begun.</summary>
    private static DiscoveryAnswer Begin(
        DiscoveryCaller caller, LedgerEntry entry, DiscoveryCluster cluster, PdLedger? ledger,
        IReadOnlyList<DiscoveryClaim> claims, string silence)
    {
        if (cluster.JoinsOther)
        {
            return DiscoveryAnswer.Wait(
                "spec.cluster or spec.pdAddresses asks to join another PD cluster, which is not supported yet; "
                + "a separate one is not begun instead");
        }

        if (cluster.ClusterId.Length > 0)
        {
            return DiscoveryAnswer.Wait(
                $"PD cluster {cluster.ClusterId} exists, but none of its members answers ({silence}), and "
                + $"{caller.PodName} has no data of it; bring a member back, or restore PD with pd-recover");
        }

        if (Retained(claims, cluster) is { } retained)
        {
            return DiscoveryAnswer.Wait(
                $"claim {retained.Name} is older than TidbCluster {cluster.Name}, so it may hold data of an earlier "
                + $"cluster, while {caller.PodName} has none; if that data is not needed, delete the claim; "
                + "otherwise restore PD with pd-recover");
        }

        if (ledger?.Joining is { } joining)
        {
            return DiscoveryAnswer.Wait(
                $"PD has been running, since {joining.PodName} was let in, but no member answers now: {silence}");
        }

        if (ledger is { Seed: null })
        {
            return DiscoveryAnswer.Wait(
                $"the member ledger says that a PD cluster exists, but it does not answer: {silence}");
        }

        if (Ordinal.Of(caller.PodName, $"{cluster.Name}-pd") != 0)
            return DiscoveryAnswer.Wait($"{cluster.Name}-pd-0 begins the cluster and does not answer yet: {silence}");

        var flags = $"--initial-cluster={caller.MemberName}={cluster.Scheme}://{caller.Host}:{caller.Port}";
        if (ledger is null)
        {
            var fresh = new PdLedger(cluster.Uid, "", entry, null);
            return DiscoveryAnswer.Grant(flags, new LedgerWrite(true, fresh.Write(cluster)));
        }

        return ledger.Seed == entry
            ? DiscoveryAnswer.Grant(flags)
            : DiscoveryAnswer.Wait(
                $"{ledger.Seed!.PodName} was allowed to begin the cluster with claim {ledger.Seed.ClaimUid}; its claim "
                + $"is {entry.ClaimUid} now, so its data is gone; if no data was stored yet, delete ConfigMap "
                + $"{PdLedger.NameFor(cluster.Name)} to begin anew");
    }

    private static DiscoveryAnswer Join(
        DiscoveryCaller caller, LedgerEntry entry, DiscoveryCluster cluster, PdLedger? ledger,
        IReadOnlyList<DiscoveryClaim> claims, IReadOnlyList<DiscoveryMember> members)
    {
        if (members.Any(m => m.Name == caller.MemberName))
        {
            return DiscoveryAnswer.Wait(
                $"{caller.MemberName} is a member of PD already, but this pod has no data of it; remove the member "
                + $"(pd-ctl member delete name {caller.MemberName}), then it joins anew");
        }

        // Who is let in with it would hold up the others, and the operator replaces it anyway.
        if (claims.Any(claim => claim.Uid == entry.ClaimUid && claim.LeftOver))
        {
            return DiscoveryAnswer.Wait(
                $"claim {caller.ClaimName} is left over from a member that is gone; it is made anew first");
        }

        var others = members.Where(m => !m.PeerUrls.Any(url => IsAt(url, caller.Host))).ToList();
        var healthy = others.Where(m => m.Healthy && m.ClientUrls.Count > 0).ToList();
        var isNext = ledger?.Joining == entry;
        if (!isNext && Obstacle(cluster, ledger, claims, others, healthy.Count) is { } obstacle)
            return DiscoveryAnswer.Wait(obstacle);
        if (healthy.Count == 0)
            return DiscoveryAnswer.Wait("no PD member is healthy, so nobody can join");

        var urls = healthy.SelectMany(m => m.ClientUrls).Order(StringComparer.Ordinal);
        var flags = $"--join={string.Join(',', urls)}";
        if (isNext)
            return DiscoveryAnswer.Grant(flags);
        var next = (ledger ?? new PdLedger(cluster.Uid, "", null, null)) with { Joining = entry };
        return DiscoveryAnswer.Grant(flags, new LedgerWrite(ledger is null, next.Write(cluster)));
    }

    /// <summary>Why nobody new may join now; null when somebody may.</summary>
    private static string? Obstacle(
        DiscoveryCluster cluster, PdLedger? ledger, IReadOnlyList<DiscoveryClaim> claims,
        IReadOnlyList<DiscoveryMember> others, int healthy)
    {
        if (others.FirstOrDefault(m => m.Name.Length == 0) is { } unstarted)
            return $"a member at {string.Join(',', unstarted.PeerUrls)} was added to PD and has not started yet";
        if (ledger?.Joining is { } joining)
        {
            var member = others.FirstOrDefault(m => BelongsTo(m, joining.PodName));
            var mayStillJoin = claims.Any(claim => claim.Uid == joining.ClaimUid && !claim.LeftOver);
            if (member is null && mayStillJoin)
                return $"{joining.PodName} is joining; the others follow one by one";
            if (member is { Healthy: false })
                return $"{joining.PodName} has joined and is not healthy yet; the others follow one by one";
        }

        // A joiner counts towards the quorum before it votes. One member may always become two: there is no other way.
        var quorum = (others.Count + 1) / 2 + 1;
        if (others.Count > 1 && healthy < quorum)
        {
            return $"only {healthy} of {others.Count} PD members of {cluster.Name} are healthy; "
                + $"one more needs {quorum}";
        }

        return null;
    }

    /// <summary>Data that outlived an earlier cluster of this name.</summary>
    private static DiscoveryClaim? Retained(IReadOnlyList<DiscoveryClaim> claims, DiscoveryCluster cluster) =>
        claims.Where(claim => claim.Component is "pd" or "tikv" && claim.Created < cluster.Created)
            .MinBy(claim => claim.Name, StringComparer.Ordinal);

    private static bool BelongsTo(DiscoveryMember member, string pod) =>
        member.Name == pod || member.Name.StartsWith(pod + ".", StringComparison.Ordinal);

    private static bool IsAt(string url, string host) =>
        url.Contains($"://{host}:", StringComparison.Ordinal);
}
