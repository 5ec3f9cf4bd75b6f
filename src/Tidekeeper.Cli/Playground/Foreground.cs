using Tidekeeper.Cli.Commands;

namespace Tidekeeper.Cli.Playground;

/// <summary><c>tide up</c> without <c>--detach</c>: the playground lives until Ctrl-C.</summary>
internal static class Foreground
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(3);

    public static async Task<int> Hold(Session session, CancellationToken cancel)
    {
        Console.WriteLine("\nPress Ctrl-C to stop the playground.");
        try
        {
            while (Session.Find() is not null)
                await Task.Delay(Interval, TimeProvider.System, cancel);
            return await Ended(cancel);
        }
        catch (OperationCanceledException)
        {
            await DownCommand.Stop(session, CancellationToken.None);
            Console.WriteLine("the playground has stopped");
            return ExitCodes.Done;
        }
    }

    /// <summary>Whoever stops it takes its file away, an instant after its end; a crash leaves the file.</summary>
    private static async Task<int> Ended(CancellationToken cancel)
    {
        var since = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(since) < Farewell)
        {
            if (Session.IsForgotten)
            {
                Console.WriteLine("the playground was stopped by another command");
                return ExitCodes.Done;
            }

            await Task.Delay(Interval, TimeProvider.System, cancel);
        }

        Orphans.End();
        throw new CommandFailure(ExitCodes.Failed, $"the playground has ended by itself; its log is {Session.LogPath}");
    }
}
