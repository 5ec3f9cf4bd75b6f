using System.Text.Json.Nodes;
using Tidekeeper.Playground.Api.Reads;
using Tidekeeper.Playground.Api.Writes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Api.Subresources;

/// <summary>
/// The scale subresource: an <c>autoscaling/v1</c> Scale made from, and written back to, an object's own fields.
/// </summary>
internal sealed class ScaleSubresource(ApiServer api)
{
    private sealed record Paths(string[] Spec, string[] Status, string[]? Selector);

    public ApiResponse Answer(ApiRequest request, RequestPath path)
    {
        var type = path.Type;
        var stored = api.Store.Get(type.GroupResource, path.Namespace, path.Name!)
            ?? throw NotFound(type, path.Name!);
        if (request.Method == "GET")
            return new ApiResponse(200, JsonText.Bytes(Show(type, stored)));
        var wanted = request.Method switch
        {
            "PUT" => Body(request),
            "PATCH" => ObjectPatcher.PatchPlain(request, type, Show(type, stored)),
            _ => throw ApiFault.MethodNotAllowed(),
        };
        var call = ResourceHandler.Call(request, path);
        ObjectWriter.CheckPlace(call with { IsPatch = request.Method == "PATCH" }, wanted);
        var replicas = wanted.Number("spec", "replicas") ?? 0;
        if (replicas < 0)
        {
            var errors = new FieldErrors();
            errors.Invalid("spec.replicas", replicas, "must be greater than or equal to 0");
            errors.ThrowIfAny("autoscaling", "Scale", path.Name!);
        }

        var done = api.Writer.Update(call, current =>
        {
            var scaled = current.Copy();
            if (wanted.Text("metadata", "resourceVersion") is { Length: > 0 } version)
                scaled.Metadata()["resourceVersion"] = version;
            Set(scaled, PathsOf(type).Spec, replicas);
            return scaled;
        });
        return new ApiResponse(200, JsonText.Bytes(Show(type, done)));
    }

    // Of builtin kinds the real server names the subresource, of custom ones the resource.
    private static ApiFault NotFound(ResourceType type, string name) => ApiFault.NotFound(
        type.IsCustom ? type : new ResourceType(type.Group, type.Version, type.Plural + "/scale", type.Kind), name);

    private static JsonObject Body(ApiRequest request)
    {
        var body = BodyReader.Options(request) ?? throw ApiFault.BadRequest("a Scale is required");
        if (body.Text("kind") is null or "" or "Scale")
            return body;
        var version = (body.Text("apiVersion") ?? "").Split('/')[^1];
        throw ApiFault.BadRequest($"{body.Text("kind")} in version \"{version}\" cannot be handled as a Scale:"
            + $" converting ({version}.{body.Text("kind")}) to (autoscaling.Scale): unknown conversion");
    }

    private static JsonObject Show(ResourceType type, JsonObject item)
    {
        var paths = PathsOf(type);
        var metadata = new JsonObject();
        foreach (var field in new[] { "name", "namespace", "uid", "resourceVersion", "creationTimestamp" })
            metadata[field] = item.At("metadata", field)?.DeepClone();
        var spec = new JsonObject();
        if (item.Number(paths.Spec) is { } wanted and not 0)
            spec["replicas"] = wanted;
        var status = new JsonObject { ["replicas"] = item.Number(paths.Status) ?? 0 };
        var selector = type.IsCustom
            ? paths.Selector is null ? null : item.Text(paths.Selector)
            : LabelSelector.From(item.ObjectAt("spec", "selector"))?.ToString();
        if (!string.IsNullOrEmpty(selector))
            status["selector"] = selector;
        return new JsonObject
        {
            ["kind"] = "Scale",
            ["apiVersion"] = "autoscaling/v1",
            ["metadata"] = metadata,
            ["spec"] = spec,
            ["status"] = status,
        };
    }

    private static Paths PathsOf(ResourceType type)
    {
        if (!type.IsCustom)
            return new Paths(["spec", "replicas"], ["status", "replicas"], null);
        var version = type.Definition.ObjectsAt("spec", "versions").First(each => each.Text("name") == type.Version);
        var scale = version.ObjectAt("subresources", "scale");
        return new Paths(Split(scale.Text("specReplicasPath")), Split(scale.Text("statusReplicasPath")),
            scale.Text("labelSelectorPath") is { Length: > 0 } selector ? Split(selector) : null);
    }

    private static string[] Split(string? path) => (path ?? "").Split('.', StringSplitOptions.RemoveEmptyEntries);

    private static void Set(JsonObject item, string[] path, long value)
    {
        foreach (var name in path[..^1])
            item = item.Section(name);
        item[path[^1]] = value;
    }
}
