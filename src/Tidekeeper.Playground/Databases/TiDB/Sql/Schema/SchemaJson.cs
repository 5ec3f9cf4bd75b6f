using System.Text.Json.Nodes;

namespace Tidekeeper.Playground.Databases.TiDB.Sql;

/// <summary>Schemas as they are stored.</summary>
internal static class SchemaJson
{
    public static JsonObject Write(DatabaseSchema database) => new()
    {
        ["name"] = database.Name,
        ["charset"] = database.Charset,
        ["collation"] = database.Collation,
    };

    public static DatabaseSchema ReadDatabase(JsonObject json) =>
        new(Text(json, "name"), Text(json, "charset"), Text(json, "collation"));

    public static JsonObject Write(TableSchema table) => new()
    {
        ["id"] = table.Id,
        ["database"] = table.Database,
        ["name"] = table.Name,
        ["charset"] = table.Charset,
        ["collation"] = table.Collation,
        ["comment"] = table.Comment,
        ["nextColumn"] = table.NextColumnId,
        ["nextIndex"] = table.NextIndexId,
        ["version"] = table.Version,
        ["created"] = table.Created,
        ["columns"] = new JsonArray([.. table.Columns.Select(Write)]),
        ["indexes"] = new JsonArray([.. table.Indexes.Select(Write)]),
    };

    public static TableSchema ReadTable(JsonObject json) =>
        new([.. json["columns"]!.AsArray().Select(c => ReadColumn(c!.AsObject()))],
            [.. json["indexes"]!.AsArray().Select(i => ReadIndex(i!.AsObject()))])
        {
            Id = json["id"]!.GetValue<long>(),
            Database = Text(json, "database"),
            Name = Text(json, "name"),
            Charset = Text(json, "charset"),
            Collation = Text(json, "collation"),
            Comment = Text(json, "comment"),
            NextColumnId = Number(json, "nextColumn"),
            NextIndexId = Number(json, "nextIndex"),
            Version = json["version"]!.GetValue<long>(),
            Created = Text(json, "created"),
        };

    private static JsonObject Write(ColumnSchema column) => new()
    {
        ["id"] = column.Id,
        ["name"] = column.Name,
        ["type"] = column.Type.Name.ToString(),
        ["length"] = column.Type.Length,
        ["scale"] = column.Type.Scale,
        ["unsigned"] = column.Type.Unsigned,
        ["zerofill"] = column.Type.ZeroFill,
        ["collation"] = column.Type.Collation,
        ["values"] = new JsonArray([.. column.Type.Values.Select(v => JsonValue.Create(v))]),
        ["notNull"] = column.NotNull,
        ["auto"] = column.AutoIncrement,
        ["hasDefault"] = column.HasDefault,
        ["default"] = column.Default.ToClient(),
        ["now"] = column.DefaultsToNow,
        ["onUpdate"] = column.UpdatesToNow,
        ["comment"] = column.Comment,
        ["old"] = column.ValueOfOldRows.ToClient(),
    };

    private static ColumnSchema ReadColumn(JsonObject json)
    {
        var type = new ColumnType(Enum.Parse<TypeName>(Text(json, "type")), Number(json, "length"),
            Number(json, "scale"))
        {
            Unsigned = Flag(json, "unsigned"),
            ZeroFill = Flag(json, "zerofill"),
            Collation = Text(json, "collation"),
            Values = [.. json["values"]!.AsArray().Select(v => v!.GetValue<string>())],
        };
        return new ColumnSchema(Number(json, "id"), Text(json, "name"), type)
        {
            NotNull = Flag(json, "notNull"),
            AutoIncrement = Flag(json, "auto"),
            HasDefault = Flag(json, "hasDefault"),
            Default = Value(json["default"], type),
            DefaultsToNow = Flag(json, "now"),
            UpdatesToNow = Flag(json, "onUpdate"),
            Comment = Text(json, "comment"),
            ValueOfOldRows = Value(json["old"], type),
        };
    }

    private static SqlValue Value(JsonNode? node, ColumnType type) =>
        node is null ? SqlValue.Null
            : Storing.ToColumn(SqlValue.Of(node.GetValue<string>()), type, "default", 1, Lenient.Instance);

    private static JsonObject Write(IndexSchema index) => new()
    {
        ["id"] = index.Id,
        ["name"] = index.Name,
        ["kind"] = index.Kind.ToString(),
        ["parts"] = new JsonArray([.. index.Parts.Select(p => new JsonObject
        {
            ["column"] = p.Column, ["length"] = p.Length,
        })]),
    };

    private static IndexSchema ReadIndex(JsonObject json) =>
        new(Number(json, "id"), Text(json, "name"), Enum.Parse<IndexKind>(Text(json, "kind")),
            [.. json["parts"]!.AsArray()
                .Select(p => new IndexPart(Text(p!.AsObject(), "column"), Number(p.AsObject(), "length")))]);

    private static string Text(JsonObject json, string name) => json[name]!.GetValue<string>();

    private static int Number(JsonObject json, string name) => json[name]!.GetValue<int>();

    private static bool Flag(JsonObject json, string name) => json[name]!.GetValue<bool>();
}
