namespace Tidekeeper.Engines.TiDB.Steps;

/// <summary>How soon to look again at what no watch tells.</summary>
internal static class Patience
{
    /// <summary>Kubernetes reports its changes; this is for the case that a report is lost.</summary>
    public static readonly TimeSpan ForKubernetes = TimeSpan.FromSeconds(30);

    /// <summary>For what a person has to do. The edit itself is reported.</summary>
    public static readonly TimeSpan ForPeople = TimeSpan.FromMinutes(10);

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
