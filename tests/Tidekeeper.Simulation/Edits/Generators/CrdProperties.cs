using System.Text.Json.Nodes;
using Tidekeeper.Model.Crds;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Simulation.Edits.Generators;

/// <summary>A property of the spec that has no properties of its own in the schema.</summary>
/// <param name="Path">From <c>spec</c>; <c>[]</c> stands for any element of a list.</param>
public sealed record CrdProperty(string Path, JsonObject Schema)
{
    public string Type => Schema.Text("type") ?? "";

    /// <summary>Whether it is part of an element of a list, which an edit changes as a whole.</summary>
    public bool IsInList => Path.Contains("[]", StringComparison.Ordinal);
}

/// <summary>Every property that the CustomResourceDefinition lets a user write.</summary>
public static class CrdProperties
{
    public static IReadOnlyList<CrdProperty> All { get; } =
        [.. Below("spec", (JsonObject)CrdDocument.Schema(XmlDocs.None)["properties"]!["spec"]!)];

    /// <summary>Those that an edit can set: of a list of objects the list, and not what is in its elements.</summary>
    public static IReadOnlyList<CrdProperty> Editable { get; } =
        [.. Below("spec", (JsonObject)CrdDocument.Schema(XmlDocs.None)["properties"]!["spec"]!, intoLists: false)];

    private static IEnumerable<CrdProperty> Below(string path, JsonObject schema, bool intoLists = true)
    {
        if (schema["properties"] is JsonObject properties)
        {
            return properties.SelectMany(one => Below($"{path}.{one.Key}", (JsonObject)one.Value!, intoLists));
        }

        return intoLists && schema["items"] is JsonObject { } items && items["properties"] is not null
            ? Below($"{path}[]", items)
            : [new CrdProperty(path, schema)];
    }
}
