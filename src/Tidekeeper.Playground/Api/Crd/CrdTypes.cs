using System.Text.Json.Nodes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Api.Crd;

/// <summary>The resources that one definition adds: one for each served version.</summary>
internal static class CrdTypes
{
    public static IReadOnlyList<ResourceType> Of(JsonObject definition)
    {
        var names = definition.ObjectAt("spec", "names")!;
        return
        [
            .. definition.ObjectsAt("spec", "versions").Where(v => v.Flag("served") == true).Select(version =>
                new ResourceType(definition.Text("spec", "group")!, version.Text("name")!, names.Text("plural")!,
                    names.Text("kind")!)
                {
                    Definition = definition,
                    Namespaced = definition.Text("spec", "scope") == "Namespaced",
                    Singular = names.Text("singular") ?? names.Text("kind")!.ToLowerInvariant(),
                    ListKind = names.Text("listKind") ?? names.Text("kind") + "List",
                    ShortNames = [.. names.TextsAt("shortNames")],
                    Categories = [.. names.TextsAt("categories")],
                    HasGeneration = true,
                    Subresources = Subresources(version),
                    SelectableFields = [.. version.ObjectsAt("selectableFields")
                        .Select(f => f.Text("jsonPath")?.TrimStart('.') ?? "")],
                }),
        ];
    }

    private static List<string> Subresources(JsonObject version)
    {
        var found = new List<string>();
        if (version.ObjectAt("subresources", "status") is not null)
            found.Add("status");
        if (version.ObjectAt("subresources", "scale") is not null)
            found.Add("scale");
        return found;
    }
}
