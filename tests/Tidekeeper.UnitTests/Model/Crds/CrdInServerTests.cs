using System.Text;
using System.Text.Json.Nodes;
using Tidekeeper.Model.Crds;
using Tidekeeper.Playground;
using Tidekeeper.Playground.Api;

namespace Tidekeeper.UnitTests.Model;

/// <summary>What users are told by the API server, before any operator looks at the cluster.</summary>
public class CrdInServerTests
{
    private const string Clusters = "/apis/pingcap.com/v1alpha1/namespaces/n/tidbclusters";

    private const string Good = """
        version: v8.5.0
        pd: { replicas: 3, requests: { storage: 10Gi } }
        tikv: { replicas: 3, requests: { storage: 100Gi } }
        tidb: { replicas: 2 }
        """;

    private readonly Clock _clock = new();
    private readonly World _world;
    private int _status;

    public CrdInServerTests()
    {
        _world = new World(_clock, seed: 1);
        Send("POST", "/api/v1/namespaces", """{"metadata":{"name":"n"}}""");
        var crd = CrdDocument.TidbCluster(XmlDocs.BesideAssembly());
        var answer = Send("POST", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", crd.ToJsonString());
        Assert.True(_status == 201, answer.ToJsonString());
        _world.Settle();
        _clock.Now += TimeSpan.FromMinutes(1);
        _world.Settle();
    }

    [Fact]
    public void A_good_cluster_is_stored_with_its_default_and_all_its_fragments()
    {
        var made = Create("""
            pd: { config: { log: { level: info } }, env: [ { name: A, value: b } ] }
            tidb: { affinity: { podAntiAffinity: { any: [ 1 ] } } }
            """);
        Assert.Equal(201, _status);
        var spec = made["spec"]!;
        Assert.Equal("InPlace", (string?)spec["configUpdateStrategy"]);
        Assert.Equal("info", (string?)spec["pd"]!["config"]!["log"]!["level"]);
        Assert.Equal("b", (string?)spec["pd"]!["env"]![0]!["value"]);
        Assert.Equal(1, (int?)spec["tidb"]!["affinity"]!["podAntiAffinity"]!["any"]![0]);
    }

    [Theory]
    [InlineData(
        "pd: { replicas: 0 }",
        "spec.pd.replicas: Invalid value: \"object\": PD needs at least one replica; to take the cluster "
        + "away, delete it")]
    [InlineData(
        "pd: { requests: ~ }",
        "spec.pd.requests: Required value: storage is missing; write how large the volume of each PD "
        + "shall be, such as 10Gi")]
    [InlineData(
        "tikv: { requests: { storage: ~, cpu: 1 } }",
        "spec.tikv.requests: Required value: storage is missing; write how large the volume of each TiKV "
        + "shall be, such as 100Gi")]
    [InlineData(
        "tikv: { requests: { cpu: 4, memory: 8Gi }, limits: { cpu: 3500m, memory: 4G } }",
        "cpu 4 is above limits.cpu 3500m; raise the limit or lower the request")]
    [InlineData(
        "tikv: { requests: { cpu: 1, memory: 8Gi }, limits: { cpu: 3500m, memory: 4G } }",
        "memory 8Gi is above limits.memory 4G; raise the limit or lower the request")]
    [InlineData(
        "tikv: { requests: { storage: 100GB } }",
        "spec.tikv.requests.storage: Invalid value: \"100GB\": spec.tikv.requests.storage in body should match")]
    [InlineData(
        "tidb: { binlogEnabled: true }",
        "needs spec.pump: TiDB cannot start without it; set it to false or remove it")]
    [InlineData(
        "tiflash: { replicas: 1, storageClaims: [ { resources: { requests: {} } } ] }",
        "spec.tiflash.storageClaims[0].resources.requests: Required value: storage is missing; write how "
        + "large the volume shall be, such as 100Gi")]
    [InlineData("tiflash: { replicas: 1, storageClaims: [] }", "spec.tiflash.storageClaims")]
    [InlineData("clusterDomain: '-nonsense-'", "spec.clusterDomain: Invalid value: \"-nonsense-\"")]
    [InlineData("tikv: { dataSubDir: ../../etc }", "spec.tikv.dataSubDir: Invalid value: \"../../etc\"")]
    [InlineData("pvReclaimPolicy: Keep", "spec.pvReclaimPolicy: Unsupported value: \"Keep\": supported values: ")]
    [InlineData(
        "version: 8.5",
        "spec.version: Invalid value: \"number\": spec.version in body must be of type string: \"number\"")]
    [InlineData(
        "tidb: { replicas: -1 }",
        "spec.tidb.replicas: Invalid value: -1: spec.tidb.replicas in body should be greater than or equal to 0")]
    public void A_bad_cluster_is_refused(string change, string expected)
    {
        var answer = Create(change);
        Assert.Equal(422, _status);
        Assert.Contains(expected, (string?)answer["message"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tikv: { requests: { storage: 200Gi } }", null)]
    [InlineData("tikv: { requests: { storage: 0.1Ti } }", null)]
    [InlineData(
        "tikv: { requests: { storage: 99Gi } }",
        "storage cannot shrink from 100Gi to 99Gi: volumes only grow; write at least the old size")]
    [InlineData(
        "tikv: { storageClassName: fast }",
        "cannot be changed: the volumes are there already; create another cluster with the new class")]
    [InlineData("tikv: { dataSubDir: elsewhere }", "cannot be changed: the data is in the old directory")]
    [InlineData("pd: { dataSubDir: elsewhere }", "cannot be changed: the data is in the old directory")]
    [InlineData("pd: { dataSubDir: '' }", null)]
    [InlineData("clusterDomain: cluster.local", "cannot be changed: members know each other by it")]
    [InlineData("tidb: { replicas: 5 }", null)]
    [InlineData("tiflash: ~", null)]
    [InlineData(
        "tiflash: { storageClaims: [ { resources: { requests: { storage: 1Gi } } } ] }",
        "storageClaims cannot be removed: their volumes hold data")]
    [InlineData(
        "tiflash: { storageClaims: [ { resources: { requests: { storage: 1Gi } } }, { resources: { "
        + "requests: { storage: 1Gi } } }, { resources: { requests: { storage: 1Gi } } } ] }",
        null)]
    public void A_change_is_accepted_or_refused(string change, string? refusal)
    {
        Create("""
            tiflash:
              replicas: 1
              storageClaims:
              - resources: { requests: { storage: 1Gi } }
              - resources: { requests: { storage: 1Gi } }
            """);
        var answer = Send("PATCH", Clusters + "/basic",
            new JsonObject { ["spec"] = YamlAsJson.Read($"{{ {change} }}") }.ToJsonString());
        if (refusal is null) Assert.True(_status == 200, answer.ToJsonString());
        else Assert.Contains(refusal, (string?)answer["message"], StringComparison.Ordinal);
    }

    [Fact]
    public void Scale_changes_the_servers_of_TiDB()
    {
        Create("");
        Send("PATCH", Clusters + "/basic/scale", """{"spec":{"replicas":7}}""");
        Assert.Equal(200, _status);
        Assert.Equal(7, (int?)Send("GET", Clusters + "/basic")["spec"]!["tidb"]!["replicas"]);
    }

    private JsonObject Create(string change)
    {
        var spec = YamlAsJson.Read(Good).AsObject();
        if (change.Length > 0)
        {
            var yaml = change.Contains('\n', StringComparison.Ordinal) ? change : $"{{ {change} }}";
            Engines.ValidationTests.Merge(spec, YamlAsJson.Read(yaml).AsObject());
        }

        return Send("POST", Clusters, new JsonObject
        {
            ["apiVersion"] = "pingcap.com/v1alpha1",
            ["kind"] = "TidbCluster",
            ["metadata"] = new JsonObject { ["name"] = "basic" },
            ["spec"] = spec,
        }.ToJsonString());
    }

    private JsonObject Send(string method, string path, string? body = null)
    {
        var answer = _world.Api.Handle(new ApiRequest(method, path)
        {
            Body = Encoding.UTF8.GetBytes(body ?? ""),
            ContentType = method == "PATCH" ? "application/merge-patch+json" : "application/json",
            Accept = "application/json",
            UserAgent = "tidekeeper/test",
        });
        _status = answer.Status;
        return (JsonObject)JsonNode.Parse(answer.Body)!;
    }

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
