using System.CommandLine;
using System.Diagnostics;
using Tidekeeper.Cli.Playground;
using Tidekeeper.Playground.Nodes;

namespace Tidekeeper.Cli.Commands;

/// <summary><c>tide down</c>: ends the playground and everything in it.</summary>
internal static class DownCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public static Command Build()
    {
        var command = new Command("down", "Stop the playground; what is in its --data-dir stays");
        command.SetAction((_, cancel) => Run(cancel));
        return command;
    }

    private static async Task<int> Run(CancellationToken cancel)
    {
        if (Session.Find() is not { } session)
        {
            Session.Forget();
            Console.WriteLine(Orphans.End()
                ? "no playground is running; a process that a killed one had left has been ended"
                : "no playground is running");
            return ExitCodes.Done;
        }

        await Stop(session, cancel);
        Console.WriteLine(session.DataDirectory is { } directory
            ? $"the playground has stopped; its data stays in {directory}"
            : "the playground has stopped; its data is gone (keep it next time with --data-dir)");
        return ExitCodes.Done;
    }

    public static async Task Stop(Session session, CancellationToken cancel)
    {
        await End(session.ProcessId, cancel);
        Session.Forget();
    }

    /// <summary>SIGTERM first, so that children end and journals close; then, after a while, the hard way.</summary>
    public static async Task End(int processId, CancellationToken cancel)
    {
        using var process = Process.GetProcessById(processId);
        ProcessSignals.Terminate(processId);
        using var limit = new CancellationTokenSource(Patience, TimeProvider.System);
        try
        {
            await process.WaitForExitAsync(limit.Token).WaitAsync(cancel);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(cancel);
        }
    }
}
