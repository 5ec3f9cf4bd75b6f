using System.Text.Json;
using System.Text.Json.Nodes;
using Tidekeeper.Playground.Api.Schemas;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Api.Crd;

/// <summary>Where a custom resource keeps what its scale subresource shows.</summary>
public sealed record ScalePaths(string Spec, string Status, string? Selector)
{
    /// <summary>Null when that version of the definition has no scale subresource.</summary>
    public static ScalePaths? Of(JsonObject version) =>
        version.ObjectAt("subresources", "scale") is { } scale
            ? new ScalePaths(scale.Text("specReplicasPath") ?? "", scale.Text("statusReplicasPath") ?? "",
                scale.Text("labelSelectorPath"))
            : null;

    /// <summary>The names along a path: <c>.spec.replicas</c>.</summary>
    public static string[] Names(string path) => path.TrimStart('.').Split('.');

    /// <summary>Names of the objects above the last field, and that field.</summary>
    public static JsonNode? Read(JsonObject item, string path) => item.At(Names(path));

    internal IEnumerable<FieldError> Validate(JsonObject item)
    {
        foreach (var path in new[] { Spec, Status })
        {
            var value = Read(item, path);
            if (value is null)
                continue;
            if (value.Number() is not { } number)
            {
                yield return FieldError.Invalid(path, 0,
                    $"{path} accessor error: {Show(value)} is of the type {GoType(value)}, expected int64");
            }
            else if (number < 0)
                yield return FieldError.Invalid(path, number, "should be a non-negative integer");
            else if (number > int.MaxValue)
                yield return FieldError.Invalid(path, number, $"should be less than or equal to {int.MaxValue}");
        }

        if (Selector is { Length: > 0 } && Read(item, Selector) is { } selector && selector.Text() is null)
        {
            yield return FieldError.Invalid(Selector, "",
                $"{Selector} accessor error: {Show(selector)} is of the type {GoType(selector)}, expected string");
        }
    }

    private static string Show(JsonNode value) => value.Text() ?? value.ToJsonString();

    private static string GoType(JsonNode value) => value switch
    {
        JsonObject => "map[string]interface {}",
        JsonArray => "[]interface {}",
        _ => value.GetValueKind() switch
        {
            JsonValueKind.String => "string",
            JsonValueKind.Number => value.Number() is null ? "float64" : "int64",
            _ => "bool",
        },
    };
}
