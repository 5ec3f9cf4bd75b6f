using System.Net;
using System.Net.Sockets;
using Tidekeeper.Playground.Network;

namespace Tidekeeper.Playground.Server;

/// <summary>
/// Puts a real socket in front of every listener in the world, at the pod's own address, so that curl and mysql reach
/// what the simulated components reach. One that cannot be opened is reported and left out.
/// </summary>
internal sealed class PodSockets : IAsyncDisposable
{
    private readonly SortedDictionary<(string Address, int Port), LoopbackSocket> _sockets = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly World _world;
    private readonly ISqlFront? _sql;
    private readonly HttpSockets _http;
    private readonly Action<string> _report;

    public PodSockets(World world, PodCalls calls, ISqlFront? sql, Action<string> report)
    {
        _world = world;
        _sql = sql;
        _report = report;
        _http = new HttpSockets(calls.Answer);
    }

    public async Task Start(CancellationToken cancel)
    {
        await _http.Start(cancel);
        lock (_world.Gate)
        {
            _world.Network.Listening = Open;
            _world.Network.Closed = Close;
            foreach (var (address, port, listener) in _world.Network.Listeners)
                Open(address, port, listener);
        }
    }

    public async ValueTask DisposeAsync()
    {
        lock (_world.Gate)
        {
            _world.Network.Listening = null;
            _world.Network.Closed = null;
            foreach (var socket in _sockets.Values)
                socket.Dispose();
            _sockets.Clear();
        }

        await _stop.CancelAsync();
        await _http.DisposeAsync();
        _stop.Dispose();
    }

    private void Open(string address, int port, IListener listener)
    {
        if (!IPAddress.TryParse(address, out var ip))
            return;
        try
        {
            _sockets[(address, port)] = new LoopbackSocket(ip, port, connection =>
            {
                if (listener is ISqlListener sql)
                    _ = ServeSql(sql, connection);
                else
                    _http.Accept(connection);
            });
        }
        catch (SocketException e)
        {
            _report($"{address}:{port} is reachable inside the playground only: {e.Message}");
        }
    }

    private void Close(string address, int port)
    {
        if (_sockets.Remove((address, port), out var socket))
            socket.Dispose();
    }

    private async Task ServeSql(ISqlListener listener, Socket connection)
    {
        connection.NoDelay = true;
        await using var stream = new NetworkStream(connection, ownsSocket: true);
        try
        {
            if (_sql is not null)
                await _sql.Serve(listener, stream, _stop.Token);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // A client that leaves, or the playground that stops, ends a session in the ordinary way.
        }
    }
}
