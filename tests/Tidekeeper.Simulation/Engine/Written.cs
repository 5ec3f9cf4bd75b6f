using Tidekeeper.Kube;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Simulation.Engine;

/// <summary>A request that reached the API server, as the server saw it.</summary>
/// <param name="LeaseWhenSent">The lease when the request left its sender; null when nobody held it.</param>
/// <param name="Changed">Whether the store changed by it.</param>
public sealed record Written(
    string Who, KubeRequest Request, KubeResponse Answer, LeaseHeld? LeaseWhenSent, bool Changed)
{
    /// <summary>When it left its sender.</summary>
    public DateTimeOffset Sent { get; init; }

    /// <summary>The commit that it led to.</summary>
    public StoreEvent? Change { get; init; }

    /// <summary>What is asked for, without names: <c>pods</c>, <c>tidbclusters/status</c>.</summary>
    public string Kind => Request.Path.Split('/', StringSplitOptions.RemoveEmptyEntries) switch
    {
        [.., "namespaces", _, var kind] => kind,
        [.., "namespaces", _, var kind, _] => kind,
        [.., "namespaces", _, var kind, _, var part] => $"{kind}/{part}",
        var parts => parts[^1],
    };

    public bool IsOfLease => Request.Path.Contains("/leases", StringComparison.Ordinal);
}

/// <summary>The operators' lease by the server's own record.</summary>
/// <param name="Epoch">Number of the term; a new holder begins a new one.</param>
public sealed record LeaseHeld(string Holder, DateTimeOffset Until, long Epoch);
