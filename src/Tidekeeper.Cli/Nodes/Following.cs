using System.Text.Json;
using System.Text.Json.Nodes;
using Tidekeeper.Kube;
using Tidekeeper.Kube.Cache;
using Tidekeeper.Playground;
using Tidekeeper.Playground.Api;
using Tidekeeper.Playground.Server;

namespace Tidekeeper.Cli.Nodes;

/// <summary>Watches what nodes have to know of a real cluster, and keeps the world's mirror of it up to date.</summary>
internal sealed class Following(KubeApi api, World world, WorldDriver driver, Action<string> report)
{
    private const string Slices = "discovery.k8s.io";

    private static readonly (Resource Resource, string? Namespace)[] Needed =
    [
        (Resource.Nodes, null),
        (Resource.Pods, null),
        (Resource.Services, null),
        (Resource.ConfigMaps, null),
        (Resource.Secrets, null),
        (Resource.Claims, null),
        (Resource.PersistentVolumes, null),
        (Resource.StorageClasses, null),
        (Resource.Events, null),
        (Resource.Leases, "kube-node-lease"),
    ];

    private static readonly Resource Clusters = Cluster.ClusterApi.TidbClusters;

    private readonly List<(Informer<JsonObject> Informer, Task Running)> _informers = [];

    /// <summary>Begins, and returns when the world knows all there is.</summary>
    public async Task Start(CancellationToken life, CancellationToken cancel)
    {
        foreach (var (resource, ns) in Needed)
            Follow(resource, resource.ApiVersion, ns, life);
        // The slices of Kubernetes 1.20 say the same under another version.
        var isNew = (await api.Send(new KubeRequest("GET", $"/apis/{Slices}/v1"), _ => true, cancel)).Succeeded;
        Follow(new Resource(Slices, isNew ? "v1" : "v1beta1", "endpointslices", "EndpointSlice"), $"{Slices}/v1", null,
            life);
        foreach (var (informer, _) in _informers)
            await informer.Synced.WaitAsync(cancel);
        // Only v1's discovery asks for it. Its definition may come later, so that nobody waits for it.
        world.Api.Catalog.Replace(Clusters.Group, Clusters.Plural,
            [new ResourceType(Clusters.Group, Clusters.Version, Clusters.Plural, Clusters.Kind)]);
        Follow(Clusters, Clusters.ApiVersion, null, life);
    }

    /// <summary>Ends with the token that it was started with.</summary>
    public Task End() => Task.WhenAll(_informers.Select(each => each.Running));

    private void Follow(Resource resource, string apiVersion, string? ns, CancellationToken life)
    {
        var type = world.Api.Catalog.Get($"{apiVersion}/{resource.Plural}");
        var informer = new Informer<JsonObject>(api, new Scope(resource, ns), new Store<JsonObject>(_ => []),
            Read(resource.Kind, apiVersion), (before, after) => driver.Do(() =>
            {
                if (after is not null)
                    world.Api.Mirror!.Seen(type, after.Value);
                else
                    world.Api.Mirror!.Gone(type, before!.Value);
            }), TimeProvider.System, new Random(resource.Plural.Length))
        {
            Failing = (scope, why) => report($"{scope}: {why}"),
        };
        _informers.Add((informer, informer.Run(life)));
    }

    /// <summary>Objects in lists do not say what they are.</summary>
    private static Func<JsonElement, JsonObject> Read(string kind, string apiVersion) => element =>
    {
        var item = JsonObject.Create(element.Clone())!;
        item["kind"] = kind;
        item["apiVersion"] = apiVersion;
        return item;
    };
}
