using System.Runtime.InteropServices;

namespace Tidekeeper.Cli;

/// <summary>The one thing that .NET has no call for: asking another process to end.</summary>
internal static partial class Signals
{
    private const int SigTerm = 15;

    public static void Terminate(int processId)
    {
        if (Kill(processId, SigTerm) != 0)
            throw new CommandFailure(ExitCodes.Failed,
                $"process {processId} could not be asked to end (errno {Marshal.GetLastPInvokeError()})");
    }

    /// <summary>Makes this process the leader of a session of its own, so that it outlives the terminal it came from.</summary>
    public static void LeaveTerminal() => _ = SetSession();

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int processId, int signal);

    [LibraryImport("libc", EntryPoint = "setsid", SetLastError = true)]
    private static partial int SetSession();
}
