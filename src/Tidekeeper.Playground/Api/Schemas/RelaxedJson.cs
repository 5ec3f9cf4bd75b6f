using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tidekeeper.Playground.Api.Schemas;

/// <summary>JSON as the Kubernetes API server writes it: only what must be escaped is.</summary>
public static class RelaxedJson
{
    public static JsonSerializerOptions Options { get; } =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Quote(string text) => JsonValue.Create(text).ToJsonString(Options);
}
