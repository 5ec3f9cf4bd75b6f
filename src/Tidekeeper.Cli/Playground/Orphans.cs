using System.Diagnostics;

namespace Tidekeeper.Cli.Playground;

/// <summary>
/// The processes that a playground starts, written down in <c>$TIDE_HOME/children</c>. One that is killed takes none
/// of them with it, and an operator that is left holds an address which the next playground needs.
/// </summary>
internal static class Orphans
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static string FilePath => Path.Combine(Session.Home, "children");

    /// <summary>Notes a process with the time of its start: its id alone may be somebody else's later.</summary>
    public static void Record(int processId)
    {
        if (Session.StartOf(processId) is { } started)
            File.AppendAllText(FilePath, $"{processId} {started}\n");
    }

    /// <summary>Ends what is left of an earlier playground; false when nothing was.</summary>
    public static bool End()
    {
        if (!File.Exists(FilePath))
            return false;
        var ended = false;
        foreach (var line in File.ReadAllLines(FilePath))
        {
            if (line.Split(' ') is [var id, var started] && int.TryParse(id, out var processId)
                && Session.StartOf(processId) == started)
            {
                Kill(processId);
                ended = true;
            }
        }

        File.Delete(FilePath);
        return ended;
    }

    private static void Kill(int processId)
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            process.Kill(entireProcessTree: true);
            process.WaitForExit(Patience);
        }
        catch (ArgumentException)
        {
            // It ended by itself between the look and the deed.
        }
    }
}
