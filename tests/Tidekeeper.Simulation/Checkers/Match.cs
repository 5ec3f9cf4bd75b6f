using System.Text.Json.Nodes;
using Tidekeeper.Model.Kubernetes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Simulation.Checkers;

/// <summary>
/// L1, "the world is as the spec says", written from the reference and not from the operator's builders: a fault in a
/// builder must not cancel itself out here. Null means that everything matches; otherwise what is still pending.
/// </summary>
public static class Match
{
    private static readonly string[] Components = ["pd", "tikv", "tiflash", "tidb"];

    public static string? Pending(SimulatedCluster cluster, string name)
    {
        var ns = SimulatedCluster.Namespace;
        if (cluster.Cluster(name) is not { } item)
            return $"TidbCluster {name} does not exist";
        foreach (var component in Components)
        {
            if (item["spec"]?[component] is JsonObject spec
                && Workload(cluster, ns, name, component, spec, item) is { } pending)
                return pending;
        }

        return Objects(cluster, ns, name, item) ?? Database(cluster, ns, name, item) ?? ReadyCondition(item);
    }

    private static string? Workload(
        SimulatedCluster cluster, string ns, string name, string component, JsonObject spec, JsonObject item)
    {
        var full = $"{name}-{component}";
        var set = cluster.Api.Get("apps/v1/statefulsets", ns, full);
        if (set is null)
            return $"StatefulSet {full} does not exist";
        var wanted = spec.Number("replicas");
        if (set.Number("spec", "replicas") != wanted)
            return $"StatefulSet {full} has {set["spec"]!["replicas"]} replicas instead of {wanted}";
        var pods = cluster.Api.List("v1/pods", ns,
            $"app.kubernetes.io/instance={name},app.kubernetes.io/component={component}");
        if (pods.Count != wanted)
            return $"{full} has {pods.Count} pods instead of {wanted}";
        var image = WantedImage(item, component);
        foreach (var pod in pods)
        {
            if (ImageOf(pod, component) is var runs && runs != image)
                return $"{pod["metadata"]!["name"]} runs {runs} instead of {image}";
            if (spec.Text("configUpdateStrategy") == "RollingUpdate" && !HasNewest(set, pod))
                return $"{pod["metadata"]!["name"]} was made from an earlier template";
            if (!IsReady(pod))
                return $"{pod["metadata"]!["name"]} is not ready";
        }

        return null;
    }

    public static string WantedImage(JsonObject item, string component)
    {
        var spec = item["spec"]![component];
        return $"{spec.Text("baseImage") ?? $"pingcap/{component}"}:"
            + (spec.Text("version") ?? item.Text("spec", "version"));
    }

    public static string? ImageOf(JsonObject pod, string component) => (string?)pod["spec"]!["containers"]!.AsArray()
        .FirstOrDefault(container => (string?)container!["name"] == component)?["image"];

    // By what our template says of the user's intent: what a process takes online changes the template as well.
    private static bool HasNewest(JsonObject set, JsonObject pod) =>
        set.Text("spec", "template", "metadata", "annotations", Labels.Intent)
            == pod.Text("metadata", "annotations", Labels.Intent);

    private static string? Objects(SimulatedCluster cluster, string ns, string name, JsonObject item)
    {
        (string Resource, string Name)[] wanted =
        [
            ("v1/services", $"{name}-pd"), ("v1/services", $"{name}-pd-peer"), ("v1/services", $"{name}-tikv-peer"),
            ("v1/services", $"{name}-tidb-peer"), ("v1/services", $"{name}-discovery"),
            ("apps/v1/deployments", $"{name}-discovery"),
        ];
        foreach (var (resource, objectName) in wanted)
        {
            var found = cluster.Api.Get(resource, ns, objectName);
            if (found is null)
                return $"{resource} {objectName} does not exist";
            var owner = found["metadata"]!["ownerReferences"]?[0];
            if ((string?)owner?["uid"] != (string?)item["metadata"]!["uid"])
                return $"{resource} {objectName} is not controlled by the cluster";
        }

        return null;
    }

    private static string? Database(SimulatedCluster cluster, string ns, string name, JsonObject item)
    {
        var database = cluster.Databases.WithMember(ns, $"{name}-pd-0") is [var only, ..] ? only : null;
        if (database is null)
            return "no PD cluster has been begun";
        if (!database.Pd.HasQuorum)
            return "PD has no quorum";
        var members = item.Number("spec", "pd", "replicas");
        if (database.Pd.State.Members.Count != members)
            return $"PD has {database.Pd.State.Members.Count} members instead of {members}";
        if ((string?)item["status"]?["clusterID"] != database.ClusterId.ToString())
            return $"status.clusterID is {item["status"]?["clusterID"]} and PD's is {database.ClusterId}";
        // TiFlash is no store of rows; that its pods are ready was looked at before.
        var running = database.Stores.Nodes.Count(n => n.Running);
        var stores = item.Number("spec", "tikv", "replicas");
        if (running != stores)
            return $"{running} stores run instead of {stores}";
        var known = new Members(cluster, name).Stores.Count;
        if (known != stores)
            return $"PD counts on {known} stores instead of {stores}";

        // S6: who kept leaders away for a restart must let them come back.
        return database.Pd.State.EvictedStores is { Count: > 0 } evicted
            ? $"PD still keeps the leaders away from {string.Join(", ", evicted)}"
            : null;
    }

    private static string? ReadyCondition(JsonObject item)
    {
        if (item.Number("status", "observedGeneration") != item.Number("metadata", "generation"))
            return "the status is of an older generation";
        return IsReady(item) ? null : "condition Ready is not True: "
            + Conditions(item).Where(c => (string?)c["type"] == "Ready")
                .Select(c => (string?)c["message"]).FirstOrDefault();
    }

    public static bool IsReady(JsonObject item) =>
        Conditions(item).Any(c => (string?)c["type"] == "Ready" && (string?)c["status"] == "True");

    private static IEnumerable<JsonObject> Conditions(JsonObject item) =>
        item["status"]?["conditions"]?.AsArray().OfType<JsonObject>() ?? [];
}
