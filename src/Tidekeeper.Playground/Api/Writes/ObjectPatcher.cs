using System.Text.Json;
using System.Text.Json.Nodes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Api.Writes;

/// <summary>PATCH: one of four kinds of patches, told apart by the content type.</summary>
internal sealed class ObjectPatcher(ApiServer api)
{
    private const string JsonPatchType = "application/json-patch+json";
    private const string MergeType = "application/merge-patch+json";
    private const string StrategicType = "application/strategic-merge-patch+json";
    private const string ApplyType = "application/apply-patch+yaml";

    private readonly BodyReader _bodies = new(api);

    public (JsonObject Done, bool IsNew, IReadOnlyList<string> Warnings) Patch(
        ApiRequest request, RequestPath path, WriteCall call)
    {
        var form = FormOf(request, path.Type);
        if (form == ApplyType)
            return Apply(request, path, call);
        if (request.Option("force") is not null)
            throw Invalid(errors => errors.Forbidden("force", "may not be specified for non-apply patch"));
        var patch = Parse(request);
        IReadOnlyList<string> warnings = [];
        var done = api.Writer.Update(call with { IsPatch = true }, current =>
        {
            var changed = Change(form, api.Shapes.SchemaOf(path.Type), current.Copy(), patch);
            CheckKind(path.Type, changed);
            warnings = _bodies.Settle(request, path.Type, changed,
                form == StrategicType ? () => StrategicPatch.Go(patch) : () => Shown(changed));
            return changed;
        });
        return (done, false, warnings);
    }

    /// <summary>Patches something that is not stored, such as a Scale.</summary>
    public static JsonObject PatchPlain(ApiRequest request, ResourceType type, JsonObject current) =>
        Change(FormOf(request, type), Schemas.Schema.Anything, current, Parse(request));

    private (JsonObject Done, bool IsNew, IReadOnlyList<string> Warnings) Apply(
        ApiRequest request, RequestPath path, WriteCall call)
    {
        if (request.Option("fieldManager") is null)
            throw Invalid(errors => errors.Required("fieldManager", "is required for apply patch"));
        ApplyBody.Check(request, path, api.Shapes.SchemaOf(path.Type));
        var (body, warnings) = _bodies.Read(request, path.Type);
        if (body.ArrayAt("metadata", "managedFields") is { Count: > 0 })
            throw ApiFault.BadRequest("metadata.managedFields must be nil");
        call = call with { Applied = body.Copy(), Force = request.IsSet("force"), IsPatch = true };
        ObjectWriter.CheckPlace(call, body);
        var exists = api.Store.Get(path.Type.GroupResource, path.Namespace, path.Name!) is not null;
        if (!exists && path.Subresource.Length > 0)
            throw ApiFault.NotFound(path.Type, path.Name!);
        if (!exists && body.Uid() is { Length: > 0 } uid)
        {
            throw ApiFault.Conflict(path.Type, path.Name!,
                $"uid mismatch: the provided object specified uid {uid}, and no existing object was found");
        }

        return exists
            ? (api.Writer.Update(call, current => api.Owners.Merge(call, current, body)), false, warnings)
            : (api.Writer.Create(call, body), true, warnings);
    }

    private static void CheckKind(ResourceType type, JsonObject changed)
    {
        var (kind, version) = (changed.Text("kind"), changed.Text("apiVersion"));
        if (kind != type.Kind || version != type.ApiVersion)
        {
            throw ApiFault.UnusablePatch(Shown(changed), $"unable to convert object type {version}, Kind={kind} to"
                + $" {type.ApiVersion}, Kind={type.Kind}");
        }
    }

    /// <summary>The result of a patch as the real server writes it: the outermost fields in alphabetical order.
    /// </summary>
    private static string Shown(JsonObject result) => new JsonObject(result
        .OrderBy(each => each.Key, StringComparer.Ordinal)
        .Select(each => KeyValuePair.Create(each.Key, each.Value?.DeepClone())))
        .ToJsonString(Schemas.RelaxedJson.Options);

    private static JsonObject Change(string form, Schemas.Schema schema, JsonObject current, JsonNode? patch) =>
        form switch
        {
            JsonPatchType => JsonPatch.Apply(current, patch),
            MergeType => MergePatch.Apply(current, patch),
            _ => StrategicPatch.Apply(schema, current, patch),
        };

    private static string FormOf(ApiRequest request, ResourceType type)
    {
        var form = request.ContentType.Split(';')[0].Trim();
        if (form is JsonPatchType or MergeType or ApplyType || (form == StrategicType && !type.IsCustom))
            return form;
        throw type.IsCustom
            ? new ApiFault(415, "UnsupportedMediaType", "the body of the request was in an unknown format - accepted"
                + $" media types include: {JsonPatchType}, {MergeType}, {ApplyType}")
            : new ApiFault(415, "UnsupportedMediaType", "415: Unsupported Media Type", new JsonObject());
    }

    private static JsonNode? Parse(ApiRequest request)
    {
        try
        {
            return JsonNode.Parse(request.Body);
        }
        catch (JsonException)
        {
            throw ApiFault.BadRequest("error decoding patch: " + JsonSyntax.Problem(request.Body));
        }
    }

    private static ApiFault Invalid(Action<FieldErrors> what)
    {
        var errors = new FieldErrors();
        what(errors);
        return errors.Fault("meta.k8s.io", "PatchOptions", "");
    }
}
