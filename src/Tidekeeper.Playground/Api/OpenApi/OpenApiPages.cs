using System.Globalization;
using System.Text.Json.Nodes;
using Tidekeeper.Playground.Api.Discovery;

namespace Tidekeeper.Playground.Api.OpenApi;

/// <summary>
/// Describes the types to clients: OpenAPI v3 by group and version, which <c>kubectl explain</c> and <c>kubectl
/// apply</c>
/// read, and v2 in one document for older ones.
/// </summary>
internal sealed class OpenApiPages(ResourceCatalog catalog)
{
    private const string Index = "/openapi/v3";

    private readonly SortedDictionary<string, byte[]> _made = new(StringComparer.Ordinal);
    private int _revision = -1;

    public ApiResponse? Answer(ApiRequest request)
    {
        if (request.Method is not ("GET" or "HEAD") || !request.Path.StartsWith("/openapi/", StringComparison.Ordinal))
            return null;
        var path = request.Path.TrimEnd('/');
        if (_revision != catalog.Revision)
        {
            _made.Clear();
            _revision = catalog.Revision;
        }

        if (path == "/openapi/v2" && !request.Accept.Contains("json", StringComparison.Ordinal)
            && request.Accept.Contains("protobuf", StringComparison.Ordinal))
        {
            return new ApiResponse(200, Cached("/openapi/v2.pb", () =>
                OpenApiProtobuf.Write(OpenApiDocument.Version2(catalog))))
            {
                ContentType = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf",
            };
        }

        if (path == "/openapi/v2")
            return Json(Cached(path, () => JsonText.Bytes(OpenApiDocument.Version2(catalog))));
        if (path == Index)
            return Json(Cached(path, () => JsonText.Bytes(Paths())));
        if (!path.StartsWith(Index + "/", StringComparison.Ordinal))
            return null;
        var apiVersion = path[(Index.Length + 1)..] switch
        {
            var p when p.StartsWith("apis/", StringComparison.Ordinal) => p[5..],
            var p when p.StartsWith("api/", StringComparison.Ordinal) => p[4..],
            _ => "",
        };
        return catalog.Serves(apiVersion)
            ? Json(Cached(path, () => JsonText.Bytes(OpenApiDocument.Version3(catalog, apiVersion)))) : null;
    }

    private JsonObject Paths()
    {
        var paths = new JsonObject();
        foreach (var group in ServedGroups.Of(catalog))
        {
            foreach (var (version, types) in group.Versions)
            {
                var path = types[0].Group.Length == 0 ? $"api/{version}" : $"apis/{types[0].ApiVersion}";
                if (!catalog.Serves(types[0].ApiVersion))
                    continue;

                // A client keeps a document for as long as its hash stays the same.
                var hash = $"{_revision:X8}".ToString(CultureInfo.InvariantCulture);
                paths[path] = new JsonObject { ["serverRelativeURL"] = $"{Index}/{path}?hash={hash}" };
            }
        }

        return new JsonObject { ["paths"] = paths };
    }

    private byte[] Cached(string key, Func<byte[]> make)
    {
        if (!_made.TryGetValue(key, out var bytes))
            _made[key] = bytes = make();
        return bytes;
    }

    private static ApiResponse Json(byte[] body) => new(200, body);
}
