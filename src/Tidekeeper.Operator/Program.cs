using System.Globalization;
using System.Runtime.InteropServices;
using Tidekeeper.Kube.Http;
using Tidekeeper.Operator;

try
{
    var settings = Settings.Read(args, Environment.GetEnvironmentVariable);
    using var stop = new CancellationTokenSource();
    using var onTerm = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
    using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
    void Stop(PosixSignalContext signal)
    {
        signal.Cancel = true;
        stop.Cancel();
    }

    switch (settings.Command)
    {
        case "help":
            Console.Write(Settings.Help());
            return 0;
        case "version":
            Console.WriteLine(Version);
            return 0;
        case "discovery":
            await Runs.Discovery(settings, stop.Token);
            return 0;
        default:
            await Runs.Operator(settings, stop.Token);
            return 0;
    }
}
catch (Exception e) when (e is ArgumentException or ConfigException)
{
    Console.Error.WriteLine($"tidekeeper-operator: {e.Message}");
    return 2;
}

catch (IOException e)
{
    // A port that is taken, a file that cannot be read: the sentence says which, a stack says nothing more.
    Console.Error.WriteLine($"tidekeeper-operator: {e.Message}");
    return 3;
}

/// <summary>The entry point.</summary>
public static partial class Program
{
    /// <summary>For example <c>0.1.0</c>.</summary>
    public static string Version { get; } =
        typeof(Settings).Assembly.GetName().Version is { } v
            ? string.Create(CultureInfo.InvariantCulture, $"{v.Major}.{v.Minor}.{v.Build}")
            : "unknown";
}
