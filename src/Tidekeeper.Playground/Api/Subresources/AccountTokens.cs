using System.Text;
using System.Text.Json.Nodes;
using Tidekeeper.Playground.Api.Writes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Api.Subresources;

/// <summary>
/// Tokens of service accounts. They look like the real ones and say the same, and are signed by nobody: the
/// playground asks for none.
/// </summary>
internal sealed class AccountTokens(ApiServer api)
{
    private const long Shortest = 600;
    private const long Longest = 1L << 32;
    private const string Issuer = "https://kubernetes.default.svc";

    public ApiResponse Answer(ApiRequest request, RequestPath path)
    {
        if (request.Method != "POST")
            throw ApiFault.MethodNotAllowed();
        var account = api.Store.Get(path.Type.GroupResource, path.Namespace, path.Name!)
            ?? throw ApiFault.NotFound(path.Type, path.Name!);
        var spec = BodyReader.Options(request).ObjectAt("spec")?.Copy() ?? [];
        var seconds = spec.Number("expirationSeconds") ?? 3600;
        Check(seconds);
        if (spec.ArrayAt("audiences") is not { Count: > 0 })
            spec["audiences"] = new JsonArray(Issuer);
        var now = api.Time.GetUtcNow();
        return new ApiResponse(201, JsonText.Bytes(new JsonObject
        {
            ["kind"] = "TokenRequest",
            ["apiVersion"] = "authentication.k8s.io/v1",
            ["metadata"] = new JsonObject
            {
                ["name"] = path.Name,
                ["namespace"] = path.Namespace,
                ["creationTimestamp"] = JsonText.Moment(now),
            },
            ["spec"] = new JsonObject
            {
                ["audiences"] = spec["audiences"]!.DeepClone(),
                ["expirationSeconds"] = seconds,
                ["boundObjectRef"] = spec["boundObjectRef"]?.DeepClone(),
            },
            ["status"] = new JsonObject
            {
                ["token"] = Token(account, spec, now, seconds),
                ["expirationTimestamp"] = JsonText.Moment(now.AddSeconds(seconds)),
            },
        }));
    }

    private static void Check(long seconds)
    {
        var errors = new FieldErrors();
        if (seconds < Shortest)
        {
            errors.Invalid("spec.expirationSeconds", seconds,
                "may not specify a duration less than 10 minutes");
        }

        if (seconds > Longest)
        {
            errors.Invalid("spec.expirationSeconds", seconds,
                "may not specify a duration larger than 2^32 seconds");
        }

        errors.ThrowIfAny("authentication.k8s.io", "TokenRequest", "");
    }

    private static string Token(JsonObject account, JsonObject spec, DateTimeOffset now, long seconds)
    {
        var claims = new JsonObject
        {
            ["aud"] = spec["audiences"]!.DeepClone(),
            ["exp"] = now.ToUnixTimeSeconds() + seconds,
            ["iat"] = now.ToUnixTimeSeconds(),
            ["iss"] = Issuer,
            ["kubernetes.io"] = new JsonObject
            {
                ["namespace"] = account.Namespace(),
                ["serviceaccount"] = new JsonObject { ["name"] = account.Name(), ["uid"] = account.Uid() },
            },
            ["nbf"] = now.ToUnixTimeSeconds(),
            ["sub"] = $"system:serviceaccount:{account.Namespace()}:{account.Name()}",
        };
        return $"{Part(new JsonObject { ["alg"] = "none", ["typ"] = "JWT" })}.{Part(claims)}.";
    }

    private static string Part(JsonObject json) => Convert.ToBase64String(Encoding.UTF8.GetBytes(json.ToJsonString()))
        .TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
