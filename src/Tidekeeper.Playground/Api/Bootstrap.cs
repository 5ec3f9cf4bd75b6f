using System.Text.Json.Nodes;

namespace Tidekeeper.Playground.Api;

/// <summary>What a cluster has before anybody does anything.</summary>
internal static class Bootstrap
{
    private static readonly string[] Namespaces = ["default", "kube-node-lease", "kube-public", "kube-system"];

    private const string PriorityClasses = "scheduling.k8s.io/v1/priorityclasses";

    private static readonly (string Name, long Value, string What)[] Priorities =
    [
        ("system-cluster-critical", 2_000_000_000,
            "Used for system critical pods that must run in the cluster, but can be moved to another node if"
            + " necessary."),
        ("system-node-critical", 2_000_001_000,
            "Used for system critical pods that must not be moved from their current node."),
    ];

    public static void Run(ApiClient client)
    {
        foreach (var name in Namespaces)
        {
            if (client.Get("v1/namespaces", null, name) is null)
                client.Create("v1/namespaces", null, Named("v1", "Namespace", name));
        }

        if (client.Get("v1/services", "default", "kubernetes") is null)
            client.Create("v1/services", "default", ApiService());
        foreach (var (name, value, what) in Priorities)
        {
            if (client.Get(PriorityClasses, null, name) is not null)
                continue;
            var made = Named("scheduling.k8s.io/v1", "PriorityClass", name);
            made["value"] = value;
            made["description"] = what;
            client.Create(PriorityClasses, null, made);
        }
    }

    /// <summary>The API itself, as pods find it.</summary>
    private static JsonObject ApiService() => new()
    {
        ["kind"] = "Service",
        ["apiVersion"] = "v1",
        ["metadata"] = new JsonObject
        {
            ["name"] = "kubernetes",
            ["labels"] = new JsonObject { ["component"] = "apiserver", ["provider"] = "kubernetes" },
        },
        ["spec"] = new JsonObject
        {
            ["clusterIP"] = "10.0.0.1",
            ["ports"] = new JsonArray(new JsonObject
            {
                ["name"] = "https",
                ["protocol"] = "TCP",
                ["port"] = 443,
                ["targetPort"] = 6443,
            }),
        },
    };

    private static JsonObject Named(string apiVersion, string kind, string name) => new()
    {
        ["kind"] = kind,
        ["apiVersion"] = apiVersion,
        ["metadata"] = new JsonObject { ["name"] = name },
    };
}
