using System.Text.Json.Nodes;
using Tidekeeper.Simulation.Edits.Oracles;

namespace Tidekeeper.Simulation.Edits.Generators;

/// <summary>Every edit of every property that the CustomResourceDefinition lets a user write.</summary>
public static class EditCatalog
{
    /// <summary>In the order of the schema. What a property means goes before what its type says.</summary>
    public static IReadOnlyList<Edit> Of(JsonObject seed) =>
    [
        .. from property in CrdProperties.Editable
           where IsThere(property.Path, seed)
           from edit in Of(property, seed)
           select Judged(edit, property.Path),
    ];

    // A component that the seed has not is added in one piece, by a scenario, and not property by property.
    private static bool IsThere(string path, JsonObject seed) =>
        !View.Replicated.Contains(path.Split('.')[1]) || seed[path.Split('.')[1]] is not null;

    private static IEnumerable<Edit> Of(CrdProperty property, JsonObject seed)
    {
        var path = property.Path;
        var meant = ConfigEdits.Of(path) ?? KubernetesEdits.Of(path) ?? ListEdits.Of(path, seed)
            ?? TextEdits.Of(path, seed) ?? PrimitiveEdits.Of(property, seed);
        foreach (var edit in meant)
            yield return edit;
        if (SpecPath.Get(seed, path) is not null && SpecPath.Last(path) is not ("replicas" or "requests"))
            yield return Edit.Set(path, null, EditKind.Unknown);
    }

    private static Edit Judged(Edit edit, string path) =>
        (edit.Kind == EditKind.Valid && Demands.Of(path, edit) is { } kind ? edit with { Kind = kind } : edit) with
        {
            // Whoever names another cluster at all is told that this is not supported.
            OneWay = path == "spec.preferIPv6" && edit.Words.EndsWith("true", StringComparison.Ordinal)
                ? "Kubernetes keeps the address families that a Service has once had" : edit.OneWay,
            AlsoNamed = path.StartsWith("spec.cluster.", StringComparison.Ordinal) ? "spec.cluster" : edit.AlsoNamed,
        };
}
