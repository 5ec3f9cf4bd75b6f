using Tidekeeper.Engines.TiDB.Objects;
using Tidekeeper.Model.Crds;
using Tidekeeper.Model.Toml;

namespace Tidekeeper.Engines.TiDB.Forecasts;

/// <summary>
/// PD as the status remembers it, for those who cannot ask PD itself. What a status does not say is taken to be well:
/// regions have their replicas.
/// </summary>
public static class RememberedPd
{
    /// <summary>Unknown before PD has decided anything.</summary>
    public static Known<PdSeen> Of(TidbCluster cluster)
    {
        if (cluster.Status is not { ClusterID: { Length: > 0 } id, Pd: { } pd } status)
            return Known.Unknown<PdSeen>("the status says nothing of PD yet");
        var members = (pd.Members ?? []).Values.Concat((pd.PeerMembers ?? []).Values);
        var stores = Stores(cluster, status.Tikv?.Stores, Component.Tikv)
            .Concat(Stores(cluster, status.Tikv?.PeerStores, Component.Tikv))
            .Concat(Stores(cluster, status.Tikv?.TombstoneStores, Component.Tikv))
            .Concat(Stores(cluster, status.Tiflash?.Stores, Component.Tiflash))
            .Concat(Stores(cluster, status.Tiflash?.TombstoneStores, Component.Tiflash)).ToList();
        return Known.Of(new PdSeen
        {
            ClusterId = id,
            Leader = pd.Leader?.Name ?? "",
            Members =
            [
                .. members.Select(one => new PdMemberSeen(
                    one.Name, one.Id, [], one.ClientURL is { } url ? [url] : [], one.Health))
            ],
            Bootstrapped = stores.Count > 0,
            Stores = stores,
            MaxReplicas = MaxReplicas(cluster),
            PlacementRules = true,
            Evicted = Evicted(status),
            Regions = Known.Of(new RegionHealth(0, 0, 0))
        });
    }

    /// <summary>The servers of TiDB as the status remembers them.</summary>
    public static SortedDictionary<string, Known<TidbPodHealth>> Servers(TidbCluster cluster)
    {
        var servers = new SortedDictionary<string, Known<TidbPodHealth>>(StringComparer.Ordinal);
        foreach (var (name, server) in cluster.Status?.Tidb?.Members ?? [])
            servers[name] = Known.Of(new TidbPodHealth(server.Health, "it was not healthy when it was asked last"));
        return servers;
    }

    private static IEnumerable<StoreSeen> Stores(
        TidbCluster cluster, SortedDictionary<string, StoreStatus>? stores, string component) =>
        from store in (stores ?? []).Values
        let host = store.Ip ?? TidbNames.Host(cluster, component, store.PodName ?? "")
        select new StoreSeen
        {
            Id = store.Id,
            Address = $"{host}:20160",
            State = store.State,
            Labels = component == Component.Tiflash
                ? new(StringComparer.Ordinal) { ["engine"] = "tiflash" }
                : new(StringComparer.Ordinal)
        };

    private static List<string> Evicted(TidbClusterStatus status) =>
    [
        .. from one in status.Tikv?.EvictLeader ?? []
           where one.Value.EndTime is null
           from store in status.Tikv?.Stores ?? []
           where store.Value.PodName == one.Key
           select store.Key
    ];

    private static int MaxReplicas(TidbCluster cluster) =>
        cluster.Spec.Pd is { } pd
        && Configuration.Read(pd.Config).Find("replication.max-replicas") is TomlInteger number
            ? (int)number.Value
            : 3;
}
