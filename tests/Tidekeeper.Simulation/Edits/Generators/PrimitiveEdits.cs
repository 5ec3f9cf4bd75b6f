using System.Text.Json.Nodes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Simulation.Edits.Generators;

/// <summary>Edits that follow from a property's type alone.</summary>
internal static class PrimitiveEdits
{
    public static IEnumerable<Edit> Of(CrdProperty property, JsonObject seed) => property switch
    {
        { Schema: var schema } when schema["enum"] is JsonArray values => OfEnum(property.Path, values),
        { Type: "boolean" } => [Edit.Set(property.Path, true), Edit.Set(property.Path, false)],
        { Type: "integer" } => OfInteger(property.Path, property.Schema, SpecPath.Get(seed, property.Path).Number()),
        { Type: "string" } => OfText(property.Path),
        { Type: "array" } => [Edit.Set(property.Path, new JsonArray(), EditKind.Unknown)],
        { Type: "object" } => [Edit.Set(property.Path, new JsonObject(), EditKind.Unknown)],
        _ => [],
    };

    private static IEnumerable<Edit> OfEnum(string path, JsonArray values) =>
    [
        .. values.Select(value => Edit.Set(path, value)),
        Edit.Set(path, "Whatever", EditKind.Invalid),
    ];

    private static IEnumerable<Edit> OfInteger(string path, JsonObject schema, long? now)
    {
        var least = schema.Number("minimum");
        var most = schema.Number("maximum");
        yield return Edit.Set(path, Math.Min((now ?? least ?? 1) + 2, most ?? long.MaxValue));
        yield return Edit.Set(path, (least ?? 0) - 1, least is null ? EditKind.Unknown : EditKind.Invalid);
        if (most is not null)
            yield return Edit.Set(path, most + 1, EditKind.Invalid);
        yield return Edit.Set(path, "many", EditKind.Invalid);
    }

    private static IEnumerable<Edit> OfText(string path)
    {
        yield return Edit.Set(path, "changed", EditKind.Unknown);
        yield return Edit.Set(path, "", EditKind.Unknown);
        yield return Edit.Set(path, 7, EditKind.Invalid);
    }
}
