using System.Globalization;
using System.Text.Json.Nodes;

namespace Tidekeeper.Kube.Http;

/// <summary>Builds requests; no I/O, no clock.</summary>
public static class Requests
{
    public const string ApplyPatch = "application/apply-patch+yaml";
    public const string MergePatch = "application/merge-patch+json";
    public const string JsonPatch = "application/json-patch+json";

    /// <summary>
    /// What makes an apply one that only creates (decision 0006): the server clears it in what is new, and lets nobody
    /// change it in what exists.
    /// </summary>
    public const string NewField = "metadata.deletionGracePeriodSeconds";

    public static KubeRequest Get(Resource resource, string? ns, string name) =>
        new("GET", resource.Path(ns, name));

    public static KubeRequest List(Resource resource, string? ns, ListOptions options) =>
        new("GET", resource.Path(ns))
        {
            Query = Parameters(
                ("labelSelector", options.LabelSelector),
                ("fieldSelector", options.FieldSelector),
                ("limit", options.Limit?.ToString(CultureInfo.InvariantCulture)),
                ("continue", options.Continue),
                // A continuation carries its own version; the server refuses a second one beside it.
                ("resourceVersion", options.Continue is null ? options.ResourceVersion : null),
                ("resourceVersionMatch", options.Continue is null ? options.ResourceVersionMatch : null)),
        };

    public static KubeRequest Watch(Resource resource, string? ns, WatchOptions options) =>
        new("GET", resource.Path(ns))
        {
            Query = Parameters(
                ("watch", "true"),
                ("allowWatchBookmarks", "true"),
                ("resourceVersion", options.ResourceVersion),
                ("labelSelector", options.LabelSelector),
                ("fieldSelector", options.FieldSelector),
                ("timeoutSeconds", ((int)options.Lasts.TotalSeconds).ToString(CultureInfo.InvariantCulture))),
        };

    public static KubeRequest Create(Resource resource, string? ns, JsonNode body, string manager) =>
        new("POST", resource.Path(ns)) { Query = [("fieldManager", manager)], Body = Bytes(body) };

    public static KubeRequest Replace(Resource resource, string? ns, string name, JsonNode body, string manager) =>
        new("PUT", resource.Path(ns, name)) { Query = [("fieldManager", manager)], Body = Bytes(body) };

    /// <summary>Server-side apply; with force, fields of other managers named in the body become ours.</summary>
    public static KubeRequest Apply(Resource resource, string? ns, string name, JsonNode body, string manager,
        string subresource = "") =>
        new("PATCH", Sub(resource.Path(ns, name), subresource))
        {
            Query = [("fieldManager", manager), ("force", "true")],
            ContentType = ApplyPatch,
            Body = Bytes(body),
        };

    /// <summary>Server-side apply that is refused, naming <see cref="NewField"/>, where the object exists.</summary>
    public static KubeRequest ApplyNew(Resource resource, string? ns, string name, JsonNode body, string manager)
    {
        var marked = body.DeepClone();
        // No object that exists has a negative one, not even while it is deleted.
        marked["metadata"]!["deletionGracePeriodSeconds"] = -1;
        return Apply(resource, ns, name, marked, manager);
    }

    /// <summary>A merge patch (an object) or a JSON patch (an array).</summary>
    public static KubeRequest Patch(Resource resource, string? ns, string name, JsonNode patch, string manager,
        string subresource = "") =>
        new("PATCH", Sub(resource.Path(ns, name), subresource))
        {
            Query = [("fieldManager", manager)],
            ContentType = patch is JsonArray ? JsonPatch : MergePatch,
            Body = Bytes(patch),
        };

    /// <summary>Sets the number of replicas, only if the object is still at that version.</summary>
    public static KubeRequest Scale(Resource resource, string? ns, string name, int replicas,
        string? resourceVersion, string manager)
    {
        var body = new JsonObject { ["spec"] = new JsonObject { ["replicas"] = replicas } };
        if (resourceVersion is not null)
            body["metadata"] = new JsonObject { ["resourceVersion"] = resourceVersion };
        return Patch(resource, ns, name, body, manager);
    }

    public static KubeRequest Delete(Resource resource, string? ns, string name, DeleteOptions options)
    {
        var body = new JsonObject { ["kind"] = "DeleteOptions", ["apiVersion"] = "v1" };
        if (Preconditions(options) is { } preconditions)
            body["preconditions"] = preconditions;
        if (options.GraceSeconds is { } grace)
            body["gracePeriodSeconds"] = grace;
        body["propagationPolicy"] = options.Propagation;
        return new("DELETE", resource.Path(ns, name)) { Body = Bytes(body) };
    }

    /// <summary>A delete that respects disruption budgets: the server answers 429 when one forbids it.</summary>
    public static KubeRequest Evict(string ns, string pod, DeleteOptions options)
    {
        var delete = new JsonObject();
        if (Preconditions(options) is { } preconditions)
            delete["preconditions"] = preconditions;
        if (options.GraceSeconds is { } grace)
            delete["gracePeriodSeconds"] = grace;
        var body = new JsonObject
        {
            ["apiVersion"] = "policy/v1",
            ["kind"] = "Eviction",
            ["metadata"] = new JsonObject { ["name"] = pod, ["namespace"] = ns },
            ["deleteOptions"] = delete,
        };
        return new("POST", Sub(Resource.Pods.Path(ns, pod), "eviction")) { Body = Bytes(body) };
    }

    private static JsonObject? Preconditions(DeleteOptions options)
    {
        if (options.Uid is null && options.ResourceVersion is null)
            return null;
        var preconditions = new JsonObject();
        if (options.Uid is not null)
            preconditions["uid"] = options.Uid;
        if (options.ResourceVersion is not null)
            preconditions["resourceVersion"] = options.ResourceVersion;
        return preconditions;
    }

    private static byte[] Bytes(JsonNode body) => System.Text.Encoding.UTF8.GetBytes(body.ToJsonString());

    private static string Sub(string path, string subresource) =>
        subresource.Length == 0 ? path : $"{path}/{subresource}";

    private static (string, string)[] Parameters(params ReadOnlySpan<(string Name, string? Value)> all)
    {
        List<(string, string)> set = [];
        foreach (var (name, value) in all)
            if (!string.IsNullOrEmpty(value))
                set.Add((name, value));
        return [.. set];
    }
}

/// <summary>What to list, and how fresh. Without a version the list is the newest there is.</summary>
public sealed record ListOptions
{
    public string? LabelSelector { get; init; }
    public string? FieldSelector { get; init; }

    /// <summary>Objects a page.</summary>
    public int? Limit { get; init; }

    /// <summary>Token of the previous page.</summary>
    public string? Continue { get; init; }

    /// <summary>"0": whatever the server has at hand, cheap and possibly old.</summary>
    public string? ResourceVersion { get; init; }

    /// <summary><c>NotOlderThan</c> or <c>Exact</c>.</summary>
    public string? ResourceVersionMatch { get; init; }
}

/// <summary>What to watch, from which version, and after how long the server shall end it in good order.</summary>
public sealed record WatchOptions(string ResourceVersion, TimeSpan Lasts)
{
    public string? LabelSelector { get; init; }
    public string? FieldSelector { get; init; }
}

/// <summary>Conditions and manner of a delete.</summary>
public sealed record DeleteOptions
{
    /// <summary>Refused with 409 when the object by that name is another one.</summary>
    public string? Uid { get; init; }

    /// <summary>Refused with 409 when the object has changed since.</summary>
    public string? ResourceVersion { get; init; }

    public int? GraceSeconds { get; init; }

    /// <summary>What happens to what it owns: Background, Foreground or Orphan.</summary>
    public string Propagation { get; init; } = "Background";
}
