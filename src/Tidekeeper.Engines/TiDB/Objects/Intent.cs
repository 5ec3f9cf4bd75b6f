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
        "replicas", "service", "maxFailoverCount", "failoverPeriod", "scalePolicy", "evictLeaderTimeout",
        "waitLeaderTransferBackTimeout", "recoverFailover", "failover", "storeLabels", "storageClassName",
        "volumeAttributesClassName", "storageClaims", "updatePolicy", "spareVolReplaceReplicas",
        "statefulSetUpdateStrategy", "podManagementPolicy", "configUpdateStrategy",
        "suspendAction", "imagePullPolicy", "imagePullSecrets", "config", "version", "baseImage", "image", "requests",
        "limits", "annotations", "labels", "nodeSelector", "startUpScriptVersion", "serverLabels", "startTimeout",
        "mountClusterClientSecret", "tlsClientSecretName", "tlsClient", "tokenBasedAuthEnabled", "binlogEnabled",
        "mode", "initWaitTime", "customizedStartupProbe", "enableDashboardInternalProxy"
    ];

    /// <summary>Fields of a component that its StatefulSet does not depend on, or that are resolved below.</summary>
    private static readonly string[] NotInSet =
    [
        "paused",
        "replicas", "service", "maxFailoverCount", "failoverPeriod", "scalePolicy", "evictLeaderTimeout",
        "waitLeaderTransferBackTimeout", "recoverFailover", "failover", "storeLabels", "updatePolicy", "suspendAction",
        "spareVolReplaceReplicas"
    ];

    /// <summary>The intent behind the pods: a new value means that running pods are outdated.</summary>
    public static string OfPods(Component component) => component.PodsIntent;

    /// <summary>
    /// Whether a pod was made from another intent. Its second part is that of the configuration, which counts only
    /// where a changed one is a reason to restart: so changing that rule restarts nobody who has the newest.
    /// </summary>
    public static bool IsOutdated(Component component, string intent)
    {
        var wanted = component.PodsIntent;
        return component.ConfigRestarts ? intent != wanted : intent.Split('.')[0] != wanted.Split('.')[0];
    }

    /// <summary>Whether a pod was made from another configuration, apart from what processes change online.</summary>
    public static bool HasOtherConfig(Component component, string intent) =>
        intent.Split('.') is [_, var config] && component.PodsIntent.Split('.') is [_, var wanted] && config != wanted;

    /// <summary>Short, and the same for the same reason to restart.</summary>
    public static string ShortOfPods(Component component)
    {
        var parts = component.PodsIntent.Split('.');
        return parts.Length == 2 && component.ConfigRestarts ? parts[0][..4] + parts[1][..4] : parts[0][..8];
    }

    /// <summary>For <see cref="Component.PodsIntent"/>, which keeps it.</summary>
    public static string HashOfPods(Component component)
    {
        var wants = Fields(component);
        foreach (var field in NotInPods)
            wants.Remove(field);
        RemoveDefaults(component, wants);
        wants["image"] = component.Image;
        if (component.Replicated is { } spec)
            wants["resources"] = Container.Resources(spec.Requests, spec.Limits);
        wants["annotations"] = Document.Map(component.UserAnnotations);
        wants["labels"] = Document.Map(component.UserLabels.Where(one => !component.Selector.ContainsKey(one.Key)));
        wants["nodeSelector"] = Document.Map(component.NodeSelector);
        wants["helper"] = component.Cluster.Spec.Helper?.Image;
        wants["timezone"] = component.Timezone;
        wants["clusterDomain"] = component.Cluster.Spec.ClusterDomain is { Length: > 0 } domain ? domain : null;
        wants["preferIPv6"] = component.Cluster.Spec.PreferIPv6 == true;
        if (component.Spec is TikvSpec)
            wants["enableDynamicConfiguration"] = component.Cluster.Spec.EnableDynamicConfiguration == true;
        wants["hostNetwork"] = component.HostNetwork;
        wants["dnsPolicy"] = component.DnsPolicy is "ClusterFirst" ? null : component.DnsPolicy;
        wants["schedulerName"] = component.SchedulerName is "default-scheduler" ? null : component.SchedulerName;
        wants["priorityClassName"] = component.PriorityClassName;
        wants["serviceAccount"] = component.ServiceAccount;
        wants.Set("affinity", component.Affinity);
        wants.Set("tolerations", component.Tolerations);
        wants.Set("dnsConfig", component.DnsConfig);
        wants.Set("podSecurityContext", component.PodSecurityContext);
        if (component.Cluster.Spec.TopologySpreadConstraints is not null)
            wants.Set("clusterSpread", Json(component.Cluster.Spec)["topologySpreadConstraints"]);
        // Where PD is, all others are told when they start.
        if (component.Name is not (Component.Pd or Component.Discovery)
            && TidbPorts.PdClient(component.Cluster) is not TidbPorts.PdClientDefault and var port)
            wants["pdPort"] = port;
        return component.Replicated is null ? Fingerprint.Of(wants)
            : $"{Fingerprint.Of(wants)}.{Fingerprint.Of(ConfigFiles.RestartPart(component))[..8]}";
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
        wants["dnsPolicy"] = component.DnsPolicy;
        wants["scheduler"] = component.SchedulerName;
        wants.Set("helperPullPolicy", component.Cluster.Spec.Helper?.ImagePullPolicy);
        if (component.Spec is PdSpec && PdPods.StartsWithoutDns(component.Cluster))
            wants["waitDns"] = "no";
        if (component.Spec is TiflashSpec)
            wants["tidbStatus"] = Configuration.TidbStatusAddress(component.Cluster);
        return Fingerprint.Of(wants);
    }

    /// <summary>
    /// What a StatefulSet cannot change once it exists, and what its members must not: where their data is, and the
    /// names by which they know each other. An API server with rules in CEL refuses the last two already.
    /// </summary>
    public static string OfFixedFields(Component component, JsonObject set)
    {
        var fixedFields = new JsonObject
        {
            ["claims"] = set["spec"]!["volumeClaimTemplates"]?.DeepClone(),
            ["service"] = set["spec"]!["serviceName"]!.DeepClone(),
            ["policy"] = set["spec"]!["podManagementPolicy"]!.DeepClone(),
            ["selector"] = set["spec"]!["selector"]!.DeepClone()
        };
        var directory = DataDirectory.Of("", component.Spec switch
        {
            PdSpec pd => pd.DataSubDir,
            TikvSpec tikv => tikv.DataSubDir,
            _ => null
        });
        if (directory.Length > 0)
            fixedFields["directory"] = directory;
        if (component.Cluster.Spec.ClusterDomain is { Length: > 0 } domain)
            fixedFields["domain"] = domain;
        return Fingerprint.Of(fixedFields);
    }

    /// <summary>Whoever writes down what is so anyway wants nothing else.</summary>
    private static void RemoveDefaults(Component component, JsonObject wants)
    {
        foreach (var (field, value) in wants.ToList())
        {
            var says = value switch
            {
                JsonArray list => list.Count > 0,
                JsonValue one when one.TryGetValue<bool>(out var flag) => flag != (field == "separateSlowLog"),
                JsonValue one when one.TryGetValue<string>(out var text) => text.Length > 0,
                JsonValue one when one.TryGetValue<long>(out var number) =>
                    field != "terminationGracePeriodSeconds" || number != 30,
                _ => true
            };
            if (!says)
                wants.Remove(field);
        }

        // TiDB's is a job of its own, TiFlash's a container of each pod.
        if (component.Spec is TidbSpec)
            wants.Remove("initializer");
        var tailer = component.Spec is TidbSpec ? "slowLogTailer" : "logTailer";
        if (component.Spec is TidbSpec { SeparateSlowLog: false }
            or TikvSpec { SeparateRaftLog: not true, SeparateRocksDBLog: not true })
            wants.Remove(tailer);
        if (wants[tailer] is JsonObject spec)
        {
            // As that of the main container.
            spec.Remove("imagePullPolicy");
            if (spec.Count == 0)
                wants.Remove(tailer);
        }
    }

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
