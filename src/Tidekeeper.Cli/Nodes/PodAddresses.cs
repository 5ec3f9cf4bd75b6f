using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Tidekeeper.Cli.Nodes;

/// <summary>
/// Addresses for the pods of simulated nodes that a real API server accepts: it refuses loopback ones as endpoints.
/// They are of 198.18.0.0/15, which is set aside for tests and routed nowhere; a local route on the loopback interface
/// makes all of a range this machine's own. Each process has a range of its own as long as it lives.
/// </summary>
internal sealed class PodAddresses : IDisposable
{
    /// <summary>One /24 each.</summary>
    public const int Nodes = 16;

    private const int Ranges = 32;
    private readonly TcpListener _claim;
    private readonly int _range;

    private PodAddresses(int range, TcpListener claim) => (_range, _claim) = (range, claim);

    private string Network => $"{Prefix(0)}0/20";

    /// <summary>The first three numbers of the addresses of a node.</summary>
    public string Prefix(int node)
    {
        var third = (_range * Nodes) + node;
        return $"198.{18 + (third / 256)}.{third % 256}.";
    }

    public static PodAddresses Take()
    {
        for (var range = 0; range < Ranges; range++)
        {
            // The kernel gives the claim up with the process, however that ends. No playground uses this block.
            var claim = new TcpListener(IPAddress.Parse($"127.18.{range}.1"), 10250) { ExclusiveAddressUse = true };
            try
            {
                claim.Start();
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.AddressAlreadyInUse)
            {
                claim.Dispose();
                continue;
            }

            var taken = new PodAddresses(range, claim);
            taken.AddRoute();
            return taken;
        }

        throw new CommandFailure(ExitCodes.Environment,
            $"{Ranges} groups of simulated nodes run on this machine; stop one first with: tide down");
    }

    public void Dispose()
    {
        Route("del");
        _claim.Dispose();
    }

    private void AddRoute()
    {
        // One that was killed has left its route: that it is there is all that matters.
        var said = Route("add");
        using var trial = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            trial.Bind(new IPEndPoint(IPAddress.Parse(Prefix(0) + "254"), 0));
        }
        catch (SocketException e)
        {
            _claim.Dispose();
            throw new CommandFailure(ExitCodes.Environment,
                $"the pods of simulated nodes need addresses of their own, and {Network} is not this machine's: "
                + $"{said ?? e.Message}. As root, once: ip route add local {Network} dev lo");
        }
    }

    private string? Route(string verb)
    {
        try
        {
            var start = new ProcessStartInfo("ip", ["route", verb, "local", Network, "dev", "lo"])
            {
                RedirectStandardError = true,
                RedirectStandardOutput = true,
            };
            using var ip = Process.Start(start)!;
            var said = ip.StandardError.ReadToEnd().Trim();
            ip.WaitForExit();
            return ip.ExitCode == 0 ? null : said;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return $"'ip' (Debian package iproute2): {e.Message}";
        }
    }
}
