namespace Tidekeeper.Kube;

/// <summary>
/// The seam between this client and a Kubernetes API server: below the typed client, above HTTP. Two
/// implementations exist: sockets (<c>Http/HttpTransport</c>) and the simulation's, which has none.
/// </summary>
public interface IKubeTransport
{
    /// <summary>
    /// Sends one request and returns whatever the server answered, also when it refused.
    /// Throws <see cref="TransportException"/> when there was no answer.
    /// </summary>
    Task<KubeResponse> Send(KubeRequest request, CancellationToken cancel);

    /// <summary>Opens a watch. Throws <see cref="TransportException"/> when there was no answer.</summary>
    Task<WatchOpening> Watch(KubeRequest request, CancellationToken cancel);
}

/// <summary>One request, built without I/O by <c>Http/Requests</c>.</summary>
/// <param name="Path">Path as on the request line, without the query.</param>
public sealed record KubeRequest(string Method, string Path)
{
    /// <summary>Query parameters, unescaped, in order.</summary>
    public IReadOnlyList<(string Name, string Value)> Query { get; init; } = [];

    public byte[] Body { get; init; } = [];
    public string ContentType { get; init; } = "application/json";
    public string Accept { get; init; } = "application/json";

    /// <summary>Limit for the whole answer; for a watch, for its opening only.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>What is tried, as shown in errors: method, path and query, never the body.</summary>
    public override string ToString() =>
        Query.Count == 0 ? $"{Method} {Path}" : $"{Method} {Path}?{EscapedQuery}";

    /// <summary>The query as on the request line, without the question mark.</summary>
    public string EscapedQuery =>
        string.Join('&', Query.Select(q => $"{q.Name}={Uri.EscapeDataString(q.Value)}"));
}

/// <summary>An answer of the API server, whatever its status.</summary>
public sealed record KubeResponse(int Status, byte[] Body)
{
    /// <summary>What the server asked for in Retry-After; null when it did not.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Texts of Warning headers (299).</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}

/// <summary>How a server answered the opening of a watch.</summary>
public abstract record WatchOpening
{
    private WatchOpening() { }

    public sealed record Opened(IWatchStream Stream) : WatchOpening;

    public sealed record Refused(KubeResponse Response) : WatchOpening;
}

/// <summary>An open watch. Events are drawn one at a time by one reader; disposing it closes the connection.</summary>
public interface IWatchStream : IAsyncDisposable
{
    /// <summary>
    /// The JSON of the next event, or null when the server has ended the watch in good order.
    /// Throws <see cref="TransportException"/> when the connection broke.
    /// </summary>
    Task<byte[]?> Read(CancellationToken cancel);
}

/// <summary>There was no answer.</summary>
/// <param name="mayHaveArrived">
/// False only when it is certain that the server never saw the request: a write is then known not to have happened.
/// </param>
public sealed class TransportException(string message, bool mayHaveArrived, Exception? inner = null)
    : Exception(message, inner)
{
    public bool MayHaveArrived { get; } = mayHaveArrived;
}
