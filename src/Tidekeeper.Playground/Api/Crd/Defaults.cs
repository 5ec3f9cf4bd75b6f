using System.Text.Json.Nodes;
using Tidekeeper.Playground.Api.Schemas;

namespace Tidekeeper.Playground.Api.Crd;

/// <summary>Fills in the defaults of a structural schema, from the outside in.</summary>
internal static class Defaults
{
    public static void Apply(Schema schema, JsonNode? value)
    {
        switch (value)
        {
            case JsonObject o:
                Fields(schema, o);
                break;
            case JsonArray list when schema.Items is { } items:
                foreach (var item in list)
                    Apply(items, item);
                break;
        }
    }

    private static void Fields(Schema schema, JsonObject value)
    {
        foreach (var (name, field) in schema.Properties)
        {
            var missing = !value.TryGetPropertyValue(name, out var current) || (current is null && !field.Nullable);
            if (missing && field.HasDefault)
                value[name] = field.Default?.DeepClone();
            else if (missing && value.ContainsKey(name))
                value.Remove(name); // a null where null is no value means that nothing was said
            Apply(field, value[name]);
        }

        if (schema.AdditionalProperties is not { } values)
            return;
        foreach (var (name, child) in value.ToArray())
        {
            if (schema.Property(name) is null && child is null && values.HasDefault && !values.Nullable)
                value[name] = values.Default?.DeepClone();
            if (schema.Property(name) is null)
                Apply(values, value[name]);
        }
    }
}
