namespace Tidekeeper.Playground.Api;

/// <summary>A request, independent of any transport.</summary>
/// <param name="Path">Path without the query, unescaped.</param>
public sealed record ApiRequest(string Method, string Path)
{
    private static readonly SortedDictionary<string, string> NoQuery = [];

    /// <summary>Query parameters by name, unescaped; the last one wins.</summary>
    public IReadOnlyDictionary<string, string> Query { get; init; } = NoQuery;
    public byte[] Body { get; init; } = [];
    public string ContentType { get; init; } = "application/json";
    public string Accept { get; init; } = "application/json";

    /// <summary>Who asks, as in User-Agent; the part before the first slash is the default field manager.</summary>
    public string UserAgent { get; init; } = "unknown";

    /// <summary>The authenticated user, for RBAC-less logging and self-subject reviews.</summary>
    public string User { get; init; } = "system:admin";

    /// <summary>Which view of the store this client reads; 0 is the leader. See reference on stale reads.</summary>
    public int View { get; init; }

    /// <summary>A query parameter, or null when it is missing or empty.</summary>
    public string? Option(string name) =>
        Query.TryGetValue(name, out var value) && value.Length > 0 ? value : null;

    /// <summary>A query parameter that switches something on: <c>true</c> or <c>1</c>.</summary>
    public bool IsSet(string name) => Option(name) is "true" or "1" or "True" or "t";
}

public sealed record ApiResponse(int Status, byte[] Body)
{
    public string ContentType { get; init; } = "application/json";

    /// <summary>Texts of Warning headers (299).</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}
