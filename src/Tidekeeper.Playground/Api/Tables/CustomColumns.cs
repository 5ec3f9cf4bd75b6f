using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Api.Tables;

/// <summary>Columns that a CustomResourceDefinition names with a JSON path.</summary>
internal static class CustomColumns
{
    public static IReadOnlyList<TableColumn> Of(IReadOnlyList<JsonObject> definitions) => definitions.Count == 0
        ? [TableColumn.NameColumn, Column("Age", "date", ".metadata.creationTimestamp")]
        : [TableColumn.NameColumn, .. definitions.Select(d =>
            Column(d.Text("name") ?? "", d.Text("type") ?? "string", d.Text("jsonPath") ?? "") with
            {
                Format = d.Text("format") ?? "",
                Priority = (int)(d.Number("priority") ?? 0),
                Description = d.Text("description") is { Length: > 0 } said ? said
                    : $"Custom resource definition column (in JSONPath format): {d.Text("jsonPath")}",
            })];

    private static TableColumn Column(string name, string type, string path)
    {
        var read = JsonPath.Parse(path);
        return new TableColumn(name, (item, now) => Cell(read.Select(item), type, now), type);
    }

    private static JsonNode? Cell(IReadOnlyList<JsonNode?> found, string type, DateTimeOffset now)
    {
        if (found.Count == 0)
            return null;
        var first = found[0];
        switch (type)
        {
            case "integer":
                return first.Number();
            case "number":
                return first is JsonValue v && v.GetValueKind() == JsonValueKind.Number
                    ? double.Parse(v.ToJsonString(), CultureInfo.InvariantCulture) : null;
            case "boolean":
                return first.Flag();
            case "date":
                return first.Text() is { } moment && JsonText.ReadMoment(moment) is { } at
                    ? Ages.Show(now - at) : "<unknown>";
            default:
                return string.Join(',', found.Select(n => n is null ? "" : n.Text() ?? n.ToJsonString()));
        }
    }
}
