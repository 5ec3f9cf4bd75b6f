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
                throw ApiFault.Unforeseen($"unknown patch type: {directive} in map: {Go(patch)}");
            patch = rest;
        }

        if (patch["$retainKeys"] is JsonArray retained)
        {
            var names = retained.Select(each => each.Text()).ToList();
            if (patch.Any(each => each.Key[0] != '$' && each.Value is not null && !names.Contains(each.Key)))
                throw ApiFault.BadRequest("invalid patch format of retainKeys");
            foreach (var name in target.Select(each => each.Key).Where(each => !names.Contains(each)).ToList())
                target.Remove(name);
        }

        foreach (var (name, change) in patch)
        {
            if (name.StartsWith(DeleteFromList, StringComparison.Ordinal))
                RemoveElements(target, name[DeleteFromList.Length..], change as JsonArray ?? []);
            else if (name[0] != '$')
                MergeField(schema?.Child(name), target, name, change, patch[ElementOrder + name] as JsonArray);
        }

        foreach (var (name, order) in patch)
        {
            if (!name.StartsWith(ElementOrder, StringComparison.Ordinal))
                continue;
            var field = name[ElementOrder.Length..];
            if (!patch.ContainsKey(field) && target[field] is JsonArray list && order is JsonArray wanted)
                target[field] = Ordered(schema?.Child(field)?.PatchMergeKey, list, wanted, list);
        }

        return target;
    }

    private static void MergeField(
        Schema? schema, JsonObject target, string name, JsonNode? change, JsonArray? order)
    {
        if (order is not null && change is JsonArray given)
            CheckOrder(schema?.PatchMergeKey, given, order);
        if (change is null)
            target.Remove(name);
        else if (change is JsonObject inner)
        {
            // A field with the strategy "replace" and a map without keys in it are taken as they come.
            var before = schema?.PatchStrategy == "replace" ? null : target[name] as JsonObject;
            target[name] = Merge(schema, before?.Copy() ?? [], inner);
        }
        else if (change is JsonArray list && schema?.PatchStrategy?.Contains("merge", StringComparison.Ordinal) == true)
        {
            var before = target[name] as JsonArray ?? [];
            var merged = MergeList(schema, (JsonArray)before.DeepClone(), list);
            var isReplaced = list.Any(each => each is JsonObject && each.Text("$patch") == "replace");
            target[name] = isReplaced
                ? merged
                : Ordered(schema.PatchMergeKey, merged, order ?? list, (JsonArray)before.DeepClone());
        }
        else
            target[name] = change.DeepClone();
    }

    /// <summary>What is merged stands in the wanted order; what is only deleted need not be in it.</summary>
    private static void CheckOrder(string? key, JsonArray given, JsonArray order)
    {
        JsonNode? Id(JsonNode? element) => key is null || element is not JsonObject ? element : element.At(key);
        var at = 0;
        foreach (var element in given.Where(each => each is not JsonObject || each.Text("$patch") is null))
        {
            while (at < order.Count && !ObjectFields.Same(Id(order[at]), Id(element)))
                at++;
            if (at++ < order.Count)
                continue;
            throw ApiFault.Unforeseen(
                $"The order in patch list:\n{Go(given)}\n doesn't match $setElementOrder list:\n{Go(order)}\n");
        }
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
                throw ApiFault.Unforeseen($"map: {Go(change)} does not contain declared merge key: {key}");
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
    /// Elements that the patch names stand in its order, the others in theirs; one of these comes first only where
    /// both were there before and it stood in front.
    /// </summary>
    private static JsonArray Ordered(string? key, JsonArray list, JsonArray wanted, JsonArray before)
    {
        JsonNode? Id(JsonNode? element) => key is null || element is not JsonObject ? element : element.At(key);
        int Rank(JsonArray order, JsonNode? element) =>
            order.Index().Where(each => ObjectFields.Same(Id(each.Item), Id(element)))
                .Select(each => each.Index).DefaultIfEmpty(-1).First();
        var named = new Queue<JsonNode?>(list.Where(each => Rank(wanted, each) >= 0)
            .OrderBy(each => Rank(wanted, each)));
        var others = new Queue<JsonNode?>(list.Where(each => Rank(wanted, each) < 0));
        var ordered = new JsonArray();
        while (named.Count + others.Count > 0)
        {
            var isOther = named.Count == 0;
            if (!isOther && others.Count > 0)
            {
                var (left, right) = (Rank(before, others.Peek()), Rank(before, named.Peek()));
                isOther = left >= 0 && right >= 0 && left < right;
            }

            ordered.Add((isOther ? others : named).Dequeue()?.DeepClone());
        }

        return ordered;
    }

    /// <summary>As Go prints a map.</summary>
    public static string Go(JsonNode? node) => node switch
    {
        null => "<nil>",
        JsonObject map => "map[" + string.Join(" ", map.OrderBy(each => each.Key, StringComparer.Ordinal)
            .Select(each => $"{each.Key}:{Go(each.Value)}")) + "]",
        JsonArray list => $"[{string.Join(" ", list.Select(Go))}]",
        JsonValue value when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>(),
        _ => node.ToJsonString(),
    };
}
