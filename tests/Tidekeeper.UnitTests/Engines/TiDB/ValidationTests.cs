using System.Text.Json;
using System.Text.Json.Nodes;
using Tidekeeper.Engines.TiDB;
using Tidekeeper.Model.Crds;
using Tidekeeper.UnitTests.Model;

namespace Tidekeeper.UnitTests.Engines;

public class ValidationTests
{
    private const string Good = """
        version: v8.5.0
        pd: { replicas: 3, requests: { storage: 10Gi } }
        tikv: { replicas: 3, requests: { storage: 100Gi } }
        tidb: { replicas: 2 }
        """;

    [Fact]
    public void A_good_cluster_has_no_problems() => Assert.Equal([], Problems("{}"));

    [Theory]
    // The parts of a cluster.
    [InlineData("pd: ~", "Refused spec.pd is missing: no cluster exists without PD; add it with 3 replicas")]
    [InlineData("tikv: ~", "Refused spec.tikv is missing: TiDB cannot start without TiKV; add it with 3 replicas")]
    [InlineData(
        "pd: { replicas: 0 }",
        "Refused spec.pd.replicas: 0 leaves the cluster without PD; write at least 1; to take the "
        + "cluster away, delete it")]
    [InlineData(
        "pd: { replicas: 4 }",
        "Warning spec.pd.replicas: 4 members survive no more failures than 3; write an odd number")]
    [InlineData(
        "tidb: { replicas: 0 }",
        "Warning spec.tidb.replicas: 0 leaves nobody to serve SQL; write at least 1; to stop TiDB for a while, write "
        + "spec.tidb.suspendAction")]
    [InlineData(
        "tikv: { replicas: 0 }",
        "Warning spec.tikv.replicas: 0 leaves TiDB nothing to store rows in; write at least 1, better 3")]
    [InlineData(
        "topologySpreadConstraints: [ { topologyKey: zone }, { topologyKey: zone } ]",
        "Refused spec.topologySpreadConstraints: zone is there twice; keep one of them")]
    // Labels and annotations.
    [InlineData(
        "labels: { team: 'not ok!' }",
        "Refused spec.labels[team]: not ok! is no value of a label; write letters, digits, -, _ and ., at most 63, "
        + "that begin and end with a letter or digit")]
    [InlineData(
        "tikv: { annotations: { 'bad key': x } }",
        "Refused spec.tikv.annotations: bad key is no key of a label or annotation; write letters, digits, -, _ and "
        + "., at most 63, with a DNS name and / before them where there is one")]
    [InlineData(
        "tidb: { service: { labels: { '/x': y } } }",
        "Refused spec.tidb.service.labels: /x is no key of a label or annotation; write letters, digits, -, _ and "
        + "., at most 63, with a DNS name and / before them where there is one")]
    [InlineData("labels: { example.com/team: '' }", "")]
    [InlineData("annotations: { Example.com/note: 'anything at all' }", "")]
    // Versions and images.
    [InlineData(
        "version: banana",
        "Refused spec.version: banana is no version; write a version such as v8.5.0, or nightly")]
    [InlineData(
        "version: v8.5",
        "Refused spec.version: v8.5 is no version; write a version such as v8.5.0, or nightly")]
    [InlineData(
        "tikv: { version: mine }",
        "Refused spec.tikv.version: mine is no version; write a version such as v8.5.0, or nightly; for "
        + "an image with another tag, write it whole in spec.tikv.image")]
    [InlineData("tikv: { image: 'registry:5000/tikv:mine' }", "")]
    [InlineData(
        "pd: { baseImage: 'pingcap/pd:v8.5.0' }",
        "Refused spec.pd.baseImage: pingcap/pd:v8.5.0 has a version already; write pingcap/pd here and "
        + "the version in spec.pd.version")]
    [InlineData("pd: { baseImage: 'registry.example.com:5000/pingcap/pd' }", "")]
    [InlineData(
        "pd: { baseImage: 'pingcap PD' }",
        "Refused spec.pd.baseImage: pingcap PD is no image; write for example "
        + "registry.example.com:5000/pingcap/tikv")]
    [InlineData(
        "pd: { env: [ { name: TIDEKEEPER_FORCE_NEW_CLUSTER, value: basic-pd-2 } ] }",
        "Warning spec.pd.env: TIDEKEEPER_FORCE_NEW_CLUSTER makes basic-pd-2 drop all other members of PD whenever it "
        + "starts; take it out as soon as that one leads")]
    // Durations.
    [InlineData(
        "tikv: { failoverPeriod: 9s }",
        "Refused spec.tikv.failoverPeriod: 9s is too short: tikv members that only restart would be given up; write "
        + "at least 10s; to switch failover off, write spec.tikv.maxFailoverCount: 0")]
    [InlineData("pd: { failoverPeriod: 10s }", "")]
    [InlineData(
        "tidb: { failoverPeriod: 99999999999999h }",
        "Refused spec.tidb.failoverPeriod: 99999999999999h is longer than a year; write at most 8760h")]
    [InlineData(
        "breaker: { window: 8761h }", "Refused spec.breaker.window: 8761h is longer than a year; write at most 8760h")]
    // Resources.
    [InlineData(
        "tikv: { requests: { storage: ~ } }",
        "Refused spec.tikv.requests.storage is missing: the size of each volume; write for example 100Gi")]
    [InlineData(
        "pd: { requests: ~ }",
        "Refused spec.pd.requests.storage is missing: the size of each volume; write for example 10Gi")]
    [InlineData(
        "tikv: { replicas: 0, requests: ~ }",
        "Warning spec.tikv.replicas: 0 leaves TiDB nothing to store rows in; write at least 1, better 3")]
    [InlineData(
        "tikv: { requests: { storage: 0 } }",
        "Refused spec.tikv.requests.storage: 0 is no size; write for example 100Gi")]
    [InlineData(
        "tidb: { requests: { cpu: 4 }, limits: { cpu: 3500m } }",
        "Refused spec.tidb.requests.cpu: 4 is above spec.tidb.limits.cpu 3500m; raise the limit or lower "
        + "the request")]
    [InlineData(
        "tidb: { requests: { memory: 4Gi }, limits: { memory: 4G } }",
        "Refused spec.tidb.requests.memory: 4Gi is above spec.tidb.limits.memory 4G; raise the limit or "
        + "lower the request")]
    [InlineData("tikv: { limits: { storage: 50Gi } }", "")]
    [InlineData(
        "tidb: { requests: { memory: 500m } }",
        "Warning spec.tidb.requests.memory: 500m is less than a mebibyte; write for example 4Gi: m "
        + "stands for thousandths")]
    [InlineData("tidb: { requests: { cpu: -1 } }", "Refused spec.tidb.requests.cpu: -1 is below 0; write 0 or more")]
    [InlineData(
        "tidb: { requests: { storage: 1Gi } }",
        "Warning spec.tidb.requests.storage: 1Gi means nothing for tidb; remove it, or use "
        + "spec.tidb.storageVolumes")]
    [InlineData(
        "tidb: { slowLogTailer: { requests: { cpu: 2 }, limits: { cpu: 1 } } }",
        "Refused spec.tidb.slowLogTailer.requests.cpu: 2 is above spec.tidb.slowLogTailer.limits.cpu 1; "
        + "raise the limit or lower the request")]
    [InlineData(
        "tiflash: { replicas: 1, storageClaims: [ { resources: { requests: {} } } ] }",
        "Refused spec.tiflash.storageClaims[0].resources.requests.storage is missing: the size of the "
        + "volume; write for example 100Gi")]
    [InlineData(
        "tiflash: { replicas: 1, storageClaims: [ { resources: { requests: { storage: 1Gi } } }, {} ] }",
        "Refused spec.tiflash.storageClaims[1].resources is missing; set it\nRefused "
        + "spec.tiflash.storageClaims[1].resources.requests.storage is missing: the size of the volume; "
        + "write for example 100Gi")]
    // Configuration.
    [InlineData(
        "pd: { config: '[log' }",
        "Refused spec.pd.config: [log is no TOML: line 1, column 5: the end is found where ] is "
        + "expected; correct that line")]
    [InlineData(
        "tikv: { config: \"[log]\\nlevel = info\\n\" }",
        "Refused spec.tikv.config: level = info is no TOML: line 2, column 9: info is no value; text "
        + "needs quotes: \"info\"; correct that line")]
    [InlineData("tikv: { config: 7 }", "Refused spec.tikv.config: 7 is no configuration; write TOML text or a map")]
    [InlineData(
        "tikv: { config: { storage: { data-dir: /data } } }",
        "Refused spec.tikv.config: storage.data-dir: \"/data\" is set by the operator; remove it: data "
        + "lies in the component's volume; see dataSubDir")]
    [InlineData(
        "pd: { config: 'join = \"x\"' }",
        "Refused spec.pd.config: join: \"x\" is set by the operator; remove it: the operator decides who "
        + "begins a cluster and who joins it")]
    [InlineData(
        "tidb: { config: 'log.slow-query-file = \"x\"' }",
        "Refused spec.tidb.config: log.slow-query-file: \"x\" is set by the operator; remove it, set "
        + "spec.tidb.separateSlowLog to false, or choose the volume with spec.tidb.slowLogVolumeName")]
    [InlineData("tidb: { separateSlowLog: false, config: 'log.slow-query-file = \"x\"' }", "")]
    [InlineData("tidb: { config: 'port = 4001' }", "")]
    [InlineData(
        "tiflash: { replicas: 1, storageClaims: [ { resources: { requests: { storage: 1Gi } } } ], "
        + "config: { config: { flash: { overlap_threshold: 1.5 }, logger: { log: /server.log } } } }",
        "Refused spec.tiflash.config.config: flash.overlap_threshold: 1.5 is not between 0 and 1; write "
        + "for example 0.6\nRefused spec.tiflash.config.config: logger.log: /server.log lies in no "
        + "directory; write for example /data0/logs/server.log")]
    // Services: every component's.
    [InlineData(
        "pd: { service: { type: LoadBalancer, loadBalancerSourceRanges: [ invalidIP ] } }",
        "Refused spec.pd.service.loadBalancerSourceRanges[0]: invalidIP is no network; write for example "
        + "10.0.0.0/8")]
    [InlineData(
        "tidb: { service: { type: LoadBalancer, loadBalancerSourceRanges: [ 10.0.0.0/8, 10.0.0.1 ] } }",
        "Refused spec.tidb.service.loadBalancerSourceRanges[1]: 10.0.0.1 is no network; write for "
        + "example 10.0.0.0/8")]
    [InlineData(
        "tidb: { service: { loadBalancerSourceRanges: [ 10.0.0.0/8 ] } }",
        "Refused spec.tidb.service.loadBalancerSourceRanges needs a load balancer; set "
        + "spec.tidb.service.type to LoadBalancer or remove the ranges")]
    [InlineData(
        "tidb: { service: { clusterIP: here } }",
        "Refused spec.tidb.service.clusterIP: here is no IP address; write for example 10.0.0.7")]
    [InlineData(
        "tidb: { service: { mysqlNodePort: 30002 } }",
        "Refused spec.tidb.service.mysqlNodePort: 30002 needs a Service that is open outside; "
        + "set spec.tidb.service.type to NodePort or LoadBalancer, or remove it")]
    [InlineData(
        "tidb: { service: { type: NodePort, clusterIP: None } }",
        "Refused spec.tidb.service.clusterIP: None does not go with type NodePort; remove one of the two")]
    [InlineData(
        "tidb: { service: { externalTrafficPolicy: Local } }",
        "Refused spec.tidb.service.externalTrafficPolicy: Local needs a Service that is open outside; "
        + "set spec.tidb.service.type to NodePort or LoadBalancer, or remove it")]
    [InlineData(
        "tidb: { service: { additionalPorts: [ { name: status, port: 1 } ] } }",
        "Refused spec.tidb.service.additionalPorts[0].name: status is there already; give each port a "
        + "name of its own")]
    // Volumes.
    [InlineData(
        "tikv: { storageVolumes: [ { name: a, storageSize: 1Gi, mountPath: /var/lib/tikv } ] }",
        "Refused spec.tikv.storageVolumes[0].mountPath: /var/lib/tikv is where the data is mounted "
        + "already; choose another directory")]
    [InlineData(
        "tikv: { storageVolumes: [ { name: a, storageSize: 1Gi }, { name: a, storageSize: 1Gi } ] }",
        "Refused spec.tikv.storageVolumes[1].name: a is there twice; give each a name of its own")]
    [InlineData(
        "tikv: { storageVolumes: [ { name: a, storageSize: 1Gi, mountPath: wal } ] }",
        "Refused spec.tikv.storageVolumes[0].mountPath: wal is not absolute; begin it with /")]
    [InlineData(
        "tikv: { storageVolumes: [ { name: a, storageSize: big } ] }",
        "Refused spec.tikv.storageVolumes[0].storageSize: \"big\" is no quantity; write for example "
        + "500m, 2, 4Gi or 100G")]
    [InlineData(
        "tidb: { additionalVolumeMounts: [ { name: certs, mountPath: /certs } ] }",
        "Refused spec.tidb.additionalVolumeMounts[0].name: certs names no volume of the pod; add the "
        + "volume to spec.tidb.additionalVolumes or remove the mount")]
    [InlineData(
        "tidb: { additionalVolumes: [ { name: certs, emptyDir: {} } ], additionalVolumeMounts: [ { name: "
        + "certs, mountPath: /certs } ] }",
        "")]
    [InlineData(
        "tikv: { raftLogVolumeName: logs }",
        "Refused spec.tikv.raftLogVolumeName: logs names no volume of the component; name one of "
        + "spec.tikv.storageVolumes or spec.tikv.additionalVolumes")]
    [InlineData("tikv: { raftLogVolumeName: logs, storageVolumes: [ { name: logs, storageSize: 1Gi } ] }", "")]
    // Parts of pods.
    [InlineData(
        "pd: { env: [ { name: '1A' } ] }",
        "Refused spec.pd.env[0].name: 1A is no name of a variable; write letters, digits, _, - and ., "
        + "not beginning with a digit")]
    [InlineData(
        "pd: { env: [ { name: A, value: 1 } ] }",
        "Refused spec.pd.env[0].value: 1 is no text; write it in quotes: \"1\"")]
    [InlineData(
        "pd: { additionalContainers: [ { name: pd, lifecycle: {} }, { name: other } ] }",
        "Refused spec.pd.additionalContainers[1].image is missing; name the image of the container")]
    [InlineData(
        "pd: { initContainers: [ { image: busybox } ] }",
        "Refused spec.pd.initContainers[0].name is missing; write small letters, digits and dashes, at most 63")]
    [InlineData(
        "tolerations: [ { key: a, operator: Like } ]",
        "Refused spec.tolerations[0].operator: Like is not known; write one of Equal, Exists")]
    [InlineData(
        "tidb: { tolerations: [ { effect: Never } ] }",
        "Refused spec.tidb.tolerations[0].effect: Never is not known; write one of NoSchedule, "
        + "PreferNoSchedule, NoExecute")]
    [InlineData(
        "tidb: { affinity: { podAntiAfinity: {} } }",
        "Refused spec.tidb.affinity.podAntiAfinity is not known; write one of nodeAffinity, podAffinity, "
        + "podAntiAffinity")]
    // Not supported.
    [InlineData(
        "tidb: { binlogEnabled: true }",
        "Refused spec.tidb.binlogEnabled: true is not supported yet: TiDB would not start, since Pump is "
        + "not run; remove the field, or leave this cluster to the Go operator for now")]
    [InlineData("tidb: { binlogEnabled: false }", "")]
    [InlineData(
        "ticdc: { replicas: 3 }",
        "Unsupported spec.ticdc: (an object) is not supported yet: TiCDC is not run; remove the field to "
        + "silence this")]
    [InlineData("tikv: { maxFailoverCount: 3 }", "")]
    [InlineData("tikv: { maxFailoverCount: 0 }", "")]
    [InlineData("services: [ { name: pd, type: NodePort } ]", "")]
    [InlineData(
        "services: [ { name: tidb, type: NodePort } ]",
        "Unsupported spec.services: tidb has no effect: only pd is known there; write spec.tidb.service.type "
        + "instead")]
    [InlineData("tikv: { scalePolicy: { scaleInParallelism: 1 } }", "")]
    public void A_change_to_a_good_cluster_says(string change, string expected) =>
        Assert.Equal(expected, string.Join('\n', Problems($"{{ {change} }}")));

    [Theory]
    [InlineData(
        "1st",
        "Refused metadata.name: 1st cannot begin the name of a Service; create the cluster under a name "
        + "of small letters, digits and dashes that begins with a letter")]
    [InlineData(
        "a.b",
        "Refused metadata.name: a.b cannot begin the name of a Service; create the cluster under a name "
        + "of small letters, digits and dashes that begins with a letter")]
    [InlineData(
        "a123456789b123456789c123456789d123456789e1234567",
        "Refused metadata.name: a123456789b123456789c123456789d123456789e1234567 has 48 characters; "
        + "create it under a name of at most 47: labels of pods hold 63 with what is added")]
    [InlineData("a123456789b123456789c123456789d123456789e123456", "")]
    public void A_name_must_leave_room(string name, string expected) =>
        Assert.Equal(expected, string.Join('\n', Problems("{}", name)));

    [Fact]
    public void Annotations_of_v1_are_named_and_do_nothing() => Assert.Equal(
        "Unsupported metadata.annotations[pd.tidb.pingcap.com/delete-slots]: [0] is not supported yet: "
        + "pods are numbered from 0 without gaps; remove the field to silence this",
        string.Join('\n', Problems("{}", annotations: """{ pd.tidb.pingcap.com/delete-slots: "[0]" }""")));

    [Fact]
    public void What_stops_everything_comes_first() => Assert.Equal(
        ["Refused", "Refused", "Unsupported", "Warning"],
        Problems("{ pump: {}, pd: { replicas: 2 }, version: x, tlsCluster: { enabled: true } }")
            .Select(one => one.Split(' ')[0]));

    [Fact]
    public void Every_component_goes_through_the_same_checks()
    {
        foreach (var name in (string[])["pd", "tikv", "tidb", "tiflash"])
        {
            var problems = Problems(
                $"{{ {name}: {{ replicas: 1, storageClaims: [ {{ resources: {{ requests: {{ storage: 1Gi }} }} }} ], "
                + "requests: { cpu: 2, storage: 1Gi }, limits: { cpu: 1 }, version: x, env: [ {} ], "
                + "storageVolumes: [ { name: a, storageSize: 0 } ], additionalVolumeMounts: [ { name: b } ], "
                + "tolerations: [ { operator: x } ], affinity: { x: {} } } }");
            Assert.Equal(7, problems.Count(one => one.Contains($"spec.{name}.", StringComparison.Ordinal)
                && one.StartsWith("Refused", StringComparison.Ordinal)));
        }
    }

    internal static IReadOnlyList<string> Problems(
        string change, string name = "basic", string annotations = "{}", string spec = Good)
    {
        var merged = YamlAsJson.Read(spec).AsObject();
        Merge(merged, YamlAsJson.Read(change).AsObject());
        var item = new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = name, ["annotations"] = YamlAsJson.Read(annotations) },
            ["spec"] = merged,
        };
        using var document = JsonDocument.Parse(item.ToJsonString());
        var (cluster, problems) = TidbClusterReader.Read(document.RootElement);
        return [.. problems.Concat(Validation.Check(cluster!)).Select(problem => $"{problem.Severity} {problem}")];
    }

    internal static void Merge(JsonObject target, JsonObject change)
    {
        foreach (var (key, value) in change)
        {
            if (value is null) target.Remove(key);
            else if (value is JsonObject inner && target[key] is JsonObject old) Merge(old, inner);
            else target[key] = value.DeepClone();
        }
    }
}
