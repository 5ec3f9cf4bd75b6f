namespace Tidekeeper.Engines.TiDB.Scripts;

/// <summary>A side container that prints a log file, so that log collectors see it.</summary>
public static class LogScript
{
    /// <summary>
    /// Waits for the file in LOG_FILE and follows it through rotation. TIDEKEEPER_LOG_PAUSE, in seconds, lets a
    /// container that starts before its database wait before it looks.
    /// </summary>
    public const string Text = """
        set -eu
        sleep "${TIDEKEEPER_LOG_PAUSE:-0}"
        directory="$(dirname "$LOG_FILE")"
        [ -d "$directory" ] || mkdir -p "$directory"
        touch "$LOG_FILE"
        # Not exec: as a container's first process tail would not hear SIGTERM, and hold up its pod for the grace period.
        tail=
        trap 'kill $tail; exit 0' TERM
        tail -n0 -F "$LOG_FILE" &
        tail=$!
        wait $tail

        """;
}
