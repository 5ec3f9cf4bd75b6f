using System.Text.Json.Nodes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Api.Tables;

/// <param name="Priority">Above 0 only in the wide form.</param>
internal sealed record TableColumn(
    string Name, Func<JsonObject, DateTimeOffset, JsonNode?> Cell, string Type = "string", int Priority = 0)
{
    public string Format { get; init; } = "";
    public string Description { get; init; } = "";

    public static TableColumn NameColumn { get; } =
        new("Name", (item, _) =>
            item.Name())
        { Format = "name", Description = "Name of the object, unique in its place." };

    public static TableColumn Age { get; } =
        new("Age", (item, now) => Ages.Since(item.Text("metadata", "creationTimestamp"), now));

    public static TableColumn Text(string name, Func<JsonObject, string?> cell, int priority = 0) =>
        new(name, (item, _) => cell(item) ?? "", Priority: priority);

    public static TableColumn Wide(string name, Func<JsonObject, string?> cell) => Text(name, cell, 1);

    public static TableColumn Count(string name, Func<JsonObject, long> cell, string type = "integer") =>
        new(name, (item, _) => cell(item), type);
}
