using System.Text.Encodings.Web;
using System.Text.Json;

namespace Tidekeeper.Cli.View;

/// <summary>How <c>-o json</c> looks.</summary>
internal static class JsonText
{
    public static JsonSerializerOptions Indented { get; } = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
