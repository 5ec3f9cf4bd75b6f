namespace Tidekeeper.Engines.TiDB.Steps;

/// <summary>How soon to look again at what no watch tells.</summary>
internal static class Patience
{
    /// <summary>Kubernetes reports its changes; this is for the case that a report is lost.</summary>
    public static readonly TimeSpan ForKubernetes = TimeSpan.FromSeconds(30);

    /// <summary>For what a person has to do. The edit itself is reported.</summary>
    public static readonly TimeSpan ForPeople = TimeSpan.FromMinutes(10);

    /// <summary>How long a pod that was made anew may take to serve before it counts as broken.</summary>
    public static readonly TimeSpan ForStarting = TimeSpan.FromMinutes(5);

    /// <summary>How long PD may take to hear of a store that has started.</summary>
    public static readonly TimeSpan ForHeartbeat = TimeSpan.FromMinutes(2);

    /// <summary>For example <c>5 min</c> or <c>90 s</c>.</summary>
    public static string InWords(TimeSpan time) =>
        time.Ticks % TimeSpan.TicksPerMinute == 0 ? $"{time.TotalMinutes:0} min" : $"{time.TotalSeconds:0} s";

    /// <summary>A little later than that moment, so that it has come.</summary>
    public static TimeSpan Until(TimeSpan left) =>
        left > TimeSpan.FromSeconds(30) ? TimeSpan.FromSeconds(30) : left + TimeSpan.FromSeconds(1);

    /// <summary>The database is asked often at first, as most moves are short.</summary>
    public static TimeSpan ForProgress(TidbSeen seen, DateTimeOffset since)
    {
        var age = seen.Now - since;
        if (age < TimeSpan.FromMinutes(1))
            return TimeSpan.FromSeconds(1);
        return TimeSpan.FromSeconds(age < TimeSpan.FromMinutes(10) ? 5 : 30);
    }

    /// <summary>
    /// The database is asked often while a wait is young, as somebody watches a cluster come up, and rarely when it is
    /// old, as a thousand broken clusters must not keep the operator busy.
    /// </summary>
    public static TimeSpan ForDatabase(TidbSeen seen)
    {
        var since = seen.Cluster.Status?.Waiting?.Since ?? seen.Now;
        var age = seen.Now - since;
        if (age < TimeSpan.FromMinutes(2))
            return TimeSpan.FromSeconds(1);
        return age < TimeSpan.FromMinutes(10) ? TimeSpan.FromSeconds(10) : TimeSpan.FromMinutes(1);
    }
}
