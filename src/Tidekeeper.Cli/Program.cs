using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Runtime.InteropServices;
using Spectre.Console;
using Tidekeeper.Cli;
using Tidekeeper.Cli.Commands;
using Tidekeeper.Kube;

var root = new RootCommand("tide: TiDB clusters on Kubernetes, and a whole playground on this machine")
{
    UpCommand.Build(),
    DownCommand.Build(),
    StatusCommand.Build(),
    WhyCommand.Build(),
    WatchCommand.Build(),
    PlanCommand.Build(),
    ApproveCommand.Build(),
    BreakerCommand.Build(),
    OverrideCommand.Build(),
    RestartCommand.Build(),
    EvictCommand.Build(),
    TransferLeaderCommand.Build(),
    RecoverCommand.Build(),
    AdoptCommand.Build(),
    ProbeCommand.Build(),
    NodeCommand.Build(),
    NodeCommand.BuildDisk(),
    KubeconfigCommand.Build(),
    CrdCommand.Build(),
    ImageCommand.Build(),
    VersionCommand.Build(),
    CompletionCommand.Build(),
    ServeCommand.Build(),
};
root.SetAction(result => new HelpAction().Invoke(result));

// What goes into a file or a pipe has neither colours nor the width of a terminal.
if (Console.IsOutputRedirected)
{
    AnsiConsole.Console = AnsiConsole.Create(new AnsiConsoleSettings
    {
        Ansi = AnsiSupport.No,
        ColorSystem = ColorSystemSupport.NoColors,
        Interactive = InteractionSupport.No,
    });
    AnsiConsole.Profile.Width = 250;
}

var parsed = root.Parse(args is ["help", .. var rest] ? [.. rest, "--help"] : args);
if (parsed.Action is ParseErrorAction)
{
    foreach (var error in parsed.Errors)
        Console.Error.WriteLine($"tide: {error.Message.ReplaceLineEndings(" ")}");
    var path = parsed.CommandResult.Command is RootCommand ? "" : $" {parsed.CommandResult.Command.Name}";
    Console.Error.WriteLine($"See: tide{path} --help");
    return ExitCodes.Usage;
}

// A terminal that is closed counts as Ctrl-C.
using var stop = new CancellationTokenSource();
using var onHangup = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
{
    signal.Cancel = true;
    stop.Cancel();
});
try
{
    return await parsed.InvokeAsync(new InvocationConfiguration
    {
        EnableDefaultExceptionHandler = false,
        // The playground says good-bye to its children and clients first.
        ProcessTerminationTimeout = TimeSpan.FromSeconds(20),
    }, stop.Token);
}
catch (CommandFailure failure)
{
    Console.Error.WriteLine($"tide: {failure.Message}");
    return failure.Code;
}
catch (TransportException failure)
{
    Console.Error.WriteLine($"tide: the Kubernetes API does not answer: {failure.Message}");
    return ExitCodes.NotFound;
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine("tide: interrupted");
    return ExitCodes.Interrupted;
}
