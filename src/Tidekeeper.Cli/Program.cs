using System.CommandLine;
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
    KubeconfigCommand.Build(),
    CrdCommand.Build(),
    VersionCommand.Build(),
    CompletionCommand.Build(),
    ServeCommand.Build(),
};

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

var parsed = root.Parse(args);
try
{
    var code = await parsed.InvokeAsync(new InvocationConfiguration
    {
        EnableDefaultExceptionHandler = false,
        // The playground says good-bye to its children and clients first.
        ProcessTerminationTimeout = TimeSpan.FromSeconds(20),
    });
    return parsed.Errors.Count > 0 ? ExitCodes.Usage : code;
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
    return ExitCodes.Failed;
}
