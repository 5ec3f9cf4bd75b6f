using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tidekeeper.Playground.Api.Schemas;

/// <summary>One schema node as read from its JSON.</summary>
internal sealed record SchemaFacts
{
    public string? Definition { get; init; }
    public string? Type { get; init; }
    public string? Format { get; init; }
    public string? Description { get; init; }
    public required OrderedDictionary<string, Schema> Properties { get; init; }
    public Schema? AdditionalProperties { get; init; }
    public Schema? Items { get; init; }
    public required IReadOnlyList<string> Required { get; init; }
    public IReadOnlyList<JsonNode?>? Enum { get; init; }
    public JsonNode? Default { get; init; }
    public bool HasDefault { get; init; }
    public bool Nullable { get; init; }
    public required SchemaLimits Limits { get; init; }
    public required IReadOnlyList<Schema> AllOf { get; init; }
    public required IReadOnlyList<Schema> AnyOf { get; init; }
    public required IReadOnlyList<Schema> OneOf { get; init; }
    public Schema? Not { get; init; }
    public string? ListType { get; init; }
    public required IReadOnlyList<string> ListMapKeys { get; init; }
    public string? MapType { get; init; }
    public string? PatchMergeKey { get; init; }
    public string? PatchStrategy { get; init; }
    public bool IntOrString { get; init; }
    public bool PreserveUnknownFields { get; init; }
    public bool EmbeddedResource { get; init; }
    public required IReadOnlyList<SchemaRule> Rules { get; init; }

    public static SchemaFacts Read(JsonObject source, Func<string, Schema?>? definitions)
    {
        Schema? Node(JsonNode? node) => node is JsonObject o ? Schema.Read(o, definitions) : null;
        IReadOnlyList<Schema> Nodes(string key) =>
            source[key] is JsonArray list ? [.. list.OfType<JsonObject>().Select(o => Schema.Read(o, definitions))]
                : [];

        var properties = new OrderedDictionary<string, Schema>(StringComparer.Ordinal);
        if (source["properties"] is JsonObject fields)
        {
            foreach (var (name, field) in fields)
            {
                if (Node(field) is { } schema)
                    properties.Add(name, schema);
            }
        }

        return new SchemaFacts
        {
            Type = Text(source, "type"),
            Format = Text(source, "format"),
            Description = Text(source, "description"),
            Properties = properties,
            AdditionalProperties = source["additionalProperties"] is JsonValue
                ? Truth(source, "additionalProperties") ? Schema.Anything : null
                : Node(source["additionalProperties"]),
            Items = Node(source["items"]),
            Required = Texts(source, "required"),
            Enum = source["enum"] is JsonArray values ? [.. values] : null,
            Default = source["default"],
            HasDefault = source.ContainsKey("default"),
            Nullable = Truth(source, "nullable"),
            Limits = ReadLimits(source),
            AllOf = Nodes("allOf"),
            AnyOf = Nodes("anyOf"),
            OneOf = Nodes("oneOf"),
            Not = Node(source["not"]),
            ListType = Text(source, "x-kubernetes-list-type"),
            ListMapKeys = Texts(source, "x-kubernetes-list-map-keys"),
            MapType = Text(source, "x-kubernetes-map-type"),
            PatchMergeKey = Text(source, "x-kubernetes-patch-merge-key"),
            PatchStrategy = Text(source, "x-kubernetes-patch-strategy"),
            IntOrString = Truth(source, "x-kubernetes-int-or-string") || Text(source, "format") == "int-or-string",
            PreserveUnknownFields = Truth(source, "x-kubernetes-preserve-unknown-fields"),
            EmbeddedResource = Truth(source, "x-kubernetes-embedded-resource"),
            Rules = source["x-kubernetes-validations"] is JsonArray rules
                ? [.. rules.OfType<JsonObject>().Select(ReadRule)]
                : [],
        };
    }

    private static SchemaLimits ReadLimits(JsonObject source) => new()
    {
        Minimum = Number(source, "minimum"),
        Maximum = Number(source, "maximum"),
        ExclusiveMinimum = Truth(source, "exclusiveMinimum"),
        ExclusiveMaximum = Truth(source, "exclusiveMaximum"),
        MultipleOf = Number(source, "multipleOf"),
        MinLength = (long?)Number(source, "minLength"),
        MaxLength = (long?)Number(source, "maxLength"),
        Pattern = Text(source, "pattern"),
        MinItems = (long?)Number(source, "minItems"),
        MaxItems = (long?)Number(source, "maxItems"),
        UniqueItems = Truth(source, "uniqueItems"),
        MinProperties = (long?)Number(source, "minProperties"),
        MaxProperties = (long?)Number(source, "maxProperties"),
    };

    private static SchemaRule ReadRule(JsonObject rule) => new(Text(rule, "rule") ?? "")
    {
        Message = Text(rule, "message"),
        MessageExpression = Text(rule, "messageExpression"),
        FieldPath = Text(rule, "fieldPath"),
        Reason = Text(rule, "reason"),
        OptionalOldSelf = Truth(rule, "optionalOldSelf"),
    };

    // A CRD is validated before its schema is used, but a half-valid one must not bring the reader down.
    private static string? Text(JsonObject source, string key) =>
        source[key] is JsonValue v && v.GetValueKind() == JsonValueKind.String ? v.GetValue<string>() : null;

    private static bool Truth(JsonObject source, string key) =>
        source[key] is JsonValue v && v.GetValueKind() == JsonValueKind.True;

    private static double? Number(JsonObject source, string key) =>
        source[key] is JsonValue v && v.GetValueKind() == JsonValueKind.Number
            && double.TryParse(v.ToJsonString(), out var number) ? number : null;

    private static IReadOnlyList<string> Texts(JsonObject source, string key) =>
        source[key] is JsonArray list
            ? [.. list.OfType<JsonValue>().Where(v => v.GetValueKind() == JsonValueKind.String)
                .Select(v => v.GetValue<string>())]
            : [];
}
