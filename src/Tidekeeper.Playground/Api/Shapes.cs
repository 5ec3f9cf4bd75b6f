using System.Text.Json.Nodes;
using Tidekeeper.Playground.Api.Schemas;

namespace Tidekeeper.Playground.Api;

/// <summary>What a CustomResourceDefinition says about objects of its kind.</summary>
public interface ICustomKinds
{
    /// <summary>Schema of the whole object; <see cref="Schema.Anything"/> when the definition has none.</summary>
    Schema SchemaOf(ResourceType type);

    /// <summary>Fills in the schema's defaults.</summary>
    void Default(ResourceType type, JsonObject item);

    /// <param name="old">The object before an update; null at creation.</param>
    IEnumerable<FieldError> Validate(ResourceType type, JsonObject item, JsonObject? old);
}

/// <summary>
/// The shape of objects of any kind: from the embedded types for builtin kinds, from their definition for custom
/// ones.
/// </summary>
public sealed class Shapes
{
    /// <summary>Knows the custom kinds; until it is set they are kept as they come.</summary>
    public ICustomKinds? Custom { get; set; }

    public Schema SchemaOf(ResourceType type) =>
        (type.IsCustom ? Custom?.SchemaOf(type) : BuiltinSchemas.Find(type.Group, type.Version, type.Kind))
        ?? Schema.Anything;

    internal void Default(ResourceType type, JsonObject item)
    {
        if (type.IsCustom)
            Custom?.Default(type, item);
    }

    internal void Validate(ResourceType type, JsonObject item, JsonObject? old, FieldErrors errors)
    {
        if (type.IsCustom && Custom is not null)
            errors.AddRange(Custom.Validate(type, item, old));
    }
}
