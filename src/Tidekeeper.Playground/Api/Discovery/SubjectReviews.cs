using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tidekeeper.Playground.Api.Discovery;

/// <summary>
/// Answers "who am I" and "may I": the playground has no authorization, so everybody may do everything.
/// </summary>
internal static class SubjectReviews
{
    private const string Prefix = "/apis/auth";

    public static ApiResponse? Answer(ApiRequest request, DateTimeOffset now)
    {
        if (request.Method != "POST" || !request.Path.StartsWith(Prefix, StringComparison.Ordinal))
            return null;
        var parts = request.Path.Trim('/').Split('/');
        JsonObject? status = (parts[1], parts[^1]) switch
        {
            ("authentication.k8s.io", "selfsubjectreviews") => new JsonObject { ["userInfo"] = User(request.User) },
            ("authentication.k8s.io", "tokenreviews") =>
                new JsonObject { ["authenticated"] = true, ["user"] = User(request.User) },
            ("authorization.k8s.io",
                "selfsubjectaccessreviews" or "subjectaccessreviews" or "localsubjectaccessreviews") =>
                new JsonObject { ["allowed"] = true },
            ("authorization.k8s.io", "selfsubjectrulesreviews") => new JsonObject
            {
                ["resourceRules"] = new JsonArray(new JsonObject
                {
                    ["verbs"] = new JsonArray("*"),
                    ["apiGroups"] = new JsonArray("*"),
                    ["resources"] = new JsonArray("*"),
                }),
                ["nonResourceRules"] = new JsonArray(new JsonObject
                {
                    ["verbs"] = new JsonArray("*"),
                    ["nonResourceURLs"] = new JsonArray("*"),
                }),
                ["incomplete"] = false,
            },
            _ => null,
        };
        if (status is null)
            return null;
        var body = Read(request.Body);
        var asksMay = parts[^1].EndsWith("accessreviews", StringComparison.Ordinal);
        var spec = body["spec"] as JsonObject ?? [];
        if (asksMay && (spec["resourceAttributes"] is null) == (spec["nonResourceAttributes"] is null))
        {
            var errors = new FieldErrors();
            errors.Invalid("spec.resourceAttributes", spec["nonResourceAttributes"]?.DeepClone(),
                "exactly one of nonResourceAttributes or resourceAttributes must be specified");
            throw errors.Fault("authorization.k8s.io", "", "");
        }

        if (parts[^1] == "selfsubjectrulesreviews" && string.IsNullOrEmpty(spec["namespace"]?.ToString()))
            throw ApiFault.BadRequest("no namespace on request");
        body["metadata"] = parts[1] == "authentication.k8s.io"
            ? new JsonObject { ["creationTimestamp"] = JsonText.Moment(now) }
            : new JsonObject();
        body["status"] = status;
        return new ApiResponse(201, JsonText.Bytes(body));
    }

    private static JsonObject Read(byte[] body)
    {
        try
        {
            return JsonNode.Parse(body) as JsonObject ?? [];
        }
        catch (JsonException e)
        {
            throw ApiFault.BadRequest("the review cannot be read: " + e.Message);
        }
    }

    private static JsonObject User(string name) => new()
    {
        ["username"] = name,
        ["groups"] = new JsonArray("system:masters", "system:authenticated"),
    };
}
