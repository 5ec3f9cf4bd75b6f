using System.Net;
using System.Net.Sockets;
using Tidekeeper.Playground.Network;

namespace Tidekeeper.Playground.Server.MySql;

/// <summary>
/// A port of the host that leads to one of several TiDBs, as a load balancer would; see <see
/// cref="MySqlFront.Forward"/>.
/// </summary>
public sealed class MySqlForward : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly World _world;
    private readonly MySqlFront _front;
    private readonly Func<IReadOnlyList<ISqlListener>> _ready;
    private readonly Func<string> _nobody;
    private readonly LoopbackSocket _socket;
    private int _turn;

    internal MySqlForward(
        World world, MySqlFront front, IPEndPoint address, Func<IReadOnlyList<ISqlListener>> ready, Func<string> nobody)
    {
        _world = world;
        _front = front;
        _ready = ready;
        _nobody = nobody;
        _socket = new LoopbackSocket(address.Address, address.Port, connection => _ = Serve(connection));
    }

    /// <summary>Where it listens; the port is known even when 0 was asked for.</summary>
    public IPEndPoint Address => _socket.Address;

    public void Dispose()
    {
        _socket.Dispose();
        _stop.Cancel();
        _stop.Dispose();
    }

    private async Task Serve(Socket connection)
    {
        connection.NoDelay = true;
        var host = (connection.RemoteEndPoint as IPEndPoint)?.Address.ToString() ?? "127.0.0.1";
        await using var stream = new NetworkStream(connection, ownsSocket: true);
        try
        {
            var stop = _stop.Token;
            if (Pick() is { } listener)
                await _front.Serve(listener, stream, host, stop);
            else
                await _front.Refuse(stream, new SqlFault(1105, "HY000", _nobody()), stop);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // A client that leaves, or the playground that stops, ends a session in the ordinary way.
        }
    }

    private ISqlListener? Pick()
    {
        lock (_world.Gate)
        {
            var ready = _ready();
            return ready.Count == 0 ? null : ready[(int)((uint)_turn++ % ready.Count)];
        }
    }
}
