using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tidekeeper.Model.Crds;
using Tidekeeper.Operator;
using Tidekeeper.UnitTests.Tidy;

namespace Tidekeeper.UnitTests.Deploy;

/// <summary>What the charts say a second time is written by these tests, and compared.</summary>
public sealed class GeneratedFilesTests
{
    private const string How = "TIDE_WRITE_GENERATED=1 ./tide test --filter GeneratedFiles";

    private static JsonSerializerOptions Readable { get; } = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    [Fact]
    public void The_chart_of_the_operator_brings_the_committed_definition() =>
        Compare("charts/tidekeeper/files/crds/pingcap.com_tidbclusters.yaml",
            CrdDocument.TidbClusterYaml(XmlDocs.BesideAssembly()));

    [Fact]
    public void The_chart_of_a_cluster_accepts_what_the_definition_accepts()
    {
        var schema = new JsonObject
        {
            ["$schema"] = "http://json-schema.org/draft-07/schema#",
            ["$comment"] = $"Made from the CustomResourceDefinition by {How}",
            ["title"] = "Values of the chart tidb-cluster",
            ["type"] = "object",
            ["additionalProperties"] = false,
            ["required"] = new JsonArray("spec"),
            ["properties"] = new JsonObject
            {
                ["nameOverride"] = Text("Name of the cluster; empty: the name of the release."),
                ["labels"] = Texts("Of the TidbCluster."),
                ["annotations"] = Texts("Of the TidbCluster."),
                ["keep"] = new JsonObject
                {
                    ["description"] = "helm uninstall leaves the cluster.",
                    ["type"] = "boolean",
                },
                ["global"] = new JsonObject
                {
                    ["description"] = "What a chart above this one hands to all of its parts; not used.",
                    ["type"] = "object",
                },
                ["spec"] = ValuesSchema.Of(
                    CrdDocument.Schema(XmlDocs.BesideAssembly())["properties"]!["spec"]!.AsObject()),
            },
        };
        Compare("charts/tidb-cluster/values.schema.json", schema.ToJsonString(Readable) + "\n");
    }

    [Fact]
    public void The_chart_of_the_operator_grants_its_rights()
    {
        var text = new StringBuilder($"# Made from src/Tidekeeper.Operator/Rights.cs by {How}\n");
        foreach (var place in Enum.GetValues<Place>())
        {
            text.Append($"{place.ToString().ToLowerInvariant()}:\n");
            foreach (var (group, resource, verbs) in RightsPage.Rules(place))
                text.Append($"- apiGroups: [\"{group}\"]\n  resources: [{resource}]\n")
                    .Append($"  verbs: [{string.Join(", ", verbs)}]\n");
        }

        Compare("charts/tidekeeper/files/rights.yaml", text.ToString());
    }

    [Fact]
    public void The_page_about_rights_says_what_the_code_does() => Compare("docs/rights.md", RightsPage.Text(How));

    private static void Compare(string file, string text)
    {
        var path = Path.Combine(Repository.Root, file);
        if (Environment.GetEnvironmentVariable("TIDE_WRITE_GENERATED") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
        }

        Assert.True(File.Exists(path) && File.ReadAllText(path) == text,
            $"{file} is not what the code says; write it with: {How}");
    }

    private static JsonObject Text(string description) =>
        new() { ["description"] = description, ["type"] = "string" };

    private static JsonObject Texts(string description) => new()
    {
        ["description"] = description,
        ["type"] = "object",
        ["additionalProperties"] = new JsonObject { ["type"] = "string" },
    };
}
