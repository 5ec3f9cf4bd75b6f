using Tidekeeper.Kube;
using Tidekeeper.Playground.Api;

namespace Tidekeeper.Simulation.Engine;

/// <summary>Hands a client's request to the playground's API without a socket.</summary>
public static class PlaygroundRequest
{
    public static ApiRequest Of(KubeRequest request, string userAgent) => new(request.Method, request.Path)
    {
        Query = request.Query.ToDictionary(q => q.Name, q => q.Value, StringComparer.Ordinal),
        Body = request.Body,
        ContentType = request.ContentType,
        Accept = request.Accept,
        UserAgent = userAgent,
    };
}
