using System.Text.Json.Nodes;
using Tidekeeper.Playground.Api.Schemas;

namespace Tidekeeper.Playground.Api.Ownership;

/// <summary>Which fields an applied configuration names: these become the applier's.</summary>
internal static class AppliedFields
{
    public static FieldSet Of(Schema schema, JsonObject config)
    {
        var set = new FieldSet();
        Visit(schema, config, set, isRoot: true);
        return set;
    }

    private static void Visit(Schema schema, JsonNode? value, FieldSet at, bool isRoot = false)
    {
        switch (value)
        {
            case JsonObject fields when !FieldShape.IsAtomicMap(schema):
                foreach (var (name, child) in fields)
                {
                    var below = at.Below("f:" + name);
                    Visit(FieldShape.Child(schema, name, isRoot), child, below);
                    var isKnown = schema.Property(name) is not null || (isRoot && name == "metadata");
                    if (child is null or JsonObject { Count: 0 } || !isKnown)
                        below.IsMember = true;
                }

                break;
            case JsonArray list when !FieldShape.IsAtomicList(schema):
                foreach (var (element, item) in FieldShape.Elements(schema, list))
                {
                    var below = at.Below(element);
                    Visit(schema.Items ?? Schema.Anything, item, below);
                    below.IsMember = true;
                }

                break;
            default:
                at.IsMember = true;
                break;
        }
    }
}
