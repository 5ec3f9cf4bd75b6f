using System.Net;
using System.Net.Sockets;
using Tidekeeper.Playground.Nodes;

namespace Tidekeeper.Cli.Playground;

/// <summary>
/// A part of 127.0.0.0/8 that belongs to one playground as long as its process lives. The claim is a listening socket:
/// the kernel gives it up with the process, however that ends.
/// </summary>
internal sealed class AddressBlock : IDisposable
{
    private const int KubeletPort = 10250;
    private readonly TcpListener _claim;

    private AddressBlock(int number, TcpListener claim)
    {
        Number = number;
        _claim = claim;
    }

    public int Number { get; }

    public static AddressBlock Take()
    {
        foreach (var number in AddressPool.Blocks)
        {
            var claim = new TcpListener(IPAddress.Parse($"127.{number}.0.1"),
                KubeletPort)
            { ExclusiveAddressUse = true };
            try
            {
                claim.Start();
                return new AddressBlock(number, claim);
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.AddressAlreadyInUse)
            {
                claim.Dispose();
            }
        }

        throw new CommandFailure(ExitCodes.Environment,
            $"{AddressPool.Blocks.Count} playgrounds run on this machine; stop one first with: tide down");
    }

    public void Dispose() => _claim.Dispose();
}
