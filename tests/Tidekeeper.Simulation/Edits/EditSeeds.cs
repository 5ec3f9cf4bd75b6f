using System.Text.Json.Nodes;

namespace Tidekeeper.Simulation.Edits;

/// <summary>The clusters from which edits begin.</summary>
internal static class EditSeeds
{
    /// <summary>Enough members that losing one is no outage.</summary>
    public static JsonObject Three() => Spec(pd: 3, tikv: 3, tidb: 2);

    /// <summary>One of each, TiFlash and a Service for clients included: every property means something here.</summary>
    public static JsonObject OneOfEach()
    {
        var spec = Spec(pd: 1, tikv: 1, tidb: 1);
        spec["tiflash"] = JsonNode.Parse(
            """{"replicas":1,"storageClaims":[{"resources":{"requests":{"storage":"10Gi"}}}]}""");
        return spec;
    }

    public static JsonObject Item(string name, JsonObject spec) => new()
    {
        ["apiVersion"] = "pingcap.com/v1alpha1",
        ["kind"] = "TidbCluster",
        ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = SimulatedCluster.Namespace },
        ["spec"] = spec.DeepClone(),
    };

    /// <summary>A ConfigMap that edits may name.</summary>
    public static JsonObject Bootstrap() => (JsonObject)JsonNode.Parse(
        """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"bootstrap"},"data":{"bootstrap-sql":"select 1;"}}""")!;

    private static JsonObject Spec(int pd, int tikv, int tidb) => (JsonObject)JsonNode.Parse($$"""
        {
          "version": "v8.5.1",
          "configUpdateStrategy": "RollingUpdate",
          "pd": { "replicas": {{pd}}, "requests": { "storage": "1Gi" } },
          "tikv": { "replicas": {{tikv}}, "requests": { "storage": "10Gi" } },
          "tidb": { "replicas": {{tidb}}, "service": { "type": "ClusterIP" } }
        }
        """)!;
}
