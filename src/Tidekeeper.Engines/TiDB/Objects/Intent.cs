using System.Text.Json;
using System.Text.Json.Nodes;
using Tidekeeper.Model.Crds;
using Tidekeeper.Model.Kubernetes;

namespace Tidekeeper.Engines.TiDB.Objects;

/// <summary>
/// Hashes of what the user wants, apart from how we render it. A new hash is the user's reason; a document that
/// differs while the hash is the same is our own doing.
/// </summary>
internal static class Intent
{
    /// <summary>Fields of a component that no running pod depends on, or that are resolved below.</summary>
    private static readonly string[] NotInPods =
    [
        "paused",
        "replicas", "service", "maxFailoverCount", "scalePolicy", "evictLeaderTimeout", "waitLeaderTransferBackTimeout",
        "recoverFailover", "failover", "storeLabels", "storageClassName", "volumeAttributesClassName", "storageClaims",
        "updatePolicy", "spareVolReplaceReplicas", "statefulSetUpdateStrategy", "podManagementPolicy",
        "configUpdateStrategy",
        "suspendAction", "imagePullPolicy", "imagePullSecrets", "config", "version", "baseImage", "image", "requests",
        "limits", "annotations", "labels", "nodeSelector", "startUpScriptVersion", "serverLabels", "startTimeout"
    ];

    /// <summary>Fields of a component that its StatefulSet does not depend on, or that are resolved below.</summary>
    private static readonly string[] NotInSet =
    [
        "paused",
        "replicas", "service", "maxFailoverCount", "scalePolicy", "evictLeaderTimeout", "waitLeaderTransferBackTimeout",
        "recoverFailover", "failover", "storeLabels", "updatePolicy", "suspendAction", "spareVolReplaceReplicas"
    ];

    /// <summary>The intent behind the pods: a new value means that running pods are outdated.</summary>
    public static string OfPods(Component component) => component.PodsIntent;

    /// <summary>For <see cref="Component.PodsIntent"/>, which keeps it.</summary>
    public static string HashOfPods(Component component)
    {
        var wants = Fields(component);
        foreach (var field in NotInPods)
            wants.Remove(field);
        wants["image"] = component.Image;
        if (component.Replicated is { } spec)
            wants["resources"] = Container.Resources(spec.Requests, spec.Limits);
        wants["annotations"] = Document.Map(component.UserAnnotations);
        wants["labels"] = Document.Map(component.UserLabels);
        wants["nodeSelector"] = Document.Map(component.NodeSelector);
        wants["helper"] = component.Cluster.Spec.Helper?.Image;
        wants["timezone"] = component.Timezone;
        wants["clusterDomain"] = component.Cluster.Spec.ClusterDomain;
        wants["preferIPv6"] = component.Cluster.Spec.PreferIPv6;
        wants["enableDynamicConfiguration"] = component.Cluster.Spec.EnableDynamicConfiguration;
        wants["hostNetwork"] = component.HostNetwork;
        wants["dnsPolicy"] = component.DnsPolicy;
        wants["schedulerName"] = component.SchedulerName;
        wants["priorityClassName"] = component.PriorityClassName;
        wants["serviceAccount"] = component.ServiceAccount;
        wants.Set("affinity", component.Affinity);
        wants.Set("tolerations", component.Tolerations);
        wants.Set("dnsConfig", component.DnsConfig);
        wants.Set("podSecurityContext", component.PodSecurityContext);
        if (component.Cluster.Spec.TopologySpreadConstraints is not null)
            wants.Set("clusterSpread", Json(component.Cluster.Spec)["topologySpreadConstraints"]);
        if (component.ConfigRestarts && component.Replicated is not null)
            wants["config"] = ConfigFiles.RestartPart(component);
        return Fingerprint.Of(wants);
    }

    /// <summary>
    /// Everything in the spec that the StatefulSet depends on, so a new value is reason enough to write it.
    /// </summary>
    public static string OfSet(Component component, int replicas)
    {
        var fields = Fields(component);
        foreach (var field in NotInSet)
            fields.Remove(field);
        var wants = new JsonObject
        {
            ["pods"] = OfPods(component),
            ["replicas"] = replicas,
            ["component"] = fields,
            ["adopt"] = component.Cluster.Metadata.Annotations?.GetValueOrDefault(Labels.AdoptTemplate)
        };
        if (component.Cluster.Spec.ImagePullSecrets is not null)
            wants.Set("pullSecrets", Json(component.Cluster.Spec)["imagePullSecrets"]);
        wants["pullPolicy"] = component.PullPolicy;
        return Fingerprint.Of(wants);
    }

    /// <summary>What a StatefulSet cannot change once it exists.</summary>
    public static string OfFixedFields(JsonObject set) => Fingerprint.Of(new JsonObject
    {
        ["claims"] = set["spec"]!["volumeClaimTemplates"]?.DeepClone(),
        ["service"] = set["spec"]!["serviceName"]!.DeepClone(),
        ["policy"] = set["spec"]!["podManagementPolicy"]!.DeepClone(),
        ["selector"] = set["spec"]!["selector"]!.DeepClone()
    });

    private static JsonObject Fields(Component component)
    {
        // What the user did not declare has no fields, though it may have defaults.
        if (component.Name == Component.Discovery && component.Cluster.Spec.Discovery is null)
            return [];
        var spec = component.Spec;
        return JsonSerializer.SerializeToNode(spec, spec.GetType(), TidbClusterJson.Default)!.AsObject();
    }

    private static JsonObject Json(TidbClusterSpec spec) =>
        JsonSerializer.SerializeToNode(spec, TidbClusterJson.Default.TidbClusterSpec)!.AsObject();
}
