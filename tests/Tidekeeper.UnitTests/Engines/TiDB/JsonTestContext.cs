using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Tidekeeper.UnitTests.Engines.TiDB;

/// <summary>JSON of nodes, and text that a person can read and compare.</summary>
[JsonSerializable(typeof(JsonNode))]
internal sealed partial class JsonTestContext : JsonSerializerContext
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping
    };

    public static JsonTypeInfo<JsonNode> Node => Default.JsonNode;

    public static string Text(JsonNode node) => node.ToJsonString(Readable) + "\n";
}
