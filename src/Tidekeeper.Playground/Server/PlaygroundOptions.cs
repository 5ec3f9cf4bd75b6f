namespace Tidekeeper.Playground.Server;

/// <summary>How a <see cref="PlaygroundHost"/> shows its world to the outside; everything is on loopback.</summary>
public sealed record PlaygroundOptions
{
    /// <summary>Port of the Kubernetes API; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>Serves HTTPS with a certificate made at the start, which the kubeconfig carries.</summary>
    public bool Tls { get; init; }

    /// <summary>Port of the HTTP proxy into the cluster; 0 takes a free one.</summary>
    public int ProxyPort { get; init; }

    /// <summary>Opens a real socket for every port that a simulated component listens on.</summary>
    public bool PodSockets { get; init; } = true;

    public IPodLogs? Logs { get; init; }
    public ISqlFront? Sql { get; init; }

    /// <summary>Written into the kubeconfig. The part before the last colon is the user's name.</summary>
    public string Token { get; init; } = "playground-admin:playground";

    /// <summary>
    /// Called with the gate held when the addresses are known and before the world moves: what the world was kept with
    /// runs at once when it does.
    /// </summary>
    public Action<PlaygroundHost> Prepare { get; init; } = _ => { };

    /// <summary>Told, one sentence each, what an operator of the playground should know.</summary>
    public Action<string> Report { get; init; } = _ => { };
}
