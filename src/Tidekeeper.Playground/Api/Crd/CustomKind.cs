using System.Text.Json.Nodes;
using Tidekeeper.Playground.Api.Schemas;
using Tidekeeper.Playground.Api.Tables;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Api.Crd;

/// <summary>One served version of a CustomResourceDefinition, ready to default and to validate objects.</summary>
internal sealed class CustomKind
{
    private readonly RuleValidation _rules = new();

    public CustomKind(JsonObject definition, string version)
    {
        Definition = definition;
        var served = definition.ObjectsAt("spec", "versions").First(v => v.Text("name") == version);
        Schema = served.ObjectAt("schema", "openAPIV3Schema") is { } schema ? Schema.Read(schema) : Schema.Anything;
        Scale = ScalePaths.Of(served);
        Columns = CustomColumns.Of([.. served.ObjectsAt("additionalPrinterColumns")]);
    }

    public JsonObject Definition { get; }
    public Schema Schema { get; }
    public ScalePaths? Scale { get; }

    public IReadOnlyList<TableColumn> Columns { get; }

    public void Default(JsonObject item) => Defaults.Apply(Schema, item);

    public IEnumerable<FieldError> Validate(JsonObject item, JsonObject? old)
    {
        var errors = Ratcheted(OfSchema(item), item, old);
        var ofLists = ListValidation.Validate(Schema, item).ToList();
        if (old is null || !ListValidation.Validate(Schema, old).Any())
            errors.AddRange(ofLists);
        if (!errors.Any(Blocks))
            errors.AddRange(_rules.Validate(Schema, item, old, old is not null));
        else if (HasRules(Schema))
        {
            errors.Add(new FieldError("<nil>", "FieldValueInvalid",
                "Invalid value: \"null\": some validation rules were not checked because the object was invalid; " +
                "correct the existing errors to complete validation"));
        }

        return errors;
    }

    private List<FieldError> OfSchema(JsonObject item) =>
        [.. SchemaValidation.Validate(Schema, item), .. Scale?.Validate(item) ?? []];

    private static bool Blocks(FieldError error) => error.Reason is "FieldValueRequired" or "FieldValueTooLong"
        or "FieldValueTooMany" or "FieldValueTypeInvalid";

    // What was wrong before and has not been touched does not stop an update: a rule that came later must not lock
    // every object that was there first, nor keep anybody from writing its status. RuleValidation does the same.
    private List<FieldError> Ratcheted(List<FieldError> errors, JsonObject item, JsonObject? old)
    {
        if (errors.Count == 0 || old is null)
            return errors;
        var before = OfSchema(old);
        return [.. errors.Where(e => !before.Contains(e) || !Unchanged(item, old, Holder(e)))];
    }

    /// <summary>What is missing is missing in the object around it.</summary>
    private static string Holder(FieldError error)
    {
        var dot = error.Reason == "FieldValueRequired" ? error.Field.LastIndexOf('.') : -1;
        return dot < 0 ? error.Field : error.Field[..dot];
    }

    private static bool Unchanged(JsonObject item, JsonObject old, string field)
    {
        JsonNode? now = item, then = old;
        foreach (var name in field.TrimStart('.').Replace("[", ".[", StringComparison.Ordinal).Split('.'))
        {
            if (name.StartsWith('['))
            {
                var index = int.TryParse(name.Trim('[', ']'), out var at) ? at : -1;
                now = now is JsonArray a && index >= 0 && index < a.Count ? a[index] : null;
                then = then is JsonArray b && index >= 0 && index < b.Count ? b[index] : null;
            }
            else
            {
                now = (now as JsonObject)?[name];
                then = (then as JsonObject)?[name];
            }
        }

        return then is not null && JsonNode.DeepEquals(now, then);
    }

    private static bool HasRules(Schema schema) => schema.Rules.Count > 0
        || schema.Properties.Values.Any(HasRules)
        || (schema.Items is { } items && HasRules(items))
        || (schema.AdditionalProperties is { } values && !ReferenceEquals(values, Schema.Anything) && HasRules(values));
}
