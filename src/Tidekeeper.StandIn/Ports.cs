using System.Net;
using System.Net.Sockets;
using Tidekeeper.Model.StandIns;

namespace Tidekeeper.StandIn;

/// <summary>
/// Ports in the container. Each connection to one is carried on to the world by a connection of its own, which begins
/// with the word who calls.
/// </summary>
public sealed class Ports(string host, int port) : IDisposable
{
    private readonly SortedDictionary<int, Socket> _open = [];

    public void Open(int number)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Any, number));
            socket.Listen(128);
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }

        _open.Add(number, socket);
        _ = Accept(number, socket);
    }

    public void Close(int number)
    {
        if (_open.Remove(number, out var socket))
            socket.Dispose();
    }

    public void Dispose()
    {
        foreach (var socket in _open.Values)
            socket.Dispose();
        _open.Clear();
    }

    private async Task Accept(int number, Socket socket)
    {
        while (true)
        {
            try
            {
                _ = Carry(number, await socket.AcceptAsync());
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionReset
                or SocketError.ConnectionAborted)
            {
                // The client was gone before it was accepted.
            }
            catch (Exception e) when (e is ObjectDisposedException or SocketException)
            {
                return;
            }
        }
    }

    private async Task Carry(int number, Socket client)
    {
        using var world = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        using (client)
        {
            try
            {
                client.NoDelay = world.NoDelay = true;
                await world.ConnectAsync(host, port);
                var who = ((IPEndPoint)client.RemoteEndPoint!).Address.MapToIPv4().ToString();
                await world.SendAsync(StandInWire.Bytes(new Caller(number, who)));
                await Task.WhenAll(Pass(client, world), Pass(world, client));
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // Either side has gone: the other one learns it by the end of its connection.
            }
        }
    }

    /// <summary>One direction, until its end, which it passes on: the other direction may have more to say.</summary>
    private static async Task Pass(Socket from, Socket to)
    {
        var buffer = new byte[64 << 10];
        try
        {
            int count;
            while ((count = await from.ReceiveAsync(buffer)) > 0)
            {
                for (var sent = 0; sent < count;)
                    sent += await to.SendAsync(buffer.AsMemory(sent, count - sent));
            }

            to.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // A reset on one side is one on the other.
            from.Dispose();
            to.Dispose();
        }
    }
}
