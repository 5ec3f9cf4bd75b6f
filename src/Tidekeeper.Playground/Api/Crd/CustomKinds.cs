using System.Text.Json.Nodes;
using Tidekeeper.Playground.Api.Schemas;

namespace Tidekeeper.Playground.Api.Crd;

/// <summary>The kinds that definitions add, each read once for as long as its definition stays as it is.</summary>
internal sealed class CustomKinds : ICustomKinds
{
    private readonly SortedDictionary<string, CustomKind> _kinds = new(StringComparer.Ordinal);

    public CustomKind Of(ResourceType type)
    {
        if (_kinds.TryGetValue(type.Path, out var known) && ReferenceEquals(known.Definition, type.Definition))
            return known;
        return _kinds[type.Path] = new CustomKind(type.Definition!, type.Version);
    }

    public Schema SchemaOf(ResourceType type) => Of(type).Schema;

    public void Default(ResourceType type, JsonObject item) => Of(type).Default(item);

    public IEnumerable<FieldError> Validate(ResourceType type, JsonObject item, JsonObject? old) =>
        Of(type).Validate(item, old);
}
