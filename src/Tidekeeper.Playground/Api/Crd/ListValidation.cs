using System.Text.Json.Nodes;
using Tidekeeper.Playground.Api.Schemas;

namespace Tidekeeper.Playground.Api.Crd;

/// <summary>Elements of a set, and keys of a map list, occur once.</summary>
internal static class ListValidation
{
    public static IEnumerable<FieldError> Validate(Schema schema, JsonNode? value, string path = "")
    {
        switch (value)
        {
            case JsonObject o:
                return o.Where(p => schema.Child(p.Key) is not null).SelectMany(p =>
                    Validate(schema.Child(p.Key)!, p.Value, SchemaValidation.Join(path, p.Key)));
            case JsonArray list:
                var inner = schema.Items is { } items
                    ? list.SelectMany((item, i) => Validate(items, item, $"{path}[{i}]")) : [];
                return Repeated(schema, list, path).Concat(inner);
            default:
                return [];
        }
    }

    private static IEnumerable<FieldError> Repeated(Schema schema, JsonArray list, string path)
    {
        if (schema.ListType is not ("set" or "map"))
            yield break;
        var seen = new List<JsonNode?>();
        for (var i = 0; i < list.Count; i++)
        {
            var identity = schema.ListType == "set" ? list[i] : Keys(schema, list[i]);
            if (seen.Any(other => JsonNode.DeepEquals(other, identity)))
                yield return FieldError.Duplicate($"{path}[{i}]", identity);
            else
                seen.Add(identity);
        }
    }

    private static JsonObject Keys(Schema schema, JsonNode? item)
    {
        var keys = new JsonObject();
        foreach (var key in schema.ListMapKeys)
        {
            if (RuleValidation.Key(schema, item, key) is { } value)
                keys[key] = value.DeepClone();
        }

        return keys;
    }
}
