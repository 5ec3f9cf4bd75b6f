using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Tidekeeper.Model.StandIns;

namespace Tidekeeper.StandIn;

/// <summary>
/// The program under the name of a database's binary in a real container. It does nothing by itself: it finds its world
/// by <c>TIDEKEEPER_WORLD</c> and does what the simulated component there asks of it. Without the world it ends.
/// </summary>
internal static class Program
{
    private const int NoWorld = 69;

    private static async Task<int> Main()
    {
        // .NET tells the name of the file, not the one by which it was called.
        var commandLine = File.ReadAllText("/proc/self/cmdline").TrimEnd('\0').Split('\0');
        var name = Path.GetFileName(commandLine[0]);
        var world = Environment.GetEnvironmentVariable(StandInWire.WorldVariable) ?? "";
        if (world.Split(':') is not [var host, var digits] || !int.TryParse(digits, out var port))
        {
            Console.Error.WriteLine($"{name}: this image holds a simulated component; {StandInWire.WorldVariable} must "
                + $"say where its world is (address:port), not '{world}'");
            return NoWorld;
        }

        try
        {
            return await Run(commandLine, host, port);
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            Console.Error.WriteLine($"{name}: the world at {world} cannot be reached: {e.Message}");
            return NoWorld;
        }
    }

    private static async Task<int> Run(string[] commandLine, string host, int port)
    {
        var session = RandomNumberGenerator.GetHexString(32);
        using var talk = new TcpClient { NoDelay = true };
        using var files = new TcpClient { NoDelay = true };
        await talk.ConnectAsync(host, port);
        await files.ConnectAsync(host, port);
        using var container = new Container(talk.GetStream(), new Ports(host, port), Console.Out.WriteLine);
        container.Say(new Hello(session, commandLine, Variables(), Mounts.Read(File.ReadAllText("/proc/self/mounts"))));
        using var onTerm = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
        {
            signal.Cancel = true;
            container.Say(new Terminated());
        });
        _ = Files.Serve(files.GetStream(), session);
        if (await container.Serve() is { } code)
            return code;
        Console.Error.WriteLine($"{Path.GetFileName(commandLine[0])}: the world at {host}:{port} is gone");
        return NoWorld;
    }

    private static SortedDictionary<string, string> Variables()
    {
        var variables = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (System.Collections.DictionaryEntry one in Environment.GetEnvironmentVariables())
            variables[(string)one.Key] = (string?)one.Value ?? "";
        return variables;
    }
}
