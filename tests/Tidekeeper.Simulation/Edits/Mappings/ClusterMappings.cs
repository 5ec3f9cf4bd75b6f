using Tidekeeper.Playground.Store;
using Tidekeeper.Simulation.Edits.Oracles;

namespace Tidekeeper.Simulation.Edits.Mappings;

/// <summary>Properties of the whole cluster, and those that no object shows.</summary>
internal static class ClusterMappings
{
    public static IReadOnlyList<Mapping> All { get; } =
    [
        new(["spec.timezone"], Reach.All, "variable TZ", (v, c) =>
            [new($"{c}: TZ", v.Spec["timezone"] ?? "UTC", v.Variable(c, "TZ"))]) { Components = View.Replicated },
        new(["spec.clusterDomain"], Reach.All, "variable TIDEKEEPER_CLUSTER_DOMAIN; names of members", (v, c) =>
            [new($"{c}: domain", v.Spec.Text("clusterDomain") is { Length: > 0 } domain ? domain : null,
                v.Variable(c, "TIDEKEEPER_CLUSTER_DOMAIN"))]) { Components = View.Replicated },
        new(["spec.preferIPv6"], Reach.All, "variable TIDEKEEPER_BIND", (v, c) =>
            [new($"{c}: bind", v.Spec.Flag("preferIPv6") == true ? "[::]" : null, v.Variable(c, "TIDEKEEPER_BIND"))])
            { Components = View.Replicated },
        new(["spec.enableDynamicConfiguration"], Reach.All, "variable TIDEKEEPER_ADVERTISE_STATUS of TiKV", (v, c) =>
            [new("tikv: advertised status", v.Spec.Flag("enableDynamicConfiguration") == true ? "yes" : null,
                v.Variable(c, "TIDEKEEPER_ADVERTISE_STATUS"))]) { Components = ["tikv"] },
        new(["spec.retention.whenDeleted"], Reach.Nobody, "PersistentVolumeClaims: metadata.ownerReferences", Owned)
            { Components = ["pd", "tikv"] },
    ];

    /// <summary>Null where what is said of a property is in <see cref="All"/> and its like.</summary>
    public static IReadOnlyList<NoEffect> WithoutEffect { get; } =
    [
        .. Acts("it tells how the operator acts", "spec.approval", "spec.breaker.enabled", "spec.breaker.failures",
            "spec.breaker.window", "spec.breaker.contradiction", "spec.paused", "spec.{c}.paused",
            "spec.{c}.maxFailoverCount", "spec.{c}.failoverPeriod", "spec.{k}.recoverFailover",
            "spec.{k}.failover.recoverByUID",
            "spec.tikv.evictLeaderTimeout", "spec.tikv.waitLeaderTransferBackTimeout", "spec.tikv.updatePolicy.type",
            "spec.tikv.updatePolicy.maxParallel", "spec.tikv.updatePolicy.onStalledEviction", "spec.enablePVReclaim",
            "spec.retention.whenScaled"),
        .. Acts("discovery is a Deployment of the operator's own image, and always runs", "spec.discovery.image",
            "spec.discovery.version", "spec.discovery.configUpdateStrategy", "spec.discovery.podManagementPolicy",
            "spec.discovery.statefulSetUpdateStrategy", "spec.discovery.suspendAction.suspendStatefulSet",
            "spec.discovery.automountServiceAccountToken"),
        .. Acts("it means nothing without TLS", "spec.pd.mountClusterClientSecret",
            "spec.tikv.mountClusterClientSecret", "spec.tidb.tlsClient.disableClientAuthn",
            "spec.tidb.tlsClient.skipInternalClientCA"),
        .. NotYet("spec.pd.service.port", "spec.tiflash.storageClaims[].resources.limits"),
        .. NotYet("spec.pvReclaimPolicy", "spec.enablePVCReplace", "spec.statefulSetUpdateStrategy",
            "spec.{c}.statefulSetUpdateStrategy", "spec.startScriptVersion", "spec.startScriptV2FeatureFlags",
            "spec.pd.startUpScriptVersion", "spec.pd.tlsClientSecretName", "spec.pd.spareVolReplaceReplicas",
            "spec.tikv.spareVolReplaceReplicas", "spec.tikv.scalePolicy.scaleInParallelism",
            "spec.tikv.scalePolicy.scaleOutParallelism", "spec.tidb.scalePolicy.scaleInParallelism",
            "spec.tidb.scalePolicy.scaleOutParallelism", "spec.tiflash.scalePolicy.scaleInParallelism",
            "spec.tiflash.scalePolicy.scaleOutParallelism", "spec.pd.initWaitTime", "spec.discovery.livenessProbe.type",
            "spec.discovery.livenessProbe.initialDelaySeconds", "spec.discovery.livenessProbe.periodSeconds",
            "spec.tidb.customizedStartupProbe", "spec.tidb.serverLabels", "spec.pdms", "spec.ticdc", "spec.tiproxy",
            "spec.pump", "spec.tici", "spec.tlsCluster.enableDiscoveryMTLS", "spec.tlsCluster.enabled",
            "spec.tidb.tlsClient.enabled", "spec.tidb.tokenBasedAuthEnabled", "spec.tidb.initializer.createPassword",
            "spec.cluster.name", "spec.cluster.namespace", "spec.cluster.clusterDomain", "spec.pdAddresses",
            "spec.acrossK8s", "spec.recoveryMode", "spec.pd.mode", "spec.tidb.binlogEnabled"),
    ];

    private static IEnumerable<NoEffect> Acts(string why, params string[] paths) =>
        paths.SelectMany(Expand).Select(path => new NoEffect(path, why));

    private static IEnumerable<NoEffect> NotYet(params string[] paths) =>
        paths.SelectMany(Expand).Select(path => new NoEffect(path, "not acted upon yet", IsNamed: true));

    private static IEnumerable<string> Expand(string path) => path switch
    {
        _ when path.Contains("{c}", StringComparison.Ordinal) =>
            View.Replicated.Select(one => path.Replace("{c}", one, StringComparison.Ordinal)),
        _ when path.Contains("{k}", StringComparison.Ordinal) =>
            ((string[])["tikv", "tiflash"]).Select(one => path.Replace("{k}", one, StringComparison.Ordinal)),
        _ => [path],
    };

    private static IEnumerable<Claim> Owned(View view, string component)
    {
        var wanted = view.Spec.Text("retention", "whenDeleted") == "Delete";
        foreach (var pod in view.Pods(component))
        {
            var claim = view.Get("v1/persistentvolumeclaims", $"{component}-{pod.Name()}");
            yield return new($"claim of {pod.Name()} goes with the cluster", wanted,
                claim.ObjectsAt("metadata", "ownerReferences").Any(one => one.Text("kind") == "TidbCluster"));
        }
    }
}
