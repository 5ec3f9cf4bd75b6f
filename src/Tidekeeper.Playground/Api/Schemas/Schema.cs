using System.Text.Json.Nodes;

namespace Tidekeeper.Playground.Api.Schemas;

/// <summary>
/// What a value must look like: read from a builtin kind's OpenAPI definition or from a CRD's structural schema.
/// Immutable; a <c>$ref</c> is followed when the node is first asked for something, so recursive types are fine.
/// </summary>
public sealed class Schema
{
    private readonly JsonObject _source;
    private readonly Func<string, Schema?>? _definitions;
    private SchemaFacts? _facts;

    /// <summary>Says nothing: every value is allowed and kept.</summary>
    public static Schema Anything { get; } =
        new(new JsonObject { ["x-kubernetes-preserve-unknown-fields"] = true }, null, null);

    private Schema(JsonObject source, Func<string, Schema?>? definitions, string? definition)
    {
        _source = source;
        _definitions = definitions;
        Definition = definition;
    }

    public static Schema Read(JsonObject source, Func<string, Schema?>? definitions = null,
        string? definition = null) =>
        new(source, definitions, definition);

    /// <summary>Full name of the definition that this is, for example <c>io.k8s.api.core.v1.PodSpec</c>.</summary>
    public string? Definition { get => field ?? Facts.Definition; }

    /// <summary>The JSON this was read from, a reference unresolved; never change it.</summary>
    public JsonObject Source => _source;

    public string? Type => Facts.Type;
    public string? Format => Facts.Format;
    public string? Description => Facts.Description;

    /// <summary>In the order of the document.</summary>
    public OrderedDictionary<string, Schema> Properties => Facts.Properties;

    /// <summary>Schema of the values of a map.</summary>
    public Schema? AdditionalProperties => Facts.AdditionalProperties;
    public Schema? Items => Facts.Items;
    public IReadOnlyList<string> Required => Facts.Required;
    public IReadOnlyList<JsonNode?>? Enum => Facts.Enum;

    /// <summary>Null when there is none; JSON null cannot be a default of anything that is not nullable.</summary>
    public JsonNode? Default => Facts.Default;
    public bool HasDefault => Facts.HasDefault;
    public bool Nullable => Facts.Nullable;

    public SchemaLimits Limits => Facts.Limits;
    public IReadOnlyList<Schema> AllOf => Facts.AllOf;
    public IReadOnlyList<Schema> AnyOf => Facts.AnyOf;
    public IReadOnlyList<Schema> OneOf => Facts.OneOf;
    public Schema? Not => Facts.Not;

    /// <summary><c>atomic</c>, <c>set</c> or <c>map</c>; null means atomic.</summary>
    public string? ListType => Facts.ListType;
    public IReadOnlyList<string> ListMapKeys => Facts.ListMapKeys;

    /// <summary><c>atomic</c> or <c>granular</c>; null means granular.</summary>
    public string? MapType => Facts.MapType;

    /// <summary>Key by which a strategic merge patch matches the elements of a list.</summary>
    public string? PatchMergeKey => Facts.PatchMergeKey;

    /// <summary>
    /// Of a strategic merge patch: <c>merge</c>, <c>replace</c>, <c>retainKeys</c> or two joined by a comma.
    /// </summary>
    public string? PatchStrategy => Facts.PatchStrategy;

    public bool IntOrString => Facts.IntOrString;
    public bool PreserveUnknownFields => Facts.PreserveUnknownFields;
    public bool EmbeddedResource => Facts.EmbeddedResource;

    /// <summary>CEL rules, as in <c>x-kubernetes-validations</c>.</summary>
    public IReadOnlyList<SchemaRule> Rules => Facts.Rules;

    /// <summary>A map with free keys, as opposed to an object with named fields.</summary>
    public bool IsMap => AdditionalProperties is not null;

    public Schema? Property(string name) => Properties.GetValueOrDefault(name);

    /// <summary>Schema of a field or map entry; null when the schema does not know it.</summary>
    public Schema? Child(string name) => Property(name) ?? AdditionalProperties;

    public override string ToString() => Definition ?? Type ?? "any";

    private SchemaFacts Facts => _facts ??= ReadFacts();

    private SchemaFacts ReadFacts()
    {
        if ((string?)_source["$ref"] is not { } reference)
            return SchemaFacts.Read(_source, _definitions);
        var name = reference[(reference.LastIndexOf('/') + 1)..];
        var target = _definitions?.Invoke(name)
            ?? throw new InvalidOperationException($"the schema refers to {reference}, which is not defined");
        if (_source.Count == 1)
            return target.Facts with { Definition = name };

        // Extensions such as the patch strategy stand beside the reference and belong to the field, not to the type.
        var merged = (JsonObject)target._source.DeepClone();
        foreach (var (key, value) in _source)
        {
            if (key != "$ref")
                merged[key] = value?.DeepClone();
        }

        return SchemaFacts.Read(merged, _definitions) with { Definition = name };
    }
}

/// <summary>Bounds on a value; null where there is none.</summary>
public sealed record SchemaLimits
{
    public double? Minimum { get; init; }
    public double? Maximum { get; init; }
    public bool ExclusiveMinimum { get; init; }
    public bool ExclusiveMaximum { get; init; }
    public double? MultipleOf { get; init; }
    public long? MinLength { get; init; }
    public long? MaxLength { get; init; }
    public string? Pattern { get; init; }
    public long? MinItems { get; init; }
    public long? MaxItems { get; init; }
    public bool UniqueItems { get; init; }
    public long? MinProperties { get; init; }
    public long? MaxProperties { get; init; }
}

/// <summary>One entry of <c>x-kubernetes-validations</c>.</summary>
public sealed record SchemaRule(string Rule)
{
    public string? Message { get; init; }
    public string? MessageExpression { get; init; }
    public string? FieldPath { get; init; }
    public string? Reason { get; init; }
    public bool OptionalOldSelf { get; init; }
}
