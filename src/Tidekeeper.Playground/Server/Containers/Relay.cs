using System.Net;
using System.Net.Sockets;

namespace Tidekeeper.Playground.Server.Containers;

/// <summary>Carries what is said on one connection to another one, both ways, until both have ended.</summary>
internal static class Relay
{
    /// <summary>Ends the client's connection when nobody is there.</summary>
    public static async Task Carry(Socket client, IPEndPoint target)
    {
        using var server = new Socket(target.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        using (client)
        {
            try
            {
                client.NoDelay = server.NoDelay = true;
                await server.ConnectAsync(target);
                await Task.WhenAll(Pass(client, server), Pass(server, client));
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // The other side learns it by the end of its connection.
            }
        }
    }

    /// <summary>One direction until its end, which is passed on: the other direction may have more to say.</summary>
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
