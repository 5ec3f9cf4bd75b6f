using System.Net;
using System.Net.Sockets;
using Tidekeeper.Playground.Network;

namespace Tidekeeper.Playground.Server.MySql;

/// <summary>
/// The MySQL protocol in front of the SQL listeners of a world. Connections to a listener that has closed, because its
/// pod died, are cut within a moment, as the kernel of a real node would do.
/// </summary>
public sealed class MySqlFront(World world) : ISqlFront
{
    private const int MostConnections = 4096;
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan _lookEvery = TimeSpan.FromMilliseconds(250);

    private readonly Lock _lock = new();
    private readonly List<(MySqlConnection Connection, CancellationTokenSource Cut)> _connections = [];
    private ITimer? _timer;

    /// <summary>Serves a connection; a limit on their number refuses it with error 1040.</summary>
    public async Task Serve(ISqlListener listener, Stream connection, string clientHost, CancellationToken stop)
    {
        using var cut = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var served = new MySqlConnection(world, listener, new PacketStream(connection), clientHost);
        var entry = (served, cut);
        if (!Add(entry))
        {
            await Refuse(connection, new SqlFault(1040, "08004", "Too many connections"), stop);
            return;
        }

        try
        {
            await served.Serve(cut.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            // The login took too long, or the TiDB has gone; the connection ends.
        }
        finally
        {
            Remove(entry);
        }
    }

    /// <summary>
    /// Tells a client why it cannot connect, in answer to its login: in place of the greeting some clients take it for
    /// a fault of TLS.
    /// </summary>
    public async Task Refuse(Stream connection, SqlFault fault, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(_patience, world.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(stop, limit.Token);
        var packets = new PacketStream(connection);
        var answers = new Answers(packets);
        answers.Raw(Handshake.Greeting("8.0.11", 1, Handshake.NoNonce));
        await packets.Flush(both.Token);
        if (await packets.Read(both.Token) is null)
            return;
        answers.Error(fault);
        await packets.Flush(both.Token);
    }

    /// <summary>
    /// Listens on <paramref name="address"/> and sends each connection to one of the listeners that
    /// <paramref name="ready"/> answers (called with the gate held), in turn. When there is none, the client gets
    /// <paramref name="nobody"/> as the error. Throws <see cref="SocketException"/> when the port is taken.
    /// </summary>
    public MySqlForward Forward(
        IPEndPoint address, Func<IReadOnlyList<ISqlListener>> ready, Func<string> nobody) =>
        new(world, this, address, ready, nobody);

    private bool Add((MySqlConnection, CancellationTokenSource) entry)
    {
        lock (_lock)
        {
            if (_connections.Count >= MostConnections)
                return false;
            _connections.Add(entry);
            _timer ??= world.Time.CreateTimer(_ => CutConnections(), null, _lookEvery, _lookEvery);
            return true;
        }
    }

    private void Remove((MySqlConnection, CancellationTokenSource) entry)
    {
        lock (_lock)
        {
            _connections.Remove(entry);
            if (_connections.Count > 0)
                return;
            _timer?.Dispose();
            _timer = null;
        }
    }

    private void CutConnections()
    {
        List<(MySqlConnection Connection, CancellationTokenSource Cut)> connections;
        lock (_lock)
            connections = [.. _connections];
        lock (world.Gate)
        {
            HashSet<IListener> alive = [.. world.Network.Listeners.Select(l => l.Listener)];
            connections.RemoveAll(c => !c.Connection.IsOver(alive));
        }

        lock (_lock)
        {
            foreach (var (_, cut) in connections.Where(_connections.Contains))
                _ = cut.CancelAsync();
        }
    }
}
