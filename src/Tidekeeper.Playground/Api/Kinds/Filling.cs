using System.Text.Json.Nodes;

namespace Tidekeeper.Playground.Api.Kinds;

/// <summary>Defaults: a field that is missing, or an empty text, gets a value.</summary>
internal static class Filling
{
    public static void FillIn(this JsonObject fields, string name, JsonNode value)
    {
        if (fields[name] is null || (fields[name] is JsonValue old && old.TryGetValue(out string? text) && text == ""))
            fields[name] = value;
    }
}
