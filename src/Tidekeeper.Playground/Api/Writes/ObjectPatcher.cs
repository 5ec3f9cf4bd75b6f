using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tidekeeper.Playground.Api.Writes;

/// <summary>PATCH: one of four kinds of patches, told apart by the content type.</summary>
internal sealed class ObjectPatcher(ApiServer api)
{
    private readonly BodyReader _bodies = new(api);

    public (JsonObject Done, bool IsNew, IReadOnlyList<string> Warnings) Patch(
        ApiRequest request, RequestPath path, WriteCall call)
    {
        var form = request.ContentType.Split(';')[0].Trim();
        return form switch
        {
            "application/merge-patch+json" => Change(request, path, call, current => MergePatch.Apply(current, Parse(request))),
            _ => throw Unsupported(path.Type),
        };
    }

    private (JsonObject Done, bool IsNew, IReadOnlyList<string> Warnings) Change(
        ApiRequest request, RequestPath path, WriteCall call, Func<JsonObject, JsonObject> change)
    {
        IReadOnlyList<string> warnings = [];
        var done = api.Writer.Update(call, current =>
        {
            var changed = change(current);
            warnings = _bodies.Settle(request, path.Type, changed);
            return changed;
        });
        return (done, false, warnings);
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

    private static ApiFault Unsupported(ResourceType type) => type.IsCustom
        ? new ApiFault(415, "UnsupportedMediaType", "the body of the request was in an unknown format - accepted media"
            + " types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml")
        : new ApiFault(415, "UnsupportedMediaType", "415: Unsupported Media Type", new JsonObject());
}
