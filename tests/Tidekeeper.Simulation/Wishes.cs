using System.Text.Json.Nodes;

namespace Tidekeeper.Simulation;

/// <summary>What users ask for in a run.</summary>
internal static class Wishes
{
    /// <summary>A cluster of a shape that the seed chooses.</summary>
    public static JsonObject Cluster(string name, Random chance)
    {
        int[] voters = [1, 3, 3, 5];
        var spec = new JsonObject
        {
            ["version"] = "v8.5.1",
            ["pd"] = Sized(voters[chance.Next(voters.Length)], storage: "1Gi"),
            ["tikv"] = Sized(1 + chance.Next(4), storage: "10Gi"),
            ["tidb"] = Sized(1 + chance.Next(3), storage: null),
        };
        if (chance.Next(4) == 0)
            spec["tiflash"] = Tiflash(1);

        return Of(name, spec);
    }

    /// <summary>A cluster of a given shape.</summary>
    public static JsonObject Sized(string name, int pd, int tikv, int tidb) => Of(name, new JsonObject
    {
        ["version"] = "v8.5.1",
        ["pd"] = Sized(pd, storage: "1Gi"),
        ["tikv"] = Sized(tikv, storage: "10Gi"),
        ["tidb"] = Sized(tidb, storage: null),
    });

    public static JsonObject Tiflash(int replicas) => new()
    {
        ["replicas"] = replicas,
        ["storageClaims"] = new JsonArray(new JsonObject
        {
            ["resources"] = new JsonObject { ["requests"] = new JsonObject { ["storage"] = "10Gi" } },
        }),
    };

    public static JsonObject Suspended() => new() { ["suspendStatefulSet"] = true };

    /// <summary>A neighbour whose image nobody has: it never becomes ready, and must not hold up the others.</summary>
    public static JsonObject Broken(string name) => Of(name, new JsonObject
    {
        ["version"] = "v8.5.1",
        ["pd"] = Sized(1, "1Gi", image: "nobody/has-this"),
        ["tikv"] = Sized(1, "10Gi"),
        ["tidb"] = Sized(1, null),
    });

    private static JsonObject Of(string name, JsonObject spec) => new()
    {
        ["apiVersion"] = "pingcap.com/v1alpha1",
        ["kind"] = "TidbCluster",
        ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = SimulatedCluster.Namespace },
        ["spec"] = spec,
    };

    private static JsonObject Sized(int replicas, string? storage, string? image = null)
    {
        var component = new JsonObject { ["replicas"] = replicas, ["config"] = new JsonObject() };
        if (storage is not null)
            component["requests"] = new JsonObject { ["storage"] = storage };
        if (image is not null)
            component["baseImage"] = image;
        return component;
    }
}
