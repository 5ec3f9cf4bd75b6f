using System.Text.Json.Nodes;
using Tidekeeper.Playground.Api.Schemas;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Api.Ownership;

/// <summary>What the schema says about owning a value: is it one thing, or are its parts owned one by one?</summary>
internal static class FieldShape
{
    // Structs that Go writes even when nothing is in them: their parent never "adds" them.
    private static readonly SortedSet<string> AlwaysWritten = new(StringComparer.Ordinal)
    {
        "CronJobSpec", "CronJobStatus", "CustomResourceDefinitionNames", "CustomResourceDefinitionSpec",
        "CustomResourceDefinitionStatus", "DaemonEndpoint", "DaemonSetSpec", "DaemonSetStatus",
        "DaemonSetUpdateStrategy", "DeploymentSpec", "DeploymentStatus", "DeploymentStrategy", "EventSource",
        "HorizontalPodAutoscalerSpec", "HorizontalPodAutoscalerStatus", "JobSpec", "JobStatus", "JobTemplateSpec",
        "LeaseSpec", "LoadBalancerStatus", "NamespaceSpec", "NamespaceStatus", "NetworkPolicySpec",
        "NodeDaemonEndpoints", "NodeSpec", "NodeStatus", "NodeSystemInfo", "ObjectMeta", "PersistentVolumeClaimSpec",
        "PersistentVolumeClaimStatus", "PersistentVolumeSpec", "PersistentVolumeStatus", "PodDisruptionBudgetSpec",
        "PodDisruptionBudgetStatus", "PodSpec", "PodStatus", "PodTemplateSpec", "ReplicaSetSpec", "ReplicaSetStatus",
        "ResourceRequirements", "ServiceSpec", "ServiceStatus", "StatefulSetSpec", "StatefulSetStatus",
        "StatefulSetUpdateStrategy", "VolumeResourceRequirements",
    };

    private static readonly string[] EventFields =
        ["eventTime", "firstTimestamp", "lastTimestamp", "reportingComponent", "reportingInstance"];

    /// <summary>A map that has one owner: by its schema, or because the server keeps it as mere bytes.</summary>
    public static bool IsAtomicMap(Schema schema) => schema.MapType == "atomic"
        || schema.Definition?.EndsWith(".RawExtension", StringComparison.Ordinal) == true;

    public static bool IsAtomicList(Schema schema) => schema.ListType is not ("map" or "set");

    /// <summary>The schema of a field; what the schema does not know is owned part by part, lists as a whole.</summary>
    public static Schema Child(Schema schema, string name, bool isRoot) =>
        isRoot && name == "metadata" ? BuiltinSchemas.ObjectMeta : schema.Child(name) ?? Schema.Anything;

    /// <summary>The field is there even when nothing is in it, provided that its parent is there.</summary>
    public static bool IsAlwaysThere(Schema parent, string name, Schema child)
    {
        if (parent.Definition is null)
            return false;
        if (parent.Required.Contains(name) || (parent.Definition.EndsWith(".Event", StringComparison.Ordinal)
            && EventFields.Contains(name)))
            return true;
        return child.Definition is { } definition
            && AlwaysWritten.Contains(definition[(definition.LastIndexOf('.') + 1)..]);
    }

    /// <summary>How an element of a list is addressed: by its keys or by its value.</summary>
    public static string Element(Schema list, JsonNode? item)
    {
        if (list.ListType == "set")
            return "v:" + (item?.ToJsonString(RelaxedJson.Options) ?? "null");
        var keys = new JsonObject();
        foreach (var key in list.ListMapKeys.Order(StringComparer.Ordinal))
        {
            // The only key of Kubernetes' own types that may be left out.
            if (item.At(key)?.DeepClone() is { } value)
                keys[key] = value;
            else if (key == "protocol")
                keys[key] = "TCP";
        }

        return "k:" + keys.ToJsonString(RelaxedJson.Options);
    }

    /// <summary>The elements of a list by how they are addressed, in order; of duplicates the first.</summary>
    public static OrderedDictionary<string, JsonNode?> Elements(Schema list, JsonArray? items)
    {
        var elements = new OrderedDictionary<string, JsonNode?>(StringComparer.Ordinal);
        foreach (var item in items ?? [])
            elements.TryAdd(Element(list, item), item);
        return elements;
    }
}
