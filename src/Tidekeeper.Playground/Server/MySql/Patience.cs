namespace Tidekeeper.Playground.Server.MySql;

/// <summary>
/// Lets a statement wait for stores that elect a leader, or for a PD without one, as a real TiDB does within itself:
/// its client sees a long statement, not an error.
/// </summary>
internal static class Patience
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    /// <summary>
    /// Calls <paramref name="attempt"/> with the gate held until it gives an answer. Null means "later"; with true it
    /// is told that this is the last attempt, which must answer or throw.
    /// </summary>
    public static async Task<T> Run<T>(World world, Func<bool, T?> attempt, CancellationToken stop)
        where T : class
    {
        var (waited, pause) = (TimeSpan.Zero, First);
        while (true)
        {
            lock (world.Gate)
            {
                if (attempt(waited >= Limit) is { } answer)
                    return answer;
            }

            await Task.Delay(pause, world.Time, stop);
            waited += pause;
            pause = pause * 2 < Longest ? pause * 2 : Longest;
        }
    }
}
