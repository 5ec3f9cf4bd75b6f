using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Tidekeeper.Playground;
using Tidekeeper.Playground.Api;
using Tidekeeper.Playground.Network;
using Tidekeeper.Playground.Server.MySql;

namespace Tidekeeper.Cli.Playground;

/// <summary>
/// Gives each cluster a port on 127.0.0.1, from 4000 on in the order in which the clusters appear, that leads to its
/// ready TiDB pods.
/// </summary>
internal sealed class SqlPorts(World world, MySqlFront front) : IActor, IDisposable
{
    private const int First = 4000;
    private const int Last = 4999;
    private const string Pods = "v1/pods";
    private readonly ApiClient _api = new(world.Api, "tide");
    private readonly SortedDictionary<(string Namespace, string Cluster), MySqlForward> _forwards = [];
    private long _seen = -1;

    public string Name => "sql-ports";

    public DateTimeOffset? Act(DateTimeOffset now)
    {
        if (_api.Revision(Pods) == _seen)
            return null;
        _seen = _api.Revision(Pods);
        var added = false;
        foreach (var pod in _api.List(Pods, null, "app.kubernetes.io/component=tidb"))
        {
            var key = ((string)pod["metadata"]!["namespace"]!,
                (string?)pod["metadata"]!["labels"]!["app.kubernetes.io/instance"] ?? "");
            if (!_forwards.ContainsKey(key) && Open(key) is { } forward)
            {
                _forwards.Add(key, forward);
                added = true;
            }
        }

        if (added)
            SqlAddresses.Write(_forwards.Select(f => (f.Key, f.Value.Address.Port)));
        return null;
    }

    public void Dispose()
    {
        foreach (var forward in _forwards.Values)
            forward.Dispose();
    }

    private MySqlForward? Open((string Namespace, string Cluster) key)
    {
        for (var port = First; port <= Last; port++)
        {
            if (_forwards.Values.Any(f => f.Address.Port == port))
                continue;
            try
            {
                return front.Forward(new IPEndPoint(IPAddress.Loopback, port), () => Ready(key),
                    () => $"no TiDB of {key.Namespace}/{key.Cluster} is ready; see: tide why {key.Cluster} -n "
                        + $"{key.Namespace}");
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.AddressAlreadyInUse)
            {
                // Somebody else's port, perhaps a MySQL of the host or another playground: the next one will do.
            }
        }

        return null;
    }

    private IReadOnlyList<ISqlListener> Ready((string Namespace, string Cluster) key) =>
    [
        .. from pod in _api.List(Pods, key.Namespace,
                $"app.kubernetes.io/component=tidb,app.kubernetes.io/instance={key.Cluster}")
           where IsReady(pod)
           let address = (string?)pod["status"]?["podIP"]
           from listener in world.Network.Listeners
           where listener.Address == address && listener.Listener is ISqlListener
           select (ISqlListener)listener.Listener,
    ];

    private static bool IsReady(JsonObject pod) =>
        pod["metadata"]!["deletionTimestamp"] is null
        && (pod["status"]?["conditions"]?.AsArray().Any(c =>
            (string?)c?["type"] == "Ready" && (string?)c["status"] == "True") ?? false);
}
