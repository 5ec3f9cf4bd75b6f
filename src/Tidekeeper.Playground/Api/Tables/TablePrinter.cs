using System.Text.Json.Nodes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Api.Tables;

/// <summary>Prints objects as <c>kubectl get</c> shows them: the server, not kubectl, chooses the columns.</summary>
/// <param name="customColumns">A custom kind's own columns.</param>
internal sealed class TablePrinter(
    Func<ResourceType, IReadOnlyList<TableColumn>> customColumns, TimeProvider time) : ITables
{
    public JsonObject Table(
        ResourceType type, IEnumerable<JsonObject> items, JsonObject metadata, bool withColumns, string include)
    {
        var columns = type.IsCustom ? customColumns(type) : BuiltinColumns.For(type);
        var now = time.GetUtcNow();
        return new JsonObject
        {
            ["kind"] = "Table",
            ["apiVersion"] = "meta.k8s.io/v1",
            ["metadata"] = metadata.DeepClone(),
            ["columnDefinitions"] = withColumns ? new JsonArray([.. columns.Select(Definition)]) : null,
            ["rows"] = new JsonArray([.. items.Select(item => Row(item, columns, now, include))]),
        };
    }

    private static JsonNode Definition(TableColumn column) => new JsonObject
    {
        ["name"] = column.Name,
        ["type"] = column.Type,
        ["format"] = column.Format,
        ["description"] = column.Description,
        ["priority"] = column.Priority,
    };

    private static JsonObject Row(
        JsonObject item, IReadOnlyList<TableColumn> columns, DateTimeOffset now, string include)
    {
        var row = new JsonObject
        {
            ["cells"] = new JsonArray([.. columns.Select(column => column.Cell(item, now))]),
        };
        if (Conditions(item) is { } conditions)
            row["conditions"] = conditions;
        row["object"] = include switch
        {
            "None" => null,
            "Object" => item.Copy(),
            _ => new JsonObject
            {
                ["kind"] = "PartialObjectMetadata",
                ["apiVersion"] = "meta.k8s.io/v1",
                ["metadata"] = item["metadata"]?.DeepClone(),
            },
        };
        return row;
    }

    // Tells kubectl that a pod has ended, whichever way.
    private static JsonArray? Conditions(JsonObject item) =>
        item.Text("kind") == "Pod" && item.Text("status", "phase") is "Succeeded" or "Failed"
            ? [new JsonObject
            {
                ["type"] = "Completed",
                ["status"] = "True",
                ["reason"] = item.Text("status", "phase"),
                ["message"] = item.Text("status", "phase") == "Succeeded"
                    ? "The pod has completed successfully." : "The pod failed.",
            }]
            : null;
}
