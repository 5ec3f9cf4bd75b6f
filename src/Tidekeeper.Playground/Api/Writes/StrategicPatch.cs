using System.Text.Json;
using System.Text.Json.Nodes;
using Tidekeeper.Playground.Api.Schemas;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Api.Writes;

/// <summary>
/// Strategic merge patch: like a merge patch, but lists whose elements have a key are merged by it. The schema says
/// which lists those are; directives (<c>$patch</c>, <c>$retainKeys</c>, …) say what a merge alone cannot.
/// </summary>
internal static class StrategicPatch
{
    private const string DeleteFromList = "$deleteFromPrimitiveList/";
    private const string ElementOrder = "$setElementOrder/";

    public static JsonObject Apply(Schema schema, JsonObject target, JsonNode? patch) =>
        patch is JsonObject changes
            ? Merge(schema, target, changes)
            : throw ApiFault.BadPatch("array", "map[string]interface {}");

    private static JsonObject Merge(Schema? schema, JsonObject target, JsonObject patch)
    {
        if (patch.Text("$patch") is { } directive)
        {
            var rest = patch.Copy();
            rest.Remove("$patch");
            if (directive is "replace")
                return rest;
            if (directive is "delete")
                return [];
            if (directive is not "merge")
                throw ApiFault.BadRequest($"Unknown patch type found: {directive}");
            patch = rest;
        }

        if (patch["$retainKeys"] is JsonArray retained)
        {
            var names = retained.Select(each => each.Text()).ToList();
            foreach (var name in target.Select(each => each.Key).Where(each => !names.Contains(each)).ToList())
                target.Remove(name);
        }

        foreach (var (name, change) in patch)
        {
            if (name.StartsWith(DeleteFromList, StringComparison.Ordinal))
                RemoveElements(target, name[DeleteFromList.Length..], change as JsonArray ?? []);
            else if (name[0] != '$')
                MergeField(schema?.Child(name), target, name, change);
        }

        foreach (var (name, order) in patch)
        {
            if (!name.StartsWith(ElementOrder, StringComparison.Ordinal))
                continue;
            var field = name[ElementOrder.Length..];
            if (target[field] is JsonArray list && order is JsonArray wanted)
                target[field] = Ordered(schema?.Child(field)?.PatchMergeKey, list, wanted);
        }

        return target;
    }

    private static void MergeField(Schema? schema, JsonObject target, string name, JsonNode? change)
    {
        if (change is null)
            target.Remove(name);
        else if (change is JsonObject inner)
        {
            // A field with the strategy "replace" and a map without keys in it are taken as they come.
            var before = schema?.PatchStrategy == "replace" ? null : target[name] as JsonObject;
            target[name] = Merge(schema, before?.Copy() ?? [], inner);
        }
        else if (change is JsonArray list && schema?.PatchStrategy?.Contains("merge", StringComparison.Ordinal) == true)
            target[name] = MergeList(schema, (target[name] as JsonArray)?.DeepClone() as JsonArray ?? [], list);
        else
            target[name] = change.DeepClone();
    }

    private static JsonArray MergeList(Schema schema, JsonArray target, JsonArray patch)
    {
        if (schema.PatchMergeKey is not { } key)
        {
            foreach (var element in patch)
            {
                if (!target.Any(each => ObjectFields.Same(each, element)))
                    target.Add(element?.DeepClone());
            }

            return target;
        }

        if (patch.Any(each => each.Text("$patch") == "replace"))
            return new JsonArray(
                [.. patch.Where(each => each.Text("$patch") is null).Select(each => each?.DeepClone())]);
        foreach (var change in patch.OfType<JsonObject>())
        {
            if (change[key] is not { } id)
                throw ApiFault.BadRequest($"map: {Go(change)} does not contain declared merge key: {key}");
            var at = IndexOf(target, key, id);
            if (change.Text("$patch") == "delete")
            {
                for (; at >= 0; at = IndexOf(target, key, id))
                    target.RemoveAt(at);
            }
            else if (at < 0)
                target.Add(Merge(schema.Items, [], change));
            else
                target[at] = Merge(schema.Items, ((JsonObject)target[at]!).Copy(), change);
        }

        return target;
    }

    private static int IndexOf(JsonArray list, string key, JsonNode id)
    {
        for (var at = 0; at < list.Count; at++)
        {
            if (ObjectFields.Same(list[at].At(key), id))
                return at;
        }

        return -1;
    }

    private static void RemoveElements(JsonObject target, string name, JsonArray gone)
    {
        if (target[name] is not JsonArray list)
            return;
        foreach (var element in gone)
        {
            for (var at = list.Count - 1; at >= 0; at--)
            {
                if (ObjectFields.Same(list[at], element))
                    list.RemoveAt(at);
            }
        }
    }

    /// <summary>
    /// Elements that the patch names stand in its order; the others stay before what they stood before.
    /// </summary>
    private static JsonArray Ordered(string? key, JsonArray list, JsonArray wanted)
    {
        JsonNode? Id(JsonNode? element) => key is null ? element : element.At(key);
        int Rank(JsonNode? element) =>
            wanted.Select((each, at) => (each, at)).Where(x => ObjectFields.Same(Id(x.each), Id(element)))
                .Select(x => x.at).DefaultIfEmpty(-1).First();
        var named = new Queue<JsonNode?>(list.Where(each => Rank(each) >= 0).OrderBy(Rank));
        var ordered = new JsonArray();
        foreach (var element in list)
            ordered.Add((Rank(element) >= 0 ? named.Dequeue() : element)?.DeepClone());
        return ordered;
    }

    private static string Go(JsonObject map) => "map[" + string.Join(" ", map.Select(each => each.Value switch
    {
        JsonValue value when value.GetValueKind() == JsonValueKind.String => $"{each.Key}:{value.GetValue<string>()}",
        _ => $"{each.Key}:{each.Value?.ToJsonString() ?? "<nil>"}",
    }).Order(StringComparer.Ordinal)) + "]";
}
