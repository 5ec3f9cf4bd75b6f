using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tidekeeper.Playground.Api.Schemas;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Api.Writes;

/// <summary>Decodes the body of a write: JSON, the right kind, the right types, no unknown fields.</summary>
internal sealed class BodyReader(ApiServer api)
{
    private const string Strict = "strict decoding error: ";

    /// <summary>The object, and warnings about fields that were dropped.</summary>
    public (JsonObject Body, IReadOnlyList<string> Warnings) Read(ApiRequest request, ResourceType type)
    {
        CheckContentType(request);
        var doubled = new List<string>();
        var body = Parse(request.Body, type, doubled);
        CheckKind(body, type);
        return (body, Settle(request, type, body, doubled: doubled));
    }

    /// <summary>Drops what the kind does not know; refuses or warns, as the request wants it.</summary>
    /// <param name="patched">Shows the result of a patch; null when the body is the object itself.</param>
    /// <param name="doubled">Fields that were there more than once.</param>
    public IReadOnlyList<string> Settle(ApiRequest request, ResourceType type, JsonObject body,
        Func<string>? patched = null, IReadOnlyList<string>? doubled = null)
    {
        var schema = api.Shapes.SchemaOf(type);
        IReadOnlyList<string> dropped;
        if (type.IsCustom)
            dropped = Pruning.DropCustom(schema, body);
        else
        {
            if (Decoding.WrongType(schema, body) is { } wrong)
                throw patched is null ? CannotHandle(type, body, wrong) : ApiFault.UnusablePatch(patched(), wrong);
            dropped = Pruning.Drop(schema, body);
            Decoding.Normalise(schema, body);
        }

        string[] sentences =
            [.. (doubled ?? []).Select(each => $"duplicate field \"{each}\""), .. dropped.Select(Pruning.Sentence)];
        return sentences.Length == 0 ? [] : request.Option("fieldValidation") switch
        {
            "Strict" when patched is not null =>
                throw ApiFault.UnusablePatch(patched(), Strict + string.Join(", ", sentences)),
            "Strict" => throw CannotHandle(type, body, Strict + string.Join(", ", sentences)),
            "Ignore" => [],
            _ => sentences,
        };
    }

    /// <summary>DeleteOptions, or null when there is no body.</summary>
    public static JsonObject? Options(ApiRequest request)
    {
        if (request.Body.Length == 0)
            return null;
        try
        {
            return LenientJson.Parse(request.Body) as JsonObject;
        }
        catch (JsonException)
        {
            throw ApiFault.BadRequest(
                "couldn't get version/kind; json parse error: " + JsonSyntax.Problem(request.Body));
        }
    }

    private static void CheckContentType(ApiRequest request)
    {
        var form = request.ContentType.Split(';')[0].Trim();
        if (form is "application/json" or "application/yaml" or "application/vnd.kubernetes.protobuf"
            or "application/cbor" || form.Contains("patch", StringComparison.Ordinal))
            return;
        throw new ApiFault(415, "UnsupportedMediaType", "the body of the request was in an unknown format - accepted"
            + " media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf");
    }

    private static JsonObject Parse(byte[] body, ResourceType type, List<string> doubled)
    {
        if (JsonSyntax.Problem(body) is { } problem)
        {
            throw ApiFault.BadRequest($"the object provided is unrecognized (must be of type {type.Kind}):"
                + $" couldn't get version/kind; json parse error: {problem} ({Encoding.UTF8.GetString(body)})");
        }

        return LenientJson.Parse(body, doubled) as JsonObject
            ?? throw ApiFault.BadRequest($"the object provided is unrecognized (must be of type {type.Kind}):"
                + " couldn't get version/kind; json parse error: json: cannot unmarshal array into Go value of type"
                + $" struct {{ APIVersion string; Kind string }} ({Encoding.UTF8.GetString(body)})");
    }

    private static void CheckKind(JsonObject body, ResourceType type)
    {
        var (apiVersion, kind) = (body.Text("apiVersion") ?? "", body.Text("kind") ?? "");
        if (type.IsCustom && (kind != type.Kind || apiVersion != type.ApiVersion))
        {
            throw ApiFault.BadRequest(kind.Length == 0
                ? "Object 'Kind' is missing in '" + body.ToJsonString(RelaxedJson.Options) + "'"
                : OtherVersion(apiVersion, type));
        }

        if (kind.Length > 0 && kind != type.Kind)
        {
            var version = apiVersion[(apiVersion.IndexOf('/') + 1)..];
            var group = type.Group.Length == 0 ? "core" : type.Group.Split('.')[0];
            throw ApiFault.BadRequest($"{kind} in version \"{version}\" cannot be handled as a {type.Kind}: converting"
                + $" ({version}.{kind}) to ({group}.{type.Kind}): unknown conversion");
        }

        if (apiVersion.Length > 0 && apiVersion != type.ApiVersion)
        {
            throw ApiFault.BadRequest(OtherVersion(apiVersion, type));
        }
    }

    private static string OtherVersion(string found, ResourceType type) =>
        $"the API version in the data ({found}) does not match the expected API version ({type.ApiVersion})";

    private static ApiFault CannotHandle(ResourceType type, JsonObject body, string why) => ApiFault.BadRequest(
        $"{body.Text("kind") ?? type.Kind} in version \"{type.Version}\" cannot be handled as a {type.Kind}: {why}");
}
