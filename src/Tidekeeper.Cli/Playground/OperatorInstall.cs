using System.Text.Json.Nodes;
using Tidekeeper.Model.Crds;
using Tidekeeper.Playground.Api;

namespace Tidekeeper.Cli.Playground;

/// <summary>
/// What has to be in a cluster before a TidbCluster can be: the CRD, and the operator as a Deployment.
/// </summary>
internal static class OperatorInstall
{
    public const string Image = "tidekeeper/operator";
    private const string Namespace = "tidekeeper-system";
    private const string Name = "tidekeeper-operator";

    /// <summary>Of the operator that is built into this tool.</summary>
    public static string Version { get; } = typeof(Operator.Settings).Assembly.GetName().Version!.ToString(3);

    /// <summary>
    /// Puts in what is missing and leaves what is there, from an earlier life with the same data directory.
    /// </summary>
    public static void Into(ApiClient api, bool withOperator)
    {
        Ensure(api, "apiextensions.k8s.io/v1/customresourcedefinitions", null,
            CrdDocument.TidbCluster(XmlDocs.BesideAssembly()));
        if (!withOperator)
            return;
        Ensure(api, "v1/namespaces", null, new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Namespace",
            ["metadata"] = new JsonObject { ["name"] = Namespace },
        });
        Ensure(api, "apps/v1/deployments", Namespace, Deployment());
    }

    private static void Ensure(ApiClient api, string resource, string? ns, JsonObject item)
    {
        if (api.Get(resource, ns, (string)item["metadata"]!["name"]!) is null)
            api.Create(resource, ns, item);
    }

    private static JsonObject Deployment() => new()
    {
        ["apiVersion"] = "apps/v1",
        ["kind"] = "Deployment",
        ["metadata"] = new JsonObject { ["name"] = Name, ["namespace"] = Namespace, ["labels"] = Labels() },
        ["spec"] = new JsonObject
        {
            ["replicas"] = 1,
            ["selector"] = new JsonObject { ["matchLabels"] = Labels() },
            ["template"] = new JsonObject
            {
                ["metadata"] = new JsonObject { ["labels"] = Labels() },
                ["spec"] = new JsonObject
                {
                    ["containers"] = new JsonArray(new JsonObject
                    {
                        ["name"] = "operator",
                        ["image"] = $"{Image}:{Version}",
                        ["args"] = new JsonArray("run", $"--operator-image={Image}:{Version}",
                            $"--lease-namespace={Namespace}", "--port=8080"),
                        ["readinessProbe"] = new JsonObject
                        {
                            ["httpGet"] = new JsonObject { ["path"] = "/readyz", ["port"] = 8080 },
                            ["periodSeconds"] = 2,
                        },
                    }),
                },
            },
        },
    };

    private static JsonObject Labels() => new() { ["app.kubernetes.io/name"] = Name };
}
