using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Simulation.Edits.Oracles;

/// <summary>
/// Everything that belongs to a cluster, without what two equal clusters may differ in: identities, addresses, times,
/// places, and what only tells the way that led here.
/// </summary>
public sealed partial class Snapshot
{
    private static readonly string[] Kinds =
    [
        "apps/v1/statefulsets", "apps/v1/deployments", "apps/v1/daemonsets", "v1/services", "v1/configmaps",
        "v1/persistentvolumeclaims", "v1/secrets", "v1/serviceaccounts", "policy/v1/poddisruptionbudgets",
        "batch/v1/jobs", "batch/v1/cronjobs", "rbac.authorization.k8s.io/v1/roles",
        "rbac.authorization.k8s.io/v1/rolebindings", "networking.k8s.io/v1/networkpolicies",
        "networking.k8s.io/v1/ingresses",
    ];

    private static readonly SortedSet<string> Masked = new(StringComparer.Ordinal)
    {
        "uid", "resourceVersion", "generation", "observedGeneration", "managedFields", "creationTimestamp",
        "lastTransitionTime", "lastUpdateTime", "lastProbeTime", "since", "beginTime", "endTime", "createdAt",
        "lastProgressTime", "podCreateTime", "podUID", "claimUID", "clusterID", "id", "node", "nodeName", "nodePort",
        "clusterIP", "clusterIPs", "healthCheckNodePort", "volumeName", "currentRevision", "updateRevision",
        "currentReplicas", "updatedReplicas", "collisionCount", "leader", "tombstoneStores", "leaderCountBefore",
        "leadersLeft", "conditionsOfObjects", "tidekeeper.io/rendered", "controller-revision-hash",
        "pod-template-hash", "tidb.pingcap.com/cluster-id", "tidb.pingcap.com/member-id", "tidb.pingcap.com/store-id",
        "volume.kubernetes.io/selected-node", "volume.kubernetes.io/storage-provisioner",
        "pv.kubernetes.io/bind-completed", "pv.kubernetes.io/bound-by-controller", "deployment.kubernetes.io/revision",
        "token", "restartCount",
    };

    private readonly SortedDictionary<string, string> _facts = new(StringComparer.Ordinal);

    private Snapshot()
    {
    }

    public static Snapshot Of(SimulatedCluster cluster, string name)
    {
        var snapshot = new Snapshot();
        foreach (var resource in Kinds)
        {
            var kind = resource.Split('/')[^1];
            foreach (var item in cluster.Api.List(resource, SimulatedCluster.Namespace)
                .Where(one => one.Name().Contains($"{name}-", StringComparison.Ordinal)))
                snapshot.KeepObject(kind, item);
        }

        foreach (var pod in cluster.Api.List("v1/pods", SimulatedCluster.Namespace,
            $"app.kubernetes.io/instance={name}"))
            snapshot.KeepPod(pod);
        snapshot.Keep("status", cluster.Cluster(name)?["status"]);
        snapshot.KeepDatabase(cluster, name);
        return snapshot;
    }

    /// <summary>How this one differs from another, a line for each fact; empty when in nothing.</summary>
    /// <param name="ignored">Facts that need not be equal.</param>
    public IReadOnlyList<string> Differences(Snapshot other, Func<string, bool> ignored) =>
    [
        .. from fact in _facts.Keys.Union(other._facts.Keys).Order(StringComparer.Ordinal)
           let here = _facts.GetValueOrDefault(fact)
           let there = other._facts.GetValueOrDefault(fact)
           where here != there && !ignored(fact)
           select $"{fact}: {here ?? "nothing"} instead of {there ?? "nothing"}",
    ];

    private void KeepObject(string kind, JsonObject item)
    {
        var copy = item.Copy();
        copy.Remove("kind");
        copy.Remove("apiVersion");
        // What Kubernetes says of its own objects is Kubernetes's business, as long as it has as many as wanted.
        var ready = item.Number("status", "readyReplicas");
        copy.Remove("status");
        // Who has begun the PD cluster, and who joined it last, is a history.
        if (item.Name().EndsWith("-pd-members", StringComparison.Ordinal))
            copy.Remove("data");
        Keep($"{kind} {item.Name()}", copy);
        if (ready is not null)
            _facts[$"{kind} {item.Name()}.ready"] = $"{ready}";
    }

    private void KeepPod(JsonObject pod)
    {
        var name = pod.Text("metadata", "labels", "app.kubernetes.io/component") == "discovery"
            ? "discovery" : pod.Name();
        Keep($"pods {name}", new JsonObject
        {
            ["labels"] = pod.At("metadata", "labels")?.DeepClone(),
            ["annotations"] = pod.At("metadata", "annotations")?.DeepClone(),
            ["spec"] = pod["spec"]?.DeepClone(),
            ["phase"] = pod.Text("status", "phase"),
            ["ready"] = Checkers.Match.IsReady(pod),
        });
    }

    private void KeepDatabase(SimulatedCluster cluster, string name)
    {
        foreach (var database in cluster.Databases.WithMember(SimulatedCluster.Namespace, $"{name}-pd-0").Take(1))
        {
            var state = database.Pd.State;
            _facts["pd members"] = string.Join(", ",
                state.Members.Select(one => one.Name).Order(StringComparer.Ordinal));
            _facts["pd evictions"] = $"{state.EvictedStores.Count}";
            foreach (var store in state.Stores.Where(one => one.State != 2))
                _facts[$"pd store {store.Address}"] = $"state {store.State}";
            _facts["tidb servers"] = string.Join(", ",
                database.Servers.Select(one => one.PodName).Order(StringComparer.Ordinal));
        }
    }

    private void Keep(string path, JsonNode? node)
    {
        switch (node)
        {
            case JsonObject map:
                foreach (var (key, value) in map)
                {
                    if (!Masked.Contains(key) || (key == "clusterIP" && value.Text() == "None"))
                        Keep($"{path}.{NameOf(key, value)}", value);
                }

                break;
            case JsonArray list:
                for (var i = 0; i < list.Count; i++)
                    Keep($"{path}[{Place(path, list, i)}]", list[i]);
                break;
            case not null:
                _facts[Token().Replace(path, "kube-api-access")] =
                    Token().Replace(Deferred(path) ? "marked" : node.ToJsonString(), "kube-api-access");
                break;
        }
    }

    // Server-side apply puts what is new behind what is there. Where an order means something it is kept.
    private static string Place(string path, JsonArray list, int at) =>
        !path.EndsWith("initContainers", StringComparison.Ordinal)
            && (list[at].Text("name") ?? list[at].Text("mountPath")) is { } name ? name : $"{at}";

    // Ids of stores differ between clusters; the pods behind them do not.
    private static string NameOf(string key, JsonNode? value) =>
        value.Text("podName") is { } pod && key.All(char.IsAsciiDigit) ? pod : key;

    private static bool Deferred(string path) =>
        path.EndsWith("pvc-defer-deleting", StringComparison.Ordinal);

    [GeneratedRegex("kube-api-access-[a-z0-9]{5}")]
    private static partial Regex Token();
}
