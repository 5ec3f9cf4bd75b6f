using System.Text.Json;
using System.Text.Json.Nodes;
using Tidekeeper.Cli.View;
using Tidekeeper.Engines;
using Tidekeeper.Engines.TiDB;
using Tidekeeper.Engines.TiDB.Adoption;
using Tidekeeper.Engines.TiDB.Forecasts;
using Tidekeeper.Kube;
using Tidekeeper.Model;
using Tidekeeper.Model.Crds;
using Tidekeeper.Model.Kubernetes;

namespace Tidekeeper.Cli.Cluster;

/// <summary>A cluster as the operator sees it, as far as the Kubernetes API alone tells.</summary>
internal static class LiveCluster
{
    private static readonly Resource[] Others =
    [
        Resource.Services, Resource.ConfigMaps, Resource.ServiceAccounts, Resource.Roles, Resource.RoleBindings,
        Resource.DisruptionBudgets,
    ];

    public static async Task<TidbSeen> Read(ClusterApi api, JsonObject cluster, CancellationToken cancel)
    {
        var (read, _) = Parse(cluster);
        var objects = new List<Observed>();
        foreach (var kind in Others)
        {
            foreach (var item in await Mine(api, kind, read, cancel))
                objects.Add(Observed.Read(item, kind.ApiVersion, kind.Kind));
        }

        var deployments = (await Mine(api, Resource.Deployments, read, cancel))
            .Select(ObservedDeployment.Read).ToList();
        var platform = await PlatformOf(api, cancel);
        var image = deployments.FirstOrDefault(one => one.Component == "discovery")?.Image;
        return new TidbSeen
        {
            Now = TimeProvider.System.GetUtcNow(),
            Cluster = read,
            Platform = image is { Length: > 0 } ? platform with { OperatorImage = image } : platform,
            Objects = objects,
            StatefulSets = [.. (await Mine(api, Resource.StatefulSets, read, cancel)).Select(ObservedStatefulSet.Read)],
            Deployments = deployments,
            Pods = [.. (await Mine(api, Resource.Pods, read, cancel)).Select(ObservedPod.Read)],
            Claims = [.. (await Mine(api, Resource.Claims, read, cancel)).Select(ObservedClaim.Read)],
            Pd = RememberedPd.Of(read),
            TidbHealth = RememberedPd.Servers(read),
        };
    }

    /// <summary>One that does not exist yet.</summary>
    public static async Task<TidbSeen> NotYet(ClusterApi api, TidbCluster wanted, CancellationToken cancel) => new()
    {
        Now = TimeProvider.System.GetUtcNow(),
        Cluster = wanted with { Status = null },
        Platform = await PlatformOf(api, cancel),
    };

    /// <summary>With what is wrong with the spec besides, and with whole objects, for a take-over.</summary>
    public static async Task<TidbSeen> ReadWhole(ClusterApi api, JsonObject cluster, CancellationToken cancel)
    {
        var seen = await Read(api, cluster, cancel);
        var ns = seen.Cluster.Metadata.Namespace;
        var selector = $"{Labels.Instance}={seen.Cluster.Metadata.Instance}";
        var all = new List<JsonObject>();
        foreach (var kind in (Resource[])[Resource.StatefulSets, Resource.Pods, Resource.Services])
            all.AddRange((await api.List(kind, ns, selector, cancel)).Select(item => Named(kind, item)));
        foreach (var name in AdoptionSeen.ConfigMaps(seen))
        {
            if (await api.Get(Resource.ConfigMaps, ns, name, cancel) is { } map)
                all.Add(map);
        }

        return seen with
        {
            Problems = [.. Parse(cluster).Problems, .. Validation.Check(seen.Cluster)],
            Adoption = Known.Of(new AdoptionSeen(all)),
        };
    }

    /// <summary>A cluster out of its JSON, and what cannot be read of it.</summary>
    public static (TidbCluster Cluster, IReadOnlyList<Problem> Problems) Parse(JsonObject cluster)
    {
        var (read, problems) = TidbClusterReader.Read(Element(cluster));
        return (read ?? throw new CommandFailure(ExitCodes.Refused, $"{Words.FullName(cluster)} cannot be read"),
            problems);
    }

    private static async Task<Platform> PlatformOf(ClusterApi api, CancellationToken cancel) =>
        new() { ServedApis = await api.Versions(cancel) };

    private static async Task<IReadOnlyList<JsonElement>> Mine(
        ClusterApi api, Resource kind, TidbCluster cluster, CancellationToken cancel) =>
    [
        .. (await api.List(kind, cluster.Metadata.Namespace, $"{Labels.Instance}={cluster.Metadata.Instance}", cancel))
            .Select(Element),
    ];

    /// <summary>Items of a list do not say their kind.</summary>
    private static JsonObject Named(Resource kind, JsonObject item)
    {
        item["apiVersion"] = kind.ApiVersion;
        item["kind"] = kind.Kind;
        return item;
    }

    private static JsonElement Element(JsonObject item)
    {
        using var parsed = JsonDocument.Parse(item.ToJsonString());
        return parsed.RootElement.Clone();
    }
}
