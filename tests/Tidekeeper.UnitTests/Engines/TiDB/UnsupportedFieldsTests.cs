using System.Text.Json.Nodes;
using Tidekeeper.Engines.TiDB;
using Tidekeeper.Model.Crds;

namespace Tidekeeper.UnitTests.Engines;

public class UnsupportedFieldsTests
{
    private static readonly JsonObject Schema = CrdDocument.Schema(XmlDocs.BesideAssembly());

    [Fact]
    public void What_kubectl_explain_says_and_what_is_named_are_the_same()
    {
        var described = new SortedSet<string>(StringComparer.Ordinal);
        Collect((JsonObject)Schema["properties"]!["spec"]!, "spec", described);
        // Discovery is a Deployment: what speaks of a StatefulSet never meant anything there.
        described.Remove("spec.discovery.statefulSetUpdateStrategy");
        Assert.Equal(
            UnsupportedFields.Paths.Order(StringComparer.Ordinal).Distinct(), described, StringComparer.Ordinal);
    }

    private static void Collect(JsonObject node, string path, SortedSet<string> described)
    {
        if (((string?)node["description"] ?? "").Contains("ot acted upon", StringComparison.Ordinal))
            described.Add(path);
        foreach (var (name, inner) in node["properties"] as JsonObject ?? [])
            Collect((JsonObject)inner!, $"{path}.{name}", described);
    }
}
