using System.Net;
using System.Net.Sockets;

namespace Tidekeeper.Playground.Server;

/// <summary>A listening socket with its accept loop; what is accepted goes to a handler at once.</summary>
internal sealed class LoopbackSocket : IDisposable
{
    private readonly Socket _socket;

    public IPEndPoint Address { get; }

    /// <summary>Throws <see cref="SocketException"/> when the address or port is not to be had.</summary>
    public LoopbackSocket(IPAddress address, int port, Action<Socket> accepted)
    {
        _socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            // Without ReuseAddress: on Linux it lets two playgrounds listen on one port, each with half of the clients.
            _socket.Bind(new IPEndPoint(address, port));
            _socket.Listen(128);
        }
        catch (SocketException)
        {
            _socket.Dispose();
            throw;
        }

        Address = (IPEndPoint)_socket.LocalEndPoint!;
        _ = Accept(accepted);
    }

    public void Dispose() => _socket.Dispose();

    private async Task Accept(Action<Socket> accepted)
    {
        while (true)
        {
            try
            {
                accepted(await _socket.AcceptAsync());
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionReset
                or SocketError.ConnectionAborted)
            {
                // The client was gone before it was accepted; the next one is another matter.
            }
            catch (Exception e) when (e is ObjectDisposedException or SocketException)
            {
                return;
            }
        }
    }
}
