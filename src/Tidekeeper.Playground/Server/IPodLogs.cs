namespace Tidekeeper.Playground.Server;

/// <summary>Where the logs of containers are kept. Called with the world's gate held.</summary>
public interface IPodLogs
{
    /// <summary>
    /// The lines of a container's log from an index on; null when that container has not been started, or, with
    /// <paramref name="previous"/>, when it has not been started before.
    /// </summary>
    PodLog? Read(string ns, string pod, string container, bool previous, int from);
}

/// <param name="Ended">True when no line will follow: the container has exited or is gone.</param>
public sealed record PodLog(IReadOnlyList<LogLine> Lines, bool Ended);

public sealed record LogLine(DateTimeOffset At, string Text);
