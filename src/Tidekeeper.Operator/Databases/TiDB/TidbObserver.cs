using System.Text.Json;
using System.Text.Json.Nodes;
using Tidekeeper.Engines;
using Tidekeeper.Engines.TiDB;
using Tidekeeper.Engines.TiDB.Adoption;
using Tidekeeper.Kube;
using Tidekeeper.Model.Crds;
using Tidekeeper.Model.Kubernetes;

namespace Tidekeeper.Operator.Databases.TiDB;

/// <summary>Puts together what a plan for one cluster is made from: the caches, and live database facts.</summary>
public sealed class TidbObserver(
    Caches caches, KubeApi api, IDatabaseWire wire, TimeProvider time, Func<Platform> platform)
{
    private readonly PdReader _pd = new(wire);
    private readonly WholeObjects _whole = new(api);

    public async Task<TidbSeen> Observe(StoredCluster stored, CancellationToken cancel)
    {
        var cluster = stored.Cluster;
        var instance = IndexString.OfInstance(stored.Namespace, cluster.Metadata.Instance);
        var pods = caches.Pods.Store.By(instance);
        var pdTask = ReadPd(cluster, pods, cancel);
        var healthTask = ReadTidbHealth(cluster, pods, cancel);
        var configsTask = ReadConfigs(TidbSeen.Questions(cluster, pods), cancel);
        var seen = new TidbSeen
        {
            Now = time.GetUtcNow(),
            Cluster = cluster,
            Problems = stored.IsReadable ? Validation.Check(cluster) : stored.Problems,
            Platform = platform(),
            Objects = [.. caches.Others.SelectMany(kind => Mine(kind, stored, instance))],
            StatefulSets = Mine(caches.StatefulSets, stored, instance),
            Deployments = Mine(caches.Deployments, stored, instance),
            Pods = pods,
            Claims = caches.Claims.Store.By(instance),
            Nodes = caches.Nodes is { } nodes
                ? Known.Of(nodes.Store.All())
                : Known.Unknown<IReadOnlyList<ObservedNode>>("the operator may not read nodes"),
            Pd = await pdTask,
            TidbHealth = await healthTask,
            Configs = await configsTask,
        };
        return AdoptionSeen.IsNeeded(seen) ? seen with { Adoption = await _whole.Read(seen, cancel) } : seen;
    }

    /// <summary>What the cluster owns, and what bears its label without being owned.</summary>
    private static List<T> Mine<T>(CachedKind<T> kind, StoredCluster stored, string instance) where T : Observed
    {
        var owned = kind.Store.By(IndexString.OwnedBy(stored.Uid));
        return [.. owned, .. kind.Store.By(instance).Where(item => item.OwnerUid != stored.Uid)];
    }

    private Task<Known<PdSeen>> ReadPd(TidbCluster cluster, IReadOnlyList<ObservedPod> pods, CancellationToken cancel)
    {
        // Before any PD pod has an address there is nobody to ask; asking would only take time.
        var members = pods.Where(p => p.Component == "pd" && p.PodIP.Length > 0 && p.Deleting is null)
            .Select(p => TidbNames.PdMemberUrl(cluster, p.Name)).ToList();
        return members.Count == 0
            ? Task.FromResult(Known.Unknown<PdSeen>("no PD pod is running"))
            : _pd.Read(
                [TidbNames.PdUrl(cluster), .. members], cluster.Spec.Tikv?.UpdatePolicy?.Type == "FailureDomain",
                cancel);
    }

    private async Task<SortedDictionary<string, Known<TidbPodHealth>>> ReadTidbHealth(
        TidbCluster cluster, IReadOnlyList<ObservedPod> pods, CancellationToken cancel)
    {
        var asked = pods.Where(p => p.Component == "tidb" && p.PodIP.Length > 0 && p.Deleting is null).ToList();
        var answers = await Task.WhenAll(asked.Select(p => AskTidb(cluster, p.Name, cancel)));
        var health = new SortedDictionary<string, Known<TidbPodHealth>>(StringComparer.Ordinal);
        for (var i = 0; i < asked.Count; i++)
            health[asked[i].Name] = answers[i];
        return health;
    }

    private async Task<SortedDictionary<string, Known<JsonObject>>> ReadConfigs(
        IReadOnlyList<(string Name, string Url)> questions, CancellationToken cancel)
    {
        var configs = new SortedDictionary<string, Known<JsonObject>>(StringComparer.Ordinal);
        var answers = await Task.WhenAll(questions.Select(question => ReadConfig(question.Url, cancel)));
        for (var i = 0; i < questions.Count; i++)
            configs[questions[i].Name] = answers[i];
        return configs;
    }

    private async Task<Known<JsonObject>> ReadConfig(string url, CancellationToken cancel)
    {
        var reply = await wire.Send(new("GET", url), cancel);
        if (!reply.Succeeded)
            return Known.Unknown<JsonObject>($"GET {url}: {reply.Problem}");
        try
        {
            return JsonNode.Parse(reply.Body) is JsonObject config
                ? Known.Of(config)
                : Known.Unknown<JsonObject>($"GET {url}: the answer is no object");
        }
        catch (JsonException e)
        {
            return Known.Unknown<JsonObject>($"GET {url}: the answer cannot be read: {e.Message}");
        }
    }

    private async Task<Known<TidbPodHealth>> AskTidb(TidbCluster cluster, string pod, CancellationToken cancel)
    {
        var url = TidbNames.TidbStatusUrl(cluster, pod);
        var reply = await wire.Send(new("GET", url), cancel);
        if (!reply.Answered)
            return Known.Unknown<TidbPodHealth>($"GET {url}: {reply.Problem}");
        return Known.Of(reply.Succeeded ? new TidbPodHealth(true) : new TidbPodHealth(false, reply.Problem));
    }
}
