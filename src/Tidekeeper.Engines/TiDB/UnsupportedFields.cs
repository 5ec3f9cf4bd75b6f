using Tidekeeper.Model;
using Tidekeeper.Model.Crds;
using Tidekeeper.Model.Kubernetes;

namespace Tidekeeper.Engines.TiDB;

/// <summary>
/// The fields that are accepted and not acted upon, each with what happens instead. A field whose neglect could lose
/// data, open a cluster to others or do the opposite of what was asked stops everything; the rest is only named. To
/// support a field, remove its line here and "Not acted upon" in its description.
/// </summary>
public static class UnsupportedFields
{
    private sealed record Field(
        string Path, Func<TidbClusterSpec, string?> Value, string Instead, Severity Severity = Severity.Unsupported);

    private sealed record ComponentField(
        string Path, Func<ReplicatedSpec, string?> Value, string Instead, Severity Severity = Severity.Unsupported);

    private const string OtherOperator = "remove the field, or leave this cluster to the Go operator for now";
    private const string Silence = "remove the field to silence this";

    private static readonly IReadOnlyList<Field> OfCluster =
    [
        new("tlsCluster.enabled", s => On(s.TlsCluster?.Enabled),
            "components would talk in plain text", Severity.Refused),
        new("tlsCluster.enableDiscoveryMTLS", s => On(s.TlsCluster?.EnableDiscoveryMTLS),
            "discovery talks in plain text"),
        new("tidb.tlsClient.enabled", s => On(s.Tidb?.TlsClient?.Enabled),
            "SQL clients would talk in plain text", Severity.Refused),
        new("tidb.tokenBasedAuthEnabled", s => On(s.Tidb?.TokenBasedAuthEnabled),
            "nobody could log in with a token", Severity.Refused),
        new("tidb.initializer.createPassword", s => On(s.Tidb?.Initializer?.CreatePassword),
            "root would have no password", Severity.Refused),
        new("cluster", s => s.Cluster?.Name,
            "a second, separate cluster would be made instead of joining that one", Severity.Refused),
        new("pdAddresses", s => s.PdAddresses is { Count: > 0 } list ? list[0] : null,
            "a second, separate cluster would be made instead of joining that one", Severity.Refused),
        new("acrossK8s", s => On(s.AcrossK8s),
            "members would not find those in other Kubernetes clusters", Severity.Refused),
        new("recoveryMode", s => On(s.RecoveryMode),
            "TiKV would start on volumes that are not restored yet", Severity.Refused),
        new("pd.mode", s => Text(s.Pd?.Mode), "PD would run as one process", Severity.Refused),
        new("tidb.binlogEnabled", s => On(s.Tidb?.BinlogEnabled),
            "TiDB would not start, since Pump is not run", Severity.Refused),
        new("pdms", s => s.Pdms is { Count: > 0 } ? "(a list)" : null, "PD runs as one process"),
        new("ticdc", s => Present(s.Ticdc), "TiCDC is not run"),
        new("tiproxy", s => Present(s.Tiproxy), "TiProxy is not run"),
        new("pump", s => Present(s.Pump), "Pump is not run"),
        new("tici", s => Present(s.Tici), "TiCI is not run"),
        new("pvReclaimPolicy", s => s.PvReclaimPolicy is { Length: > 0 } policy and not "Retain" ? policy : null,
            "volumes keep the policy of their storage class"),
        new("enablePVCReplace", s => On(s.EnablePVCReplace), "volumes are not replaced"),
        new("statefulSetUpdateStrategy", s => Text(s.StatefulSetUpdateStrategy),
            "the operator decides when each pod restarts"),
        new("startScriptVersion", s => Text(s.StartScriptVersion), "the operator has start scripts of its own"),
        new("startScriptV2FeatureFlags", s => s.StartScriptV2FeatureFlags is { Count: > 0 } list ? list[0] : null,
            "the operator has start scripts of its own"),
        new("pd.startUpScriptVersion", s => Text(s.Pd?.StartUpScriptVersion),
            "the operator has start scripts of its own"),
        new("pd.tlsClientSecretName", s => Text(s.Pd?.TlsClientSecretName), "the dashboard connects without it"),
        new("pd.spareVolReplaceReplicas", s => Positive(s.Pd?.SpareVolReplaceReplicas), "volumes are not replaced"),
        new("tikv.spareVolReplaceReplicas", s => Positive(s.Tikv?.SpareVolReplaceReplicas), "volumes are not replaced"),
        new("tikv.scalePolicy", s => Parallel(s.Tikv?.ScalePolicy), "the operator decides how many at a time"),
        new("tidb.scalePolicy", s => Parallel(s.Tidb?.ScalePolicy), "the operator decides how many at a time"),
        new("tiflash.scalePolicy", s => Parallel(s.Tiflash?.ScalePolicy), "the operator decides how many at a time"),
        new("pd.initWaitTime", s => Positive(s.Pd?.InitWaitTime), "PD looks for its name in DNS at once"),
        new("discovery.livenessProbe", s => Present(s.Discovery?.LivenessProbe), "the operator has a probe of its own"),
        new("tidb.customizedStartupProbe", s => Present(s.Tidb?.CustomizedStartupProbe), "the start is not probed"),
        new("tidb.serverLabels", s => s.Tidb?.ServerLabels is { Count: > 0 } map ? map.First().Key : null,
            "servers are told no labels"),
    ];

    private static readonly IReadOnlyList<ComponentField> OfEach =
    [
        new("statefulSetUpdateStrategy", s => Text(s.StatefulSetUpdateStrategy),
            "the operator decides when each pod restarts"),
    ];

    /// <summary>The paths of all of them, from <c>spec</c>.</summary>
    public static IEnumerable<string> Paths =>
        OfCluster.Select(one => $"spec.{one.Path}")
            .Concat(from part in (string[])["pd", "tikv", "tidb", "tiflash"]
                    from one in OfEach
                    select $"spec.{part}.{one.Path}");

    internal static IEnumerable<Problem> Check(TidbCluster cluster)
    {
        foreach (var field in OfCluster)
        {
            if (field.Value(cluster.Spec) is { } value)
                yield return Named($"spec.{field.Path}", value, field.Instead, field.Severity);
        }

        foreach (var (path, _, spec) in Validation.Components(cluster))
        {
            foreach (var field in OfEach)
            {
                if (field.Value(spec) is { } value)
                    yield return Named($"{path}.{field.Path}", value, field.Instead, field.Severity);
            }
        }

        foreach (var service in cluster.Spec.Services?.Where(one => one.Name != "pd") ?? [])
        {
            // As in the Go operator: the list is a remnant that only PD's Service still reads.
            yield return new Problem("spec.services", $"{service.Name}", "has no effect: only pd is known there",
                service.Name == "tidb" ? "write spec.tidb.service.type instead" : Silence)
            {
                Severity = Severity.Unsupported,
            };
        }

        foreach (var problem in MeantForOthers(cluster.Spec)) yield return problem;
        foreach (var problem in Annotations(cluster)) yield return problem;
    }

    /// <summary>What the schema has because a type is shared, and what means nothing where it stands.</summary>
    private static IEnumerable<Problem> MeantForOthers(TidbClusterSpec spec)
    {
        if (spec.Pd?.Service?.Port is { } port)
        {
            yield return Named("spec.pd.service.port", $"{port}",
                "PD's Service has the port of client-urls in spec.pd.config", Severity.Unsupported);
        }

        for (var i = 0; i < spec.Tiflash?.StorageClaims.Count; i++)
        {
            if (spec.Tiflash.StorageClaims[i].Resources.Limits is { Count: > 0 } limits)
            {
                yield return Named($"spec.tiflash.storageClaims[{i}].resources.limits", limits.First().Value,
                    "a volume is as large as requests.storage says", Severity.Unsupported);
            }
        }
    }

    private static IEnumerable<Problem> Annotations(TidbCluster cluster)
    {
        foreach (var (key, value) in cluster.Metadata.Annotations ?? [])
        {
            var instead = key switch
            {
                _ when key.EndsWith(Labels.DeleteSlotsSuffix, StringComparison.Ordinal) =>
                    "pods are numbered from 0 without gaps",
                Labels.ForceUpgrade => "PD restarts only while it keeps its quorum",
                _ => null,
            };
            if (instead is not null)
                yield return Named($"metadata.annotations[{key}]", value, instead, Severity.Unsupported);
        }
    }

    private static Problem Named(string field, string value, string instead, Severity severity) =>
        new(field, value, $"is not supported yet: {instead}", severity == Severity.Refused ? OtherOperator : Silence)
        {
            Severity = severity,
        };

    private static string? On(bool? value) => value == true ? "true" : null;

    private static string? Text(string? value) => string.IsNullOrEmpty(value) ? null : value;

    private static string? Positive(int? value) => value > 0 ? $"{value}" : null;

    private static string? Parallel(ScalePolicy? policy) =>
        policy is { ScaleInParallelism: > 1 } or { ScaleOutParallelism: > 1 } ? "more than 1" : null;

    private static string? Present(object? value) => value is null ? null : "(an object)";
}
