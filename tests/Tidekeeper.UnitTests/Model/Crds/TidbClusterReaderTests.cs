using System.Text.Json;
using Tidekeeper.Model.Crds;

namespace Tidekeeper.UnitTests.Model;

public class TidbClusterReaderTests
{
    [Fact]
    public void A_cluster_reads_with_all_its_parts()
    {
        var (cluster, problems) = Read("""
            metadata:
              { name: basic, namespace: shop, uid: u-1, generation: 4, labels: { app.kubernetes.io/instance: x } }
            spec:
              version: v8.5.0
              enablePVReclaim: true
              pd:
                replicas: 3
                requests: { storage: 10Gi, cpu: 2 }
                config: |
                  [log]
                  level = "info"
              tikv:
                replicas: 3
                requests: { storage: 100Gi }
                config: { storage: { reserve-space: 0MB } }
                rocksDBLogVolumeName: logs
              tidb:
                replicas: 2
                service: { type: NodePort, mysqlNodePort: 30400, clusterIP: 10.0.0.1 }
              tiflash:
                replicas: 1
                storageClaims: [ { resources: { requests: { storage: 1Gi } } } ]
            status:
              clusterID: "7"
              pd: { members: { basic-pd-0: { name: basic-pd-0, id: "1", health: true } } }
            """);
        Assert.Empty(problems);
        Assert.NotNull(cluster);
        var (metadata, spec) = (cluster.Metadata, cluster.Spec);
        Assert.Equal(("basic", "shop", "u-1", 4, "x"),
            (metadata.Name, metadata.Namespace, metadata.Uid, metadata.Generation, metadata.Instance));
        Assert.Equal(["cpu=2", "storage=10Gi"], spec.Pd!.Requests!.Select(one => $"{one.Key}={one.Value}"));
        Assert.Equal("[log]\nlevel = \"info\"\n", spec.Pd.Config!.GetValue<string>());
        Assert.Equal("0MB", (string?)spec.Tikv!.Config!["storage"]!["reserve-space"]);
        Assert.Equal(("logs", 30400, "10.0.0.1", true),
            (spec.Tikv.RocksDBLogVolumeName, spec.Tidb!.Service!.MysqlNodePort, spec.Tidb.Service.ClusterIP,
                spec.EnablePVReclaim));
        Assert.Equal("1Gi", spec.Tiflash!.StorageClaims[0].Resources.Requests!["storage"]);
        Assert.Equal(("7", true), (cluster.Status!.ClusterID, cluster.Status.Pd!.Members!["basic-pd-0"].Health));
    }

    [Fact]
    public void What_is_absent_or_null_has_its_default()
    {
        var cluster = Read("""
            { metadata: {}, spec: { cluster: { name: ~ }, tiflash: {} }, status: { waiting: {} } }
            """).Cluster!;
        Assert.Equal(("", "", ""), (cluster.Metadata.Name, cluster.Metadata.Namespace, cluster.Metadata.Instance));
        Assert.Equal(("", ""), (cluster.Spec.Cluster!.Name, cluster.Status!.Waiting!.Why));
        Assert.Empty(cluster.Spec.Tiflash!.StorageClaims);
    }

    [Theory]
    [InlineData(
        "pd: { replicas: three }",
        "spec.pd.replicas: \"three\" is no whole number; write a number such as 3, without quotes")]
    [InlineData(
        "pd: { replicas: 1.5 }",
        "spec.pd.replicas: 1.5 is no whole number; write a number such as 3, without quotes")]
    [InlineData("pd: { replicas: -1 }", "spec.pd.replicas: -1 is below 0; write at least 0")]
    [InlineData("pd: { baseImage: x }", "spec.pd.replicas is missing; set it")]
    [InlineData("pd: 3", "spec.pd: 3 is no map of fields; write name: value below it, indented")]
    [InlineData("version: 8.5", "spec.version: 8.5 is no text; write it in quotes")]
    [InlineData("version: v8 5", "spec.version: \"v8 5\" is no version; write for example v8.5.0")]
    [InlineData("paused: 'yes'", "spec.paused: \"yes\" is no truth value; write true or false")]
    [InlineData(
        "pvReclaimPolicy: Keep",
        "spec.pvReclaimPolicy: \"Keep\" is not known; write one of Retain, Delete, Recycle")]
    [InlineData(
        "podManagementPolicy: invalid",
        "spec.podManagementPolicy: \"invalid\" is not known; write one of Parallel, OrderedReady")]
    [InlineData(
        "tolerations: [ 1 ]",
        "spec.tolerations[0]: 1 is no map of fields; write name: value below it, indented")]
    [InlineData(
        "timezone: ../../etc/passwd",
        "spec.timezone: \"../../etc/passwd\" is no time zone; write for example UTC or Europe/Berlin")]
    [InlineData(
        "tikv: { replicas: 1, requests: { storage: 100GB } }",
        "spec.tikv.requests.storage: \"100GB\" is no quantity; write for example 500m, 2, 4Gi or 100G")]
    [InlineData(
        "tikv: { replicas: 1, requests: { storage: true } }",
        "spec.tikv.requests.storage: true is no quantity; write for example 500m, 2, 4Gi or 100G")]
    [InlineData(
        "tikv: { replicas: 1, requests: [ 1 ] }",
        "spec.tikv.requests: a list is no map of fields; write name: value below it, indented")]
    [InlineData(
        "tikv: { replicas: 1, evictLeaderTimeout: 10 }",
        "spec.tikv.evictLeaderTimeout: 10 is no text; write it in quotes")]
    [InlineData(
        "tikv: { replicas: 1, evictLeaderTimeout: soon }",
        "spec.tikv.evictLeaderTimeout: \"soon\" is no duration; write for example 90s, 10m or 1h30m")]
    [InlineData(
        "tikv: { replicas: 1, storageVolumes: [ { name: wal } ] }",
        "spec.tikv.storageVolumes[0].storageSize is missing; set it")]
    [InlineData(
        "tidb: { replicas: 1, service: { type: Public } }",
        "spec.tidb.service.type: \"Public\" is not known; write one of ClusterIP, NodePort, LoadBalancer")]
    [InlineData(
        "tidb: { replicas: 1, service: { port: 70000 } }",
        "spec.tidb.service.port: 70000 is above 65535; write at most 65535")]
    [InlineData(
        "tiflash: { replicas: 1, storageClaims: [] }",
        "spec.tiflash.storageClaims has 0 elements; write at least 1")]
    [InlineData(
        "tiflash: { replicas: 1, storageClaims: [ {} ] }",
        "spec.tiflash.storageClaims[0].resources is missing; set it")]
    [InlineData("labels: { a.b/c: 1 }", "spec.labels[a.b/c]: 1 is no text; write it in quotes")]
    public void A_broken_rule_is_named(string spec, string sentence)
    {
        var (cluster, problems) = Read($"metadata: {{ name: basic }}\nspec: {{ {spec} }}");
        Assert.Equal([sentence], problems.Select(problem => problem.ToString()));
        Assert.Equal("basic", cluster?.Metadata.Name);
    }

    [Fact]
    public void All_faults_are_named_and_the_rest_is_read()
    {
        var (cluster, problems) = Read("""
            metadata: { name: basic }
            spec:
              version: v8.5.0
              pd: { replicas: x, requests: { storage: 1Gi } }
              tikv: [ 1 ]
              tidb: { replicas: 2, env: [ 7, { name: A } ] }
            """);
        Assert.Equal(
            ["spec.pd.replicas", "spec.tikv", "spec.tidb.env[0]"], problems.Select(problem => problem.Field));
        Assert.Equal(("v8.5.0", 2, null), (cluster!.Spec.Version, cluster.Spec.Tidb!.Replicas, cluster.Spec.Tikv));
        Assert.Equal("1Gi", cluster.Spec.Pd!.Requests!["storage"]);
        Assert.Equal("A", (string?)Assert.Single(cluster.Spec.Tidb.Env!)!["name"]);
    }

    [Theory]
    [InlineData("7", "the item is no object; give the whole object with its metadata")]
    [InlineData("{ spec: {} }", "metadata is no object; give the whole object with its metadata")]
    [InlineData("{ metadata: { name: a } }", "spec is missing; write what the cluster shall be")]
    public void Even_no_cluster_at_all_throws_nothing(string yaml, string sentence) =>
        Assert.Equal([sentence], Read(yaml).Problems.Select(problem => problem.ToString()));

    [Fact]
    public void A_status_that_cannot_be_read_is_left_out()
    {
        var (cluster, problems) = Read("{ metadata: { name: a }, spec: {}, status: { pd: 7 } }");
        Assert.Empty(problems);
        Assert.Null(cluster!.Status);
    }

    [Fact]
    public void What_is_read_is_written_back_the_same()
    {
        const string Text = """{"metadata":{"name":"a","namespace":"b","uid":"","resourceVersion":"","generation":0},"""
            + """ "spec":{"pd":{"config":"x = 1","replicas":3,"requests":{"cpu":"1","storage":"1Gi"}}}}""";
        using var document = JsonDocument.Parse(Text);
        var cluster = TidbClusterReader.Read(document.RootElement).Cluster!;
        var written = JsonSerializer.SerializeToNode(cluster, TidbClusterJson.Default.TidbCluster)!.AsObject();
        written.Remove("apiVersion");
        written.Remove("kind");
        Assert.True(System.Text.Json.Nodes.JsonNode.DeepEquals(
            System.Text.Json.Nodes.JsonNode.Parse(Text), written), written.ToJsonString());
    }

    private static (TidbCluster? Cluster, IReadOnlyList<Tidekeeper.Model.Problem> Problems) Read(string yaml)
    {
        using var document = JsonDocument.Parse(YamlAsJson.Read(yaml).ToJsonString());
        return TidbClusterReader.Read(document.RootElement);
    }
}
