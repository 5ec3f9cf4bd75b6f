using System.Text.Json.Nodes;
using Tidekeeper.Playground.Api.Schemas;

namespace Tidekeeper.Playground.Api.Ownership;

/// <summary>Lays an applied configuration over an object, and takes away what appliers gave up.</summary>
internal static class TypedMerge
{
    /// <summary>The object is changed in place.</summary>
    public static void Lay(Schema schema, JsonObject target, JsonObject config, bool isRoot = true)
    {
        foreach (var (name, value) in config)
        {
            var child = FieldShape.Child(schema, name, isRoot);
            if (value is JsonObject fields && !FieldShape.IsAtomicMap(child) && target[name] is JsonObject inner)
                Lay(child, inner, fields, isRoot: false);
            else if (value is JsonArray items && !FieldShape.IsAtomicList(child) && target[name] is JsonArray list)
                Lay(child, list, items);
            else
                target[name] = value?.DeepClone();
        }
    }

    /// <summary>Removes the paths of a set; what becomes empty by that goes too.</summary>
    public static void Remove(Schema schema, JsonObject target, FieldSet gone, bool isRoot = true)
    {
        foreach (var (element, below) in gone.Children)
        {
            var name = element[2..];
            if (!target.TryGetPropertyValue(name, out var value))
                continue;
            var child = FieldShape.Child(schema, name, isRoot);
            if (below.IsMember)
                target.Remove(name);
            else if (value is JsonObject fields)
            {
                Remove(child, fields, below, isRoot: false);
                if (fields.Count == 0)
                    target.Remove(name);
            }
            else if (value is JsonArray list)
            {
                Remove(child, list, below);
                if (list.Count == 0)
                    target.Remove(name);
            }
        }
    }

    private static void Lay(Schema schema, JsonArray target, JsonArray config)
    {
        foreach (var (element, value) in FieldShape.Elements(schema, config))
        {
            var at = IndexOf(schema, target, element);
            if (at < 0)
                target.Add(value?.DeepClone());
            else if (target[at] is JsonObject fields && value is JsonObject changes
                && schema.Items is { } items && !FieldShape.IsAtomicMap(items))
                Lay(items, fields, changes, isRoot: false);
            else
                target[at] = value?.DeepClone();
        }
    }

    private static void Remove(Schema schema, JsonArray target, FieldSet gone)
    {
        foreach (var (element, below) in gone.Children)
        {
            var at = IndexOf(schema, target, element);
            if (at < 0)
                continue;
            if (below.IsMember)
                target.RemoveAt(at);
            else if (target[at] is JsonObject fields && schema.Items is { } items)
                Remove(items, fields, below, isRoot: false);
        }
    }

    private static int IndexOf(Schema schema, JsonArray list, string element)
    {
        for (var at = 0; at < list.Count; at++)
        {
            if (FieldShape.Element(schema, list[at]) == element)
                return at;
        }

        return -1;
    }
}
