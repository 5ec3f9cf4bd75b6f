namespace Tidekeeper.Cli;

/// <summary>What the exit code of <c>tide</c> means; documented in docs/cli.md and stable.</summary>
internal static class ExitCodes
{
    public const int Done = 0;

    /// <summary>Something that should not happen; the message says what.</summary>
    public const int Failed = 1;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 2;

    /// <summary>The machine lacks something: no SDK, a port is taken, a folder cannot be written.</summary>
    public const int Environment = 3;

    /// <summary>The manifest or the cluster's spec was refused.</summary>
    public const int Refused = 4;

    /// <summary>The time limit passed; the cluster may still become ready.</summary>
    public const int TimedOut = 5;

    /// <summary>There is no playground, or no such cluster.</summary>
    public const int NotFound = 6;

    /// <summary>The probe has seen a statement fail or misses an acknowledged row.</summary>
    public const int Disturbed = 7;

    /// <summary>Ctrl-C before the work was done, as shells have it.</summary>
    public const int Interrupted = 130;
}

/// <summary>Ends a command with a message for people and an exit code for programs.</summary>
internal sealed class CommandFailure(int code, string message) : Exception(message)
{
    public int Code { get; } = code;
}
