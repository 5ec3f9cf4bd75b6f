using System.Text.Json.Nodes;
using Tidekeeper.Playground.Api;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Simulation.V1;

/// <summary>
/// Version 1 of the Go operator, as far as a cluster remembers it: makes the objects, changes them as an upgrade and a
/// failover begin, and writes what it writes on pods, claims and the status. It does nothing by itself.
/// </summary>
public sealed class GoOperator(ApiServer server, string ns, string name)
{
    public const string Manager = "tidb-controller-manager";
    private const string Clusters = "pingcap.com/v1alpha1/tidbclusters";

    private readonly ApiClient _api = new(server, Manager);
    private readonly ApiClient _user = new(server, "kubectl-client-side-apply");

    /// <summary>A user applies the cluster, and v1 makes everything of it.</summary>
    public void Make(JsonObject cluster)
    {
        _user.Create(Clusters, ns, cluster);
        var made = Now();
        foreach (var document in made.Documents())
            _api.Create(Path(document), ns, document);
    }

    /// <summary>The cluster as it is stored, as v1 would render it.</summary>
    public GoCluster Now(params (string Component, int More)[] extra) => new(_api.Get(Clusters, ns, name)!)
    {
        Extra = new(extra.ToDictionary(one => one.Component, one => one.More), StringComparer.Ordinal)
    };

    /// <summary>A user changes the spec; v1 does not see it unless it is told to.</summary>
    public void Change(Action<JsonObject> change)
    {
        var cluster = _user.Get(Clusters, ns, name)!.Copy();
        change(cluster["spec"]!.AsObject());
        _user.Update(Clusters, cluster);
    }

    /// <summary>
    /// v1 writes the StatefulSet of a component as the spec wants it, and lets it go down to an ordinal.
    /// </summary>
    public void Roll(string component, int partition, int more = 0)
    {
        var wanted = Now((component, more));
        var map = wanted.ConfigMap(component);
        if (_api.Get("v1/configmaps", ns, map.Name()) is null)
            _api.Create("v1/configmaps", ns, map);
        var set = _api.Get("apps/v1/statefulsets", ns, $"{name}-{component}")!.Copy();
        var next = wanted.StatefulSet(component);
        foreach (var field in (string[])["template", "replicas", "updateStrategy"])
            set["spec"]![field] = next["spec"]![field]!.DeepClone();
        set["spec"]!["updateStrategy"]!["rollingUpdate"]!["partition"] = partition;
        set["metadata"]!["annotations"] = next["metadata"]!["annotations"]!.DeepClone();
        _api.Update("apps/v1/statefulsets", set);
    }

    /// <summary>The labels that v1 puts on pods and claims once the database has told it their ids.</summary>
    public void Label()
    {
        foreach (var pod in _api.List("v1/pods", ns, $"app.kubernetes.io/instance={name}"))
        {
            var component = pod.Text("metadata", "labels", "app.kubernetes.io/component");
            var next = pod.Copy();
            next["metadata"]!["labels"]!["tidb.pingcap.com/cluster-id"] = "7000000000000000001";
            if (component is "tikv")
                next["metadata"]!["labels"]!["tidb.pingcap.com/store-id"] = "4";
            _api.Update("v1/pods", next);
        }

        foreach (var claim in _api.List("v1/persistentvolumeclaims", ns, $"app.kubernetes.io/instance={name}"))
        {
            var next = claim.Copy();
            next["metadata"]!["annotations"] ??= new JsonObject();
            next["metadata"]!["annotations"]!["tidb.pingcap.com/pod-name"] = claim.Name().Split('-', 2)[1];
            _api.Update("v1/persistentvolumeclaims", next);
        }
    }

    /// <summary>v1 marks a claim whose member it has scaled in.</summary>
    public void Defer(string claim)
    {
        var next = _api.Get("v1/persistentvolumeclaims", ns, claim)!.Copy();
        next["metadata"]!["annotations"] ??= new JsonObject();
        next["metadata"]!["annotations"]!["tidb.pingcap.com/pvc-defer-deleting"] = "2026-01-01T00:00:00Z";
        _api.Update("v1/persistentvolumeclaims", next);
    }

    public void Status(JsonObject status)
    {
        var cluster = _api.Get(Clusters, ns, name)!.Copy();
        cluster["status"] ??= new JsonObject();
        foreach (var (key, value) in status)
            cluster["status"]![key] = value!.DeepClone();
        _api.UpdateStatus(Clusters, cluster);
    }

    /// <summary>What of the cluster v1 wrote last, as <c>tide adopt</c> finds it.</summary>
    public string LastWritten() => Owned()
        .SelectMany(item => item.ObjectsAt("metadata", "managedFields"))
        .Where(entry => entry.Text("manager") == Manager).Select(entry => entry.Text("time") ?? "")
        .DefaultIfEmpty("").Max(StringComparer.Ordinal)!;

    /// <summary>The objects that v1 owns, by kind and name.</summary>
    public IEnumerable<JsonObject> Owned() =>
        from resource in (string[])["apps/v1/statefulsets", "v1/services", "v1/configmaps", "apps/v1/deployments",
            "v1/serviceaccounts", "rbac.authorization.k8s.io/v1/roles", "rbac.authorization.k8s.io/v1/rolebindings"]
        from item in _api.List(resource, ns, $"app.kubernetes.io/instance={name}")
        select item;

    private static string Path(JsonObject document)
    {
        var kind = document.Kind() switch
        {
            "StatefulSet" => "statefulsets",
            "Deployment" => "deployments",
            "Service" => "services",
            "ConfigMap" => "configmaps",
            "ServiceAccount" => "serviceaccounts",
            "Role" => "roles",
            _ => "rolebindings"
        };
        return $"{document.Text("apiVersion")}/{kind}";
    }
}
