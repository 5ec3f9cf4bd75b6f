using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Tidekeeper.Playground.Controllers;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Server.Containers;

/// <summary>
/// What kube-proxy does, without rewriting packets: the addresses of Services are this machine's own, and a socket at
/// each port carries connections on to the pods that are ready. Where none is ready nobody listens.
/// </summary>
internal sealed class ServiceProxy : IActor, IDisposable
{
    private readonly SortedDictionary<string, Port> _open = new(StringComparer.Ordinal);
    private readonly IPEndPoint _apiServer;
    private readonly Action<string> _report;
    private readonly Feed _services;
    private readonly Feed _slices;
    private readonly Feed.Index _slicesByService;
    private bool _changed = true;

    /// <param name="apiServer">Where the Service <c>default/kubernetes</c> leads to.</param>
    public ServiceProxy(Cluster cluster, IPEndPoint apiServer, Action<string> report)
    {
        (_apiServer, _report) = (apiServer, report);
        _services = cluster.Feed(Resources.Services);
        _slices = cluster.Feed(Resources.EndpointSlices);
        _slicesByService = _slices.By("service", slice => EndpointSliceController.ServiceOf(slice).ToString());
        _services.Listen((_, _) => _changed = true);
        _slices.Listen((_, _) => _changed = true);
    }

    public string Name => "service-proxy";

    public bool SeesOnlyApi => true;

    public bool Notices()
    {
        _services.Refresh();
        _slices.Refresh();
        return _changed;
    }

    public DateTimeOffset? Act(DateTimeOffset now)
    {
        Notices();
        _changed = false;
        var wanted = new SortedDictionary<string, (IPEndPoint At, IPEndPoint[] Pods)>(StringComparer.Ordinal);
        foreach (var service in _services.All)
        {
            foreach (var (at, pods) in PortsOf(service).Where(port => port.Pods.Length > 0))
                wanted[at.ToString()] = (at, pods);
        }

        foreach (var gone in _open.Keys.Except(wanted.Keys, StringComparer.Ordinal).ToList())
        {
            _open[gone].Dispose();
            _open.Remove(gone);
        }

        foreach (var (key, (at, pods)) in wanted)
        {
            if (_open.TryGetValue(key, out var port))
                port.Pods = pods;
            else
                Open(key, at, pods);
        }

        return null;
    }

    public void Dispose()
    {
        foreach (var port in _open.Values)
            port.Dispose();
    }

    private void Open(string key, IPEndPoint at, IPEndPoint[] pods)
    {
        try
        {
            _open[key] = new Port(at, pods);
        }
        catch (SocketException e)
        {
            _report($"the Service's address {at} cannot be served: {e.Message}");
        }
    }

    private IEnumerable<(IPEndPoint At, IPEndPoint[] Pods)> PortsOf(JsonObject service)
    {
        if (!IPAddress.TryParse(service.Text("spec", "clusterIP"), out var address))
            yield break;
        var isApi = service.Namespace() == "default" && service.Name() == "kubernetes";
        foreach (var port in service.ObjectsAt("spec", "ports").Where(p => p.Text("protocol") is null or "TCP"))
        {
            var at = new IPEndPoint(address, (int)(port.Number("port") ?? 0));
            yield return (at, isApi ? [_apiServer] : [.. Ready(service, port.Text("name") ?? "")]);
        }
    }

    private IEnumerable<IPEndPoint> Ready(JsonObject service, string portName) =>
        from slice in _slicesByService[service.Key().ToString()]
        from port in slice.ObjectsAt("ports")
        where (port.Text("name") ?? "") == portName
        from endpoint in slice.ObjectsAt("endpoints")
        where endpoint.IsTrue("conditions", "ready")
        from address in endpoint.TextsAt("addresses")
        select new IPEndPoint(IPAddress.Parse(address), (int)(port.Number("port") ?? 0));

    /// <summary>One port of a Service; connections that exist stay with the pod that they have.</summary>
    private sealed class Port : IDisposable
    {
        private readonly LoopbackSocket _socket;
        private int _turn;

        public Port(IPEndPoint at, IPEndPoint[] pods)
        {
            Pods = pods;
            _socket = new LoopbackSocket(at.Address, at.Port, client =>
            {
                var ready = Pods;
                _ = Relay.Carry(client, ready[(int)((uint)Interlocked.Increment(ref _turn) % ready.Length)]);
            });
        }

        public IPEndPoint[] Pods { get; set; }

        public void Dispose() => _socket.Dispose();
    }
}
