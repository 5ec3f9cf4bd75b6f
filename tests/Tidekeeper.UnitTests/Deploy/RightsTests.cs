using System.Text.Json.Nodes;
using Tidekeeper.Kube;
using Tidekeeper.Operator;
using Tidekeeper.UnitTests.Tidy;

namespace Tidekeeper.UnitTests.Deploy;

/// <summary>The promises of docs/rights.md that need no server.</summary>
public sealed class RightsTests
{
    private static readonly string[] Verbs = ["create", "delete", "get", "list", "patch", "update", "watch"];

    [Fact]
    public void There_is_no_wildcard_no_secret_and_no_way_to_more_rights()
    {
        foreach (var right in Rights.All)
        {
            Assert.True(right.Verbs.All(verb => Verbs.Contains(verb, StringComparer.Ordinal)), $"{right}");
            Assert.DoesNotContain("*", right.Group + right.Resource, StringComparison.Ordinal);
            Assert.NotEqual("secrets", right.Resource);
            Assert.NotEmpty(right.Why);
        }
    }

    [Fact]
    public void Nothing_is_granted_twice() =>
        Repository.Expect(
            from right in Rights.All
            from verb in right.Verbs
            group right by $"{right.Place} {right.Group} {right.Resource} {verb}" into same
            where same.Count() > 1
            select same.Key);

    // RBAC lets nobody grant what he has not, unless he may escalate.
    [Fact]
    public void The_operator_holds_whatever_it_grants()
    {
        var roles = Directory.EnumerateFiles(
                Path.Combine(Repository.Root, "tests/Tidekeeper.UnitTests/Engines/cases"), "objects.yaml",
                SearchOption.AllDirectories)
            .SelectMany(Documents).Where(one => (string?)one["kind"] == "Role").ToArray();
        Assert.NotEmpty(roles);
        Repository.Expect(
            from role in roles
            from rule in role["rules"]!.AsArray()
            from granted in rule!["apiGroups"]!.AsArray()
            from resource in rule["resources"]!.AsArray()
            from verb in rule["verbs"]!.AsArray()
            let demand = new Demand((string)verb!, (string)granted!, (string)resource!, "", "")
            where !Rights.Cover(demand)
            select $"{demand.Verb} {demand.Resource} in '{demand.Group}'");
    }

    [Theory]
    [InlineData("GET", "/api/v1/pods", "watch=true", "watch  pods  ")]
    [InlineData("GET", "/api/v1/namespaces/a/pods", "limit=5", "list  pods a ")]
    [InlineData("GET", "/api/v1/namespaces/a/pods/b", "", "get  pods a b")]
    [InlineData("GET", "/api/v1/nodes", "limit=1", "list  nodes  ")]
    [InlineData("DELETE", "/apis/apps/v1/namespaces/a/statefulsets/b", "", "delete apps statefulsets a b")]
    [InlineData("PATCH", "/apis/pingcap.com/v1alpha1/namespaces/a/tidbclusters/b/status", "",
        "patch pingcap.com tidbclusters/status a b")]
    [InlineData("POST", "/api/v1/namespaces/a/events", "", "create  events a ")]
    [InlineData("PUT", "/apis/coordination.k8s.io/v1/namespaces/a/leases/b", "",
        "update coordination.k8s.io leases a b")]
    [InlineData("GET", "/api/v1/namespaces/a", "", "get  namespaces  a")]
    [InlineData("GET", "/apis", "", "nothing")]
    [InlineData("GET", "/apis/pingcap.com/v1alpha1", "", "nothing")]
    public void What_a_request_needs_is_in_its_address(string method, string path, string query, string needs)
    {
        var parameters = query.Split('=') is [var name, var value] ? new[] { (name, value) } : [];
        var demand = Demand.Of(new KubeRequest(method, path) { Query = parameters });
        Assert.Equal(needs, demand is null
            ? "nothing"
            : $"{demand.Verb} {demand.Group} {demand.Resource} {demand.Namespace} {demand.Name}");
    }

    private static IEnumerable<JsonNode> Documents(string file) =>
        File.ReadAllText(file).Split("\n---\n").Where(text => text.Trim().Length > 0)
            .Select(Model.YamlAsJson.Read);
}
