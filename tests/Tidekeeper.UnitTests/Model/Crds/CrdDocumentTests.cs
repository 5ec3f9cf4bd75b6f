using System.Text.Json.Nodes;
using Tidekeeper.Model.Crds;

namespace Tidekeeper.UnitTests.Model;

public class CrdDocumentTests
{
    private static readonly string Root = FindRoot();

    [Fact]
    public void The_committed_file_is_what_the_types_say()
    {
        var path = Path.Combine(Root, "deploy", "crds", "pingcap.com_tidbclusters.yaml");
        var generated = CrdDocument.TidbClusterYaml(XmlDocs.BesideAssembly());
        if (Environment.GetEnvironmentVariable("TIDE_WRITE_GENERATED") == "1") File.WriteAllText(path, generated);
        Assert.True(
            File.ReadAllText(path) == generated,
            $"{path} is not what the types say; run the tests with TIDE_WRITE_GENERATED=1, or tide crd > {path}");
    }

    [Fact]
    public void The_file_is_small_enough_for_the_last_applied_annotation()
    {
        var generated = CrdDocument.TidbClusterYaml(XmlDocs.BesideAssembly());
        Assert.InRange(generated.Length, 10_000, 200_000);
    }

    [Fact]
    public void Yaml_reads_back_as_the_same_document()
    {
        var document = CrdDocument.TidbCluster(XmlDocs.BesideAssembly());
        var yaml = CrdDocument.TidbClusterYaml(XmlDocs.BesideAssembly());
        Assert.True(JsonNode.DeepEquals(document, YamlAsJson.Read(yaml)));
    }

    [Fact]
    public void Every_node_is_structural()
    {
        var faults = new List<string>();
        Walk(CrdDocument.Schema(XmlDocs.None), "", (path, node) =>
        {
            if (node.ContainsKey("$ref")) faults.Add($"{path} refers elsewhere");
            var free = (bool?)node["x-kubernetes-preserve-unknown-fields"] == true
                || (bool?)node["x-kubernetes-int-or-string"] == true;
            if (node["type"] is null && !free) faults.Add($"{path} has no type");
            if (node["type"] is JsonArray) faults.Add($"{path} has several types");
            if (node["properties"] is not null && node["additionalProperties"] is not null)
                faults.Add($"{path} has properties and additionalProperties");
            if ((string?)node["type"] == "array" && node["items"] is null) faults.Add($"{path} has no items");
        });
        Assert.Equal([], faults);
    }

    [Fact]
    public void Every_field_of_the_spec_is_described()
    {
        var faults = new List<string>();
        var spec = (JsonObject)CrdDocument.Schema(XmlDocs.BesideAssembly())["properties"]!["spec"]!;
        Walk(spec, "spec", (path, node) =>
        {
            if (node["description"] is null && !path.EndsWith("[]", StringComparison.Ordinal)
                && !path.EndsWith("{}", StringComparison.Ordinal)) faults.Add(path);
        });
        Assert.Equal([], faults);
    }

    [Theory]
    [InlineData("spec.pd.replicas",
        """{"type":"integer","format":"int32","minimum":0,"maximum":1000}""")]
    [InlineData("spec.tikv.config", """{"x-kubernetes-preserve-unknown-fields":true}""")]
    [InlineData("spec.tidb.imagePullPolicy", """{"type":"string","enum":["Always","Never","IfNotPresent"]}""")]
    [InlineData("spec.nodeSelector", """{"type":"object","additionalProperties":{"type":"string"}}""")]
    [InlineData("spec.tolerations",
        """{"type":"array","items":{"type":"object","x-kubernetes-preserve-unknown-fields":true}}""")]
    [InlineData("status.waiting.since", """{"type":"string","format":"date-time"}""")]
    public void A_field_has_this_schema(string path, string expected)
    {
        JsonNode? node = CrdDocument.Schema(XmlDocs.None);
        foreach (var name in path.Split('.')) node = node?["properties"]?[name];
        Assert.Equal(expected, node?.ToJsonString());
    }

    private static void Walk(JsonObject node, string path, Action<string, JsonObject> look)
    {
        look(path, node);
        foreach (var (name, inner) in node["properties"] as JsonObject ?? [])
            Walk((JsonObject)inner!, path.Length == 0 ? name : $"{path}.{name}", look);
        if (node["items"] is JsonObject items) Walk(items, $"{path}[]", look);
        if (node["additionalProperties"] is JsonObject values) Walk(values, $"{path}{{}}", look);
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Tidekeeper.slnx")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new DirectoryNotFoundException("Tidekeeper.slnx is in no folder above");
    }
}
