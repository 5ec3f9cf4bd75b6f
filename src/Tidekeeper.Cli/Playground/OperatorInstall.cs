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
    public const string Namespace = "tidekeeper-system";

    /// <summary>Of the operator's health and metrics.</summary>
    public const int Port = 8080;

    private const string Name = "tidekeeper";
    private const string Deployments = "apps/v1/deployments";

    /// <summary>Finds the operator's pods and Deployment, here and where the chart has installed it.</summary>
    public static string Selector { get; } = "app.kubernetes.io/name=tidekeeper,app.kubernetes.io/component=operator";

    /// <summary>Of the operator that is built into this tool.</summary>
    public static string Version { get; } = typeof(Operator.Settings).Assembly.GetName().Version!.ToString(3);

    /// <summary>
    /// Puts in what this tool brings. What an earlier life with the same data directory left is brought up to date: it
    /// may have been of another version.
    /// </summary>
    public static void Into(ApiClient api, bool withOperator)
    {
        Ensure(api, "apiextensions.k8s.io/v1/customresourcedefinitions", null,
            CrdDocument.TidbCluster(XmlDocs.BesideAssembly()));
        if (!withOperator)
        {
            if (api.Get(Deployments, Namespace, Name) is not null)
                api.Delete(Deployments, Namespace, Name);
            return;
        }

        if (api.Get("v1/namespaces", null, Namespace) is null)
            api.Create("v1/namespaces", null, NewNamespace());
        Ensure(api, Deployments, Namespace, Deployment());
    }

    private static void Ensure(ApiClient api, string resource, string? ns, JsonObject item)
    {
        if (api.Get(resource, ns, (string)item["metadata"]!["name"]!) is not { } there)
        {
            api.Create(resource, ns, item);
            return;
        }

        item["metadata"]!["resourceVersion"] = (string?)there["metadata"]!["resourceVersion"];
        api.Update(resource, item);
    }

    private static JsonObject NewNamespace() => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Namespace",
        ["metadata"] = new JsonObject { ["name"] = Namespace },
    };

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
                    // Whoever replaces what was on a failed node must not be away as long as what was on it.
                    ["tolerations"] = new JsonArray(
                        Toleration("node.kubernetes.io/not-ready"), Toleration("node.kubernetes.io/unreachable")),
                    ["containers"] = new JsonArray(new JsonObject
                    {
                        ["name"] = "operator",
                        ["image"] = $"{Image}:{Version}",
                        ["args"] = new JsonArray("run", $"--operator-image={Image}:{Version}",
                            $"--lease-namespace={Namespace}", $"--port={Port}"),
                        ["readinessProbe"] = new JsonObject
                        {
                            ["httpGet"] = new JsonObject { ["path"] = "/readyz", ["port"] = Port },
                            ["periodSeconds"] = 2,
                        },
                    }),
                },
            },
        },
    };

    private static JsonObject Toleration(string taint) => new()
    {
        ["key"] = taint,
        ["operator"] = "Exists",
        ["effect"] = "NoExecute",
        ["tolerationSeconds"] = 10,
    };

    private static JsonObject Labels() => new()
    {
        ["app.kubernetes.io/name"] = Name,
        ["app.kubernetes.io/component"] = "operator",
    };
}
