using Tidekeeper.Playground.Api;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Controllers;

/// <summary>What every actor of the simulated control plane and of the nodes needs: the API and feeds of it.</summary>
public sealed class Cluster(World world)
{
    private readonly SortedDictionary<string, Feed> _feeds = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, ApiClient> _clients = new(StringComparer.Ordinal);

    public World World => world;

    /// <summary>The API in the name of a component; the name ends up in managedFields.</summary>
    public ApiClient As(string manager)
    {
        if (!_clients.TryGetValue(manager, out var client))
            _clients[manager] = client = new ApiClient(world.Api, manager);
        return client;
    }

    public ApiClient ControllerManager => As("kube-controller-manager");
    public ApiClient Scheduler => As("kube-scheduler");
    public ApiClient Kubelet => As("kubelet");

    /// <summary>The feed of a resource, shared by all who ask for it.</summary>
    public Feed Feed(string resource)
    {
        if (!_feeds.TryGetValue(resource, out var feed))
            _feeds[resource] = feed = new Feed(As("playground"), resource);
        return feed;
    }

    public Feed Pods => Feed(Resources.Pods);
    public Feed Nodes => Feed(Resources.Nodes);
    public Feed Claims => Feed(Resources.Claims);
    public Feed Volumes => Feed(Resources.Volumes);

    /// <summary>Pods by the node they are bound to.</summary>
    public Feed.Index PodsByNode => Pods.By("node", p => p.Text("spec", "nodeName"));
}

/// <summary>The resources that the playground's actors work on, as paths.</summary>
public static class Resources
{
    public const string Pods = "v1/pods";
    public const string Nodes = "v1/nodes";
    public const string Services = "v1/services";
    public const string Endpoints = "v1/endpoints";
    public const string ConfigMaps = "v1/configmaps";
    public const string Secrets = "v1/secrets";
    public const string Events = "v1/events";
    public const string Claims = "v1/persistentvolumeclaims";
    public const string Volumes = "v1/persistentvolumes";
    public const string Namespaces = "v1/namespaces";
    public const string StatefulSets = "apps/v1/statefulsets";
    public const string Deployments = "apps/v1/deployments";
    public const string ReplicaSets = "apps/v1/replicasets";
    public const string DaemonSets = "apps/v1/daemonsets";
    public const string ControllerRevisions = "apps/v1/controllerrevisions";
    public const string Jobs = "batch/v1/jobs";
    public const string CronJobs = "batch/v1/cronjobs";
    public const string EndpointSlices = "discovery.k8s.io/v1/endpointslices";
    public const string StorageClasses = "storage.k8s.io/v1/storageclasses";
    public const string DisruptionBudgets = "policy/v1/poddisruptionbudgets";
    public const string Quotas = "v1/resourcequotas";
    public const string Leases = "coordination.k8s.io/v1/leases";
}
