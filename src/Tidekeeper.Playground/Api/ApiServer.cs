using System.Text.Json.Nodes;

namespace Tidekeeper.Playground.Api;

/// <summary>
/// The Kubernetes API without sockets: takes a request, returns an answer, synchronously. The HTTP server, the
/// simulation and the playground's own controllers all come in through here, so all see the same semantics.
/// </summary>
public sealed class ApiServer
{
    public ApiServer(TimeProvider time, Random chance)
    {
        _ = time;
        _ = chance;
    }

    /// <summary>The newest resource version.</summary>
    public long Head => 0;

    /// <summary>Answers everything but a watch.</summary>
    public ApiResponse Handle(ApiRequest request) =>
        throw new NotImplementedException(request.Path);

    /// <summary>Opens a watch; a refusal is an <see cref="ApiResponse"/> with an error status.</summary>
    public (ApiWatch? Watch, ApiResponse? Refusal) Watch(ApiRequest request) =>
        throw new NotImplementedException(request.Path);
}

/// <summary>A request, independent of any transport.</summary>
/// <param name="Path">Path without the query, unescaped.</param>
public sealed record ApiRequest(string Method, string Path)
{
    /// <summary>Query parameters by name, unescaped; the last one wins.</summary>
    public IReadOnlyDictionary<string, string> Query { get; init; } = new Dictionary<string, string>();
    public byte[] Body { get; init; } = [];
    public string ContentType { get; init; } = "application/json";
    public string Accept { get; init; } = "application/json";

    /// <summary>Who asks, as in User-Agent; the part before the first slash is the default field manager.</summary>
    public string UserAgent { get; init; } = "unknown";

    /// <summary>The authenticated user, for RBAC-less logging and self-subject reviews.</summary>
    public string User { get; init; } = "system:admin";

    /// <summary>Which view of the store this client reads; 0 is the leader. See reference on stale reads.</summary>
    public int View { get; init; }
}

public sealed record ApiResponse(int Status, byte[] Body)
{
    public string ContentType { get; init; } = "application/json";

    /// <summary>Texts of Warning headers (299).</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}

/// <summary>An open watch. Events are drawn, never pushed: whoever reads decides when.</summary>
public sealed class ApiWatch
{
    /// <summary>The next event as the JSON of one line, or null when there is none now.</summary>
    public JsonObject? TryRead() => null;

    /// <summary>True once the server has ended the watch and everything was read.</summary>
    public bool Ended => true;

    public void Close() { }
}
