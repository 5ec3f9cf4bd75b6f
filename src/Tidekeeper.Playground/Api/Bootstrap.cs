using System.Text.Json.Nodes;

namespace Tidekeeper.Playground.Api;

/// <summary>What a cluster has before anybody does anything.</summary>
internal static class Bootstrap
{
    private static readonly string[] Namespaces = ["default", "kube-node-lease", "kube-public", "kube-system"];

    public static void Run(ApiClient client)
    {
        foreach (var name in Namespaces)
        {
            if (client.Get("v1/namespaces", null, name) is null)
                client.Create("v1/namespaces", null, Named("v1", "Namespace", name));
        }
    }

    private static JsonObject Named(string apiVersion, string kind, string name) => new()
    {
        ["kind"] = kind,
        ["apiVersion"] = apiVersion,
        ["metadata"] = new JsonObject { ["name"] = name },
    };
}
