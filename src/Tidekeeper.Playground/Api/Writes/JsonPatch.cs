using System.Globalization;
using System.Text.Json.Nodes;
using Tidekeeper.Playground.Api.Schemas;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Api.Writes;

/// <summary>RFC 6902: a list of operations, all or none.</summary>
internal static class JsonPatch
{
    private const int MostOperations = 10_000;

    public static JsonObject Apply(JsonObject target, JsonNode? patch)
    {
        if (patch is not JsonArray operations)
            throw ApiFault.BadPatch("object", "jsonpatch.Patch");
        if (operations.Count > MostOperations)
        {
            throw new ApiFault(413, "RequestEntityTooLarge", "Request entity too large: The allowed maximum operations"
                + $" in a JSON patch is {MostOperations}, got {operations.Count}");
        }

        JsonNode root = target;
        foreach (var operation in operations)
            root = Do(root, operation as JsonObject ?? throw Refused("Unexpected kind: unknown"));
        return root as JsonObject ?? throw Refused("the patched document is no object");
    }

    private static JsonNode Do(JsonNode root, JsonObject operation)
    {
        var path = operation.Text("path") ?? throw Refused("missing path");
        switch (operation.Text("op"))
        {
            case "add":
                return Put(root, path, operation["value"], isNew: true);
            case "replace":
                return Put(root, path, operation["value"], isNew: false);
            case "remove":
                Take(root, path, "remove");
                return root;
            case "move":
                return Put(root, path, Take(root, operation.Text("from") ?? "", "move"), isNew: true);
            case "copy":
                return Put(root, path, Find(root, operation.Text("from") ?? "", "copy"), isNew: true);
            case "test":
                if (!ObjectFields.Same(Find(root, path, "test"), operation["value"]))
                    throw Refused($"testing value {path} failed: test failed");
                return root;
            default:
                throw Refused("Unexpected kind: " + (operation.Text("op") ?? "unknown"));
        }
    }

    private static JsonNode Put(JsonNode root, string path, JsonNode? value, bool isNew)
    {
        var copy = value?.DeepClone();
        if (path.Length == 0)
            return copy ?? throw Refused("the patched document is no object");
        var verb = isNew ? "add" : "replace";
        var (parent, last) = Parent(root, path, verb);
        if (parent is JsonArray list)
        {
            if (isNew && last == "-")
                list.Add(copy);
            else if (Index(list, last, isNew ? list.Count : list.Count - 1, path, verb) is var at && isNew)
                list.Insert(at, copy);
            else
                list[at] = copy;
            return root;
        }

        var fields = (JsonObject)parent;
        if (!isNew && !fields.ContainsKey(last))
            throw Missing(verb, path);
        fields[last] = copy;
        return root;
    }

    private static JsonNode? Take(JsonNode root, string path, string verb)
    {
        var (parent, last) = Parent(root, path, verb);
        if (parent is JsonArray list)
        {
            var at = Index(list, last, list.Count - 1, path, verb);
            var taken = list[at];
            list.RemoveAt(at);
            return taken;
        }

        var fields = (JsonObject)parent;
        if (!fields.TryGetPropertyValue(last, out var value))
            throw Missing(verb, path);
        fields.Remove(last);
        return value;
    }

    private static JsonNode? Find(JsonNode root, string path, string verb)
    {
        if (path.Length == 0)
            return root;
        var (parent, last) = Parent(root, path, verb);
        if (parent is JsonArray list)
            return list[Index(list, last, list.Count - 1, path, verb)];
        if (!((JsonObject)parent).TryGetPropertyValue(last, out var value) && verb != "test")
            throw Missing(verb, path);
        return value;
    }

    private static (JsonNode Parent, string Last) Parent(JsonNode root, string path, string verb)
    {
        var parts = path.Split('/').Skip(1)
            .Select(each => each.Replace("~1", "/", StringComparison.Ordinal))
            .Select(each => each.Replace("~0", "~", StringComparison.Ordinal))
            .ToList();
        if (parts.Count == 0)
            throw Missing(verb, path);
        var at = root;
        foreach (var part in parts.Take(parts.Count - 1))
        {
            at = at switch
            {
                JsonObject fields => fields[part],
                JsonArray list => list[Index(list, part, list.Count - 1, path, verb)],
                _ => null,
            } ?? throw Missing(verb, path);
        }

        return at is JsonObject or JsonArray ? (at, parts[^1]) : throw Missing(verb, path);
    }

    private static int Index(JsonArray list, string text, int most, string path, string verb)
    {
        if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var at))
            throw Inapplicable(verb, $"strconv.Atoi: parsing {RelaxedJson.Quote(text)}: invalid syntax");
        if (at < 0)
            at += list.Count;
        return at >= 0 && at <= most ? at : throw Inapplicable(verb,
            $"doc is missing path: {RelaxedJson.Quote(path)}: Unable to access invalid index:"
            + $" {text}: invalid index referenced");
    }

    private static ApiFault Missing(string verb, string path) => Inapplicable(verb,
        $"doc is missing {(verb is "replace" ? "key" : "path")}: {RelaxedJson.Quote(path)}: missing value");

    private static ApiFault Inapplicable(string verb, string why) => Refused($"{verb} operation does not apply: {why}");

    private static ApiFault Refused(string why) => new(422, "Invalid",
        "the server rejected our request due to an error in our request", new JsonObject
        {
            ["causes"] = new JsonArray(new JsonObject { ["reason"] = "UnexpectedServerResponse", ["message"] = why }),
        });
}
