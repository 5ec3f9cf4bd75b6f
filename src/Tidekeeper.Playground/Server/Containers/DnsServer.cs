using System.Net;
using System.Net.Sockets;
using Tidekeeper.Playground.Nodes;

namespace Tidekeeper.Playground.Server.Containers;

/// <summary>
/// Cluster DNS over UDP for real containers. It knows the cluster's names and no others; a packet holds the addresses
/// of thirty pods at least, and who has more is told of the first.
/// </summary>
internal sealed class DnsServer : IDisposable
{
    private const int MostAddresses = 25;
    private readonly WorldDriver _driver;
    private readonly ClusterDns _names;
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);

    /// <exception cref="SocketException">The address is not to be had.</exception>
    public DnsServer(WorldDriver driver, ClusterDns names, IPEndPoint address)
    {
        (_driver, _names) = (driver, names);
        try
        {
            _socket.Bind(address);
        }
        catch (SocketException)
        {
            _socket.Dispose();
            throw;
        }

        _ = Serve();
    }

    public IPEndPoint Address => (IPEndPoint)_socket.LocalEndPoint!;

    public void Dispose() => _socket.Dispose();

    private async Task Serve()
    {
        var buffer = new byte[512];
        while (true)
        {
            try
            {
                var packet = await _socket.ReceiveFromAsync(buffer, SocketFlags.None, new IPEndPoint(IPAddress.Any, 0));
                if (DnsQuestion.Read(buffer.AsSpan(0, packet.ReceivedBytes)) is { } question)
                    await _socket.SendToAsync(Answer(question), SocketFlags.None, packet.RemoteEndPoint);
            }
            catch (SocketException) when (_socket.IsBound)
            {
                // Somebody did not wait for an earlier answer, or his pod is gone.
            }
            catch (Exception e) when (e is ObjectDisposedException or SocketException)
            {
                return;
            }
        }
    }

    private byte[] Answer(DnsQuestion question)
    {
        var found = _driver.Look(() => _names.Records(question.Name));
        return question.Answer(found is null ? null
            : [.. found.Where(_ => question.Type == DnsQuestion.A).Take(MostAddresses).Select(IPAddress.Parse)]);
    }
}
