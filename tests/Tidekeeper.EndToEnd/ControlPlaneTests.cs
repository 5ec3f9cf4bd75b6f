using System.Text.Json;
using System.Text.Json.Nodes;
using Tidekeeper.Kube;

namespace Tidekeeper.EndToEnd;

/// <summary>What only a real API server can say about what we send it.</summary>
public sealed class ControlPlaneTests(ControlPlane plane) : IClassFixture<ControlPlane>
{
    private const string Pod =
        """{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}]}}""";

    private static readonly Resource Clusters = new("pingcap.com", "v1alpha1", "tidbclusters", "TidbCluster");

    public static TheoryData<string> Examples => new(
        Directory
            .EnumerateFiles(Path.Combine(ControlPlane.Repository, "examples"), "*.yaml", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(ControlPlane.Repository, file)).Order(StringComparer.Ordinal));

    [ControlPlaneTheory]
    [MemberData(nameof(Examples))]
    public async Task Every_example_is_accepted_unchanged(string example)
    {
        await plane.Kubectl($"apply --server-side --dry-run=server -f {example}");
        await plane.Kubectl($"apply --dry-run=server -f {example}");
    }

    [ControlPlaneFact]
    public async Task The_CRD_is_established_and_its_schema_has_nothing_against_it()
    {
        var crd = JsonNode.Parse(await plane.Kubectl("get crd tidbclusters.pingcap.com -o json"))!;
        var conditions = crd["status"]!["conditions"]!.AsArray().Select(one => $"{one!["type"]} {one["status"]}");
        Assert.Equal(["Established True", "NamesAccepted True"], conditions.Order(StringComparer.Ordinal));
    }

    [ControlPlaneFact]
    public async Task A_plan_promises_budgets_only_where_the_server_serves_them()
    {
        var said = await Client.Try("dotnet", [Path.Combine(AppContext.BaseDirectory, "tide.dll"), "plan",
            "--kubeconfig", plane.KubeConfigFile, "-f",
            Path.Combine(ControlPlane.Repository, "examples/tidb/basic.yaml")]);
        Assert.Contains("apply StatefulSet/basic-pd because", said.All);
        var serves = (await plane.Kubectl("api-versions")).Split('\n').Contains("policy/v1");
        Assert.Equal(serves, said.Output.Contains("PodDisruptionBudget", StringComparison.Ordinal));
    }

    // Decision 0006: nothing less than the server itself can say that it is so.
    [ControlPlaneTheory]
    [InlineData("v1", "ConfigMap", """{"data":{"a":"1"}}""")]
    [InlineData("v1", "ServiceAccount", """{"automountServiceAccountToken":false}""")]
    [InlineData("v1", "Service",
        """{"spec":{"clusterIP":"None","selector":{"a":"b"},"ports":[{"name":"a","port":80,"protocol":"TCP"}]}}""")]
    [InlineData("rbac.authorization.k8s.io/v1", "Role", """{"rules":[]}""")]
    [InlineData("apps/v1", "Deployment",
        $$$"""{"spec":{"replicas":0,"selector":{"matchLabels":{"a":"b"}},"template":{{{Pod}}}}}""")]
    [InlineData("apps/v1", "StatefulSet",
        $$$"""{"spec":{"replicas":0,"serviceName":"a","selector":{"matchLabels":{"a":"b"}},"template":{{{Pod}}}}}""")]
    [InlineData("pingcap.com/v1alpha1", "TidbCluster", """{"spec":{"version":"v8.5.0"}}""")]
    public async Task The_first_apply_makes_an_object_or_changes_nothing(
        string version, string kind, string rest)
    {
        var resource = Resource.Find(version, kind) ?? Clusters;
        using var transport = await plane.Connect();
        var api = new KubeApi(transport, "tidekeeper-test");
        var body = JsonNode.Parse(rest)!;
        body["apiVersion"] = version;
        body["kind"] = kind;
        body["metadata"] = new JsonObject { ["name"] = "first", ["labels"] = new JsonObject { ["by"] = "one" } };
        var made = await api.ApplyNew(resource, "default", "first", body, Text, CancellationToken.None);
        Assert.DoesNotContain("\"deletionGracePeriodSeconds\"", made.Value, StringComparison.Ordinal);

        var other = body.DeepClone();
        other["metadata"]!["labels"]!["by"] = "another";
        var refused = await api.ApplyNew(resource, "default", "first", other, Text, CancellationToken.None);
        Assert.Equal(422, refused.Refusal!.Status);
        Assert.True(refused.IsNotNew);

        // The next apply takes the field out of what we own, and still prunes what the first one set.
        ((JsonObject)body["metadata"]!).Remove("labels");
        var kept = await api.Get(resource, "default", "first", Text, CancellationToken.None);
        Assert.Contains("\"by\":\"one\"", kept.Value, StringComparison.Ordinal);
        var later = await api.Apply(resource, "default", "first", body, Text, CancellationToken.None);
        Assert.DoesNotContain("deletionGracePeriodSeconds", later.Value, StringComparison.Ordinal);
        Assert.DoesNotContain("\"by\":", later.Value, StringComparison.Ordinal);
    }

    // Only the version keeps a status from the wrong object: what names another UID is not refused.
    [ControlPlaneFact]
    public async Task A_status_is_patched_over_the_version_that_was_seen_and_over_no_other()
    {
        using var transport = await plane.Connect();
        var api = new KubeApi(transport, "tidekeeper-test");
        var body = JsonNode.Parse("""
            {"apiVersion":"pingcap.com/v1alpha1","kind":"TidbCluster","metadata":{"name":"status"},
            "spec":{"version":"v8.5.0"}}
            """)!;
        var made = await api.Create(Clusters, "default", body, Version, CancellationToken.None);
        Assert.Null((await Patch("""{"uid":"of another"}""")).Refusal);
        Assert.Equal(409, (await Patch($$"""{"resourceVersion":"{{made.Value}}"}""")).Refusal!.Status);

        Task<Answer<string>> Patch(string metadata) => api.Patch(Clusters, "default", "status",
            JsonNode.Parse($$$"""{"metadata":{{{metadata}}},"status":{"phase":"Creating"}}""")!, Text,
            CancellationToken.None, "status");
    }

    private static string Version(JsonElement item) =>
        item.GetProperty("metadata").GetProperty("resourceVersion").GetString()!;

    private static string Text(JsonElement document) => document.GetRawText();
}
