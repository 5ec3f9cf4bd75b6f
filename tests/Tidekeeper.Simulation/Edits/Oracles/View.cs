using System.Text.Json.Nodes;
using Tidekeeper.Model.Toml;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Simulation.Edits.Oracles;

/// <summary>
/// A cluster's spec and the objects that must agree with it, read from the API as anybody could. Nothing here knows how
/// the operator renders them.
/// </summary>
/// <param name="spec">Looked at in place of the cluster's own; null for that.</param>
public sealed class View(SimulatedCluster cluster, string name, JsonObject? spec = null)
{
    public static readonly IReadOnlyList<string> Replicated = ["pd", "tikv", "tidb", "tiflash"];

    private readonly JsonObject _item = cluster.Cluster(name)!;

    public string Name => name;
    public JsonObject Spec => spec ?? (JsonObject)_item["spec"]!;
    public JsonNode? Status => _item["status"];
    public SimulatedCluster World => cluster;

    /// <summary>The components that the spec declares and does not suspend.</summary>
    public IEnumerable<string> Running => Replicated.Where(one => Spec[one] is JsonObject && !IsSuspended(one));

    /// <summary>The component's own word goes before the cluster's.</summary>
    public bool IsSuspended(string component) =>
        Either(component, "suspendAction").Flag("suspendStatefulSet") == true;

    /// <summary>The StatefulSet of a component, the Deployment of discovery.</summary>
    public JsonObject? Workload(string component) => Get(
        component == "discovery" ? "apps/v1/deployments" : "apps/v1/statefulsets", $"{name}-{component}");

    public JsonNode? Template(string component) => Workload(component).At("spec", "template");

    public JsonNode? Pod(string component) => Template(component).At("spec");

    public JsonObject? Main(string component) => Container(component, component);

    public JsonObject? Container(string component, string container) =>
        Pod(component).ObjectsAt("containers").Concat(Pod(component).ObjectsAt("initContainers"))
            .FirstOrDefault(one => one.Text("name") == container);

    /// <summary>The value of a variable in the main container; null when it is not set.</summary>
    public JsonNode? Variable(string component, string variable) =>
        Main(component).ObjectsAt("env").FirstOrDefault(one => one.Text("name") == variable)?["value"];

    public IEnumerable<JsonObject> Claims(string component) =>
        Workload(component).ObjectsAt("spec", "volumeClaimTemplates");

    public JsonObject? Service(string component) => Get("v1/services", $"{name}-{component}");

    /// <summary>A file of the ConfigMap that the pods are to mount.</summary>
    public TomlTable? File(string component, string key)
    {
        var map = Pod(component).ObjectsAt("volumes").FirstOrDefault(one => one.Text("name") == "config")
            .Text("configMap", "name");
        return map is not null && Get("v1/configmaps", map).Text("data", key) is { } text
            ? TomlTable.Parse(text) : null;
    }

    /// <summary>A component's own field, or else the cluster's.</summary>
    public JsonNode? Either(string component, string field) => Spec[component]?[field] ?? Spec[field];

    /// <summary>The cluster's map under the component's: the component's keys win.</summary>
    public JsonObject Merged(string component, string field)
    {
        var merged = new JsonObject();
        foreach (var map in (JsonObject?[])[Spec[field] as JsonObject, Spec[component]?[field] as JsonObject])
        {
            foreach (var (key, value) in map ?? [])
                merged[key] = value?.DeepClone();
        }

        return merged;
    }

    public JsonObject? Get(string resource, string objectName) =>
        cluster.Api.Get(resource, SimulatedCluster.Namespace, objectName);

    public IReadOnlyList<JsonObject> Pods(string component) => cluster.Api.List("v1/pods", SimulatedCluster.Namespace,
        $"app.kubernetes.io/instance={name},app.kubernetes.io/component={component}");

    /// <summary>A condition of the cluster; null when there is none.</summary>
    public JsonObject? Condition(string type) =>
        Status.ObjectsAt("conditions").FirstOrDefault(one => one.Text("type") == type);
}
