using System.Globalization;
using Tidekeeper.Engines;
using Tidekeeper.Engines.TiDB;
using Tidekeeper.Model.Admin.TiDB;

namespace Tidekeeper.Operator.Databases.TiDB;

/// <summary>One consistent account of PD, from the first of several addresses that answers.</summary>
public sealed class PdReader(IDatabaseWire wire)
{
    /// <summary>Asks the addresses in order; Unknown with the first one's reason when none gives an account.</summary>
    /// <param name="withSpread">Whether to ask, too, how the replicas are spread over failure domains.</param>
    public async Task<Known<PdSeen>> Read(IReadOnlyList<string> roots, bool withSpread, CancellationToken cancel)
    {
        Known<PdSeen>? first = null;
        foreach (var root in roots)
        {
            var seen = await ReadFrom(root, cancel);
            if (seen.Is(out var pd))
                return withSpread ? Known.Of(pd with { CrowdedRegions = await Crowded(pd, cancel) }) : seen;
            first ??= seen;
        }

        return first ?? Known.Unknown<PdSeen>("PD has no address yet");
    }

    private async Task<Known<int>> Crowded(PdSeen pd, CancellationToken cancel)
    {
        var leader = pd.Members.FirstOrDefault(member => member.Name == pd.Leader);
        if (leader is not { ClientUrls: [var url, ..] })
            return Known.Unknown<int>("PD has no leader");
        return pd.LocationLabels is [var label, ..]
            ? await new PdClient(wire, url.TrimEnd('/')).CrowdedRegions(label, cancel)
            : Known.Unknown<int>("PD has no location-labels");
    }

    /// <summary>Only the member list with health, which a PD that serves nothing else can still give.</summary>
    public async Task<Known<IReadOnlyList<PdMemberSeen>>> ReadMembers(
        IReadOnlyList<string> roots, CancellationToken cancel)
    {
        var why = "PD has no address yet";
        foreach (var root in roots)
        {
            var pd = new PdClient(wire, root);
            var membersAnswer = await pd.Members(cancel);
            var healthAnswer = membersAnswer.Is(out _) ? await pd.Health(cancel) : null;
            if (membersAnswer.Is(out var members) && healthAnswer!.Is(out var health))
                return Known.Of<IReadOnlyList<PdMemberSeen>>([.. members.Members.Select(m => Member(m, health))]);
            if (root == roots[0])
                why = healthAnswer?.WhyUnknown ?? membersAnswer.WhyUnknown;
        }

        return Known.Unknown<IReadOnlyList<PdMemberSeen>>(why);
    }

    private async Task<Known<PdSeen>> ReadFrom(string root, CancellationToken cancel)
    {
        var pd = new PdClient(wire, root);
        var membersAnswer = await pd.Members(cancel);
        if (!membersAnswer.Is(out var members))
            return Known.Unknown<PdSeen>(membersAnswer.WhyUnknown);

        var healthTask = pd.Health(cancel);
        var storesTask = pd.Stores(cancel);
        var replicationTask = pd.Replication(cancel);
        var evictedTask = pd.Evicted(cancel);
        var healthAnswer = await healthTask;
        var storesAnswer = await storesTask;
        var replicationAnswer = await replicationTask;
        var evictedAnswer = await evictedTask;
        if (!healthAnswer.Is(out var health))
            return Known.Unknown<PdSeen>(healthAnswer.WhyUnknown);
        if (!storesAnswer.Is(out var stores))
            return Known.Unknown<PdSeen>(storesAnswer.WhyUnknown);
        if (!replicationAnswer.Is(out var replication))
            return Known.Unknown<PdSeen>(replicationAnswer.WhyUnknown);
        if (!evictedAnswer.Is(out var evicted))
            return Known.Unknown<PdSeen>(evictedAnswer.WhyUnknown);
        var regions = stores is null ? Known.Of(new RegionHealth(0, 0, 0)) : await pd.Regions(cancel);
        return Known.Of(Combine(members, health, stores, replication, regions) with
        {
            Evicted = [.. evicted.StoreIdRanges.Keys.Order(StringComparer.Ordinal)],
        });
    }

    private static PdSeen Combine(PdMembers members, IReadOnlyList<PdMemberHealth> health, PdStores? stores,
        PdReplication replication, Known<RegionHealth> regions) => new()
        {
            ClusterId = Digits(members.Header.ClusterId),
            Members = [.. members.Members.Select(m => Member(m, health)).OrderBy(m => m.Name, StringComparer.Ordinal)],
            Leader = members.Leader?.Name ?? "",
            Bootstrapped = stores is not null,
            Stores = [.. (stores?.Stores ?? []).OrderBy(s => s.Store.Id).Select(Store)],
            MaxReplicas = (int)replication.MaxReplicas,
            LocationLabels = replication.LocationLabels.Split(',', StringSplitOptions.RemoveEmptyEntries),
            PlacementRules = replication.EnablePlacementRules == "true",
            Regions = regions,
        };

    private static PdMemberSeen Member(PdMember member, IReadOnlyList<PdMemberHealth> health)
    {
        var healthy = health.Any(h => h.MemberId == member.MemberId && h.Health);
        return new(member.Name, Digits(member.MemberId), member.PeerUrls, member.ClientUrls, healthy);
    }

    private static StoreSeen Store(PdStore store)
    {
        var labels = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var label in store.Store.Labels ?? [])
            labels[label.Key] = label.Value;
        return new()
        {
            Id = Digits(store.Store.Id),
            Address = store.Store.Address,
            State = store.Store.StateName,
            Labels = labels,
            Version = store.Store.Version,
            Leaders = store.Status.LeaderCount,
            Regions = store.Status.RegionCount,
            UsedBytes = PdSize.Parse(store.Status.UsedSize),
            AvailableBytes = PdSize.Parse(store.Status.Available),
            PhysicallyDestroyed = store.Store.PhysicallyDestroyed,
            Started = store.Status.StartTs,
            LastHeartbeat = store.Status.LastHeartbeatTs,
        };
    }

    private static string Digits(ulong id) => id.ToString(CultureInfo.InvariantCulture);
}
