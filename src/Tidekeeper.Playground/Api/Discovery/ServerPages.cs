using System.Text.Json.Nodes;

namespace Tidekeeper.Playground.Api.Discovery;

/// <summary>Version and health of the server.</summary>
internal static class ServerPages
{
    /// <summary>The release of Kubernetes that the playground behaves like.</summary>
    public const string Release = "v1.36.2";

    public static ApiResponse? Answer(ApiRequest request) => request.Path.TrimEnd('/') switch
    {
        "/version" => new ApiResponse(200, JsonText.Bytes(new JsonObject
        {
            ["major"] = "1",
            ["minor"] = "36",
            ["emulationMajor"] = "1",
            ["emulationMinor"] = "36",
            ["minCompatibilityMajor"] = "1",
            ["minCompatibilityMinor"] = "35",
            ["gitVersion"] = Release,
            ["gitCommit"] = "",
            ["gitTreeState"] = "",
            ["buildDate"] = "1970-01-01T00:00:00Z",
            ["goVersion"] = "",
            ["compiler"] = "",
            ["platform"] = "tidekeeper/playground",
        })),
        "/healthz" or "/livez" or "/readyz" or "/healthz/ping" or "/livez/ping" or "/readyz/ping" or "/healthz/etcd"
            or "/livez/etcd" or "/readyz/etcd" => new ApiResponse(200, "ok"u8.ToArray())
            {
                ContentType = "text/plain; charset=utf-8",
            },
        _ => null,
    };
}
