using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Tidekeeper.Playground.Nodes;

/// <summary>The two things about processes that .NET has no call for.</summary>
public static partial class ProcessSignals
{
    private const int SigTerm = 15;

    /// <summary>Asks a process to end. Throws when that is not possible.</summary>
    public static void Terminate(int processId)
    {
        if (Kill(processId, SigTerm) != 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError(), $"process {processId} could not be asked to end");
    }

    /// <summary>
    /// Makes this process the leader of a session of its own, so that it outlives the terminal it came from.
    /// </summary>
    public static void LeaveTerminal() => _ = SetSession();

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int processId, int signal);

    [LibraryImport("libc", EntryPoint = "setsid", SetLastError = true)]
    private static partial int SetSession();
}
