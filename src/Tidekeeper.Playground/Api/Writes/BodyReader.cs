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

    /// <summary>The body of a delete or of a subresource, or null when there is none.</summary>
    public static JsonObject? Options(ApiRequest request)
    {
        if (request.Body.Length == 0)
            return null;
        if (JsonSyntax.Problem(request.Body) is { } problem)
            throw ApiFault.Unforeseen("couldn't get version/kind; json parse error: " + problem);
        var options = LenientJson.Parse(request.Body) as JsonObject;
        var (kind, version) = (options.Text("kind") ?? "DeleteOptions", options.Text("apiVersion") ?? "v1");
        return kind == "DeleteOptions" || request.Method != "DELETE"
            ? options
            : throw ApiFault.Unforeseen($"no kind \"{kind}\" is registered for version \"{version}\" in scheme"
                + " \"k8s.io/apimachinery/pkg/apis/meta/internalversion/scheme/register.go:27\"");
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
                + $" couldn't get version/kind; json parse error: {problem} ({Summary(body)})");
        }

        var parsed = LenientJson.Parse(body, doubled);
        return parsed as JsonObject
            ?? throw ApiFault.BadRequest($"the object provided is unrecognized (must be of type {type.Kind}): couldn't"
                + $" get version/kind; json parse error: json: cannot unmarshal {GoKind(parsed)} into Go value of type"
                + " struct { APIVersion string \"json:\\\"apiVersion,omitempty\\\"\"; Kind string"
                + $" \"json:\\\"kind,omitempty\\\"\" }} ({Summary(body)})");
    }

    /// <summary>A body as the real server shows it: its beginning, as hexadecimal digits where it is no object.
    /// </summary>
    private static string Summary(byte[] body)
    {
        const int Shown = 30;
        if (body.Length == 0)
            return "<empty>";
        var isObject = body[0] == '{';
        var text = isObject ? Encoding.UTF8.GetString(body) : Convert.ToHexStringLower(body);
        return text.Length <= Shown ? text : text[..Shown] + " ...";
    }

    private static string GoKind(JsonNode? value) => value?.GetValueKind() switch
    {
        JsonValueKind.Number => "number",
        JsonValueKind.String => "string",
        JsonValueKind.True or JsonValueKind.False => "bool",
        _ => "array",
    };

    private void CheckKind(JsonObject body, ResourceType type)
    {
        var (apiVersion, kind) = (body.Text("apiVersion") ?? "", body.Text("kind") ?? "");
        if (type.IsCustom && kind.Length > 0 && kind != type.Kind && apiVersion == type.ApiVersion)
        {
            var errors = new FieldErrors();
            errors.Invalid("kind", kind, $"must be {type.Kind}");
            throw errors.Fault(type.Group, kind, body.Name());
        }

        if (type.IsCustom && (kind != type.Kind || apiVersion != type.ApiVersion))
        {
            throw ApiFault.BadRequest(kind.Length == 0
                ? "Object 'Kind' is missing in '" + body.ToJsonString(RelaxedJson.Options) + "'"
                : OtherVersion(apiVersion, type));
        }

        // Of a kind that it does not know the real server says so before it compares anything.
        if (!type.IsCustom && (kind.Length > 0 || apiVersion.Length > 0) && !Knows(apiVersion, kind, type))
        {
            var version = apiVersion.Length == 0 ? type.Version : apiVersion;
            throw ApiFault.BadRequest($"{(kind.Length > 0 ? kind : type.Kind)} in version"
                + $" \"{version[(version.IndexOf('/') + 1)..]}\" cannot be handled as a {type.Kind}: no kind"
                + $" \"{(kind.Length > 0 ? kind : type.Kind)}\" is registered for version \"{version}\" in scheme"
                + " \"k8s.io/kubernetes/pkg/api/legacyscheme/scheme.go:30\"");
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

    private bool Knows(string apiVersion, string kind, ResourceType type) =>
        api.Catalog.All.Any(each => each.Kind == (kind.Length > 0 ? kind : type.Kind)
            && each.ApiVersion == (apiVersion.Length > 0 ? apiVersion : type.ApiVersion));

    private static string OtherVersion(string found, ResourceType type) =>
        $"the API version in the data ({found}) does not match the expected API version ({type.ApiVersion})";

    private static ApiFault CannotHandle(ResourceType type, JsonObject body, string why) => ApiFault.BadRequest(
        $"{body.Text("kind") ?? type.Kind} in version \"{type.Version}\" cannot be handled as a {type.Kind}: {why}");
}
