using Tidekeeper.Engines.TiDB.Objects;

namespace Tidekeeper.Engines.TiDB.Forecasts;

/// <summary>PD and its stores on paper: what is asked for is done at once.</summary>
internal static class PaperDatabase
{
    /// <summary>PD does what it is asked.</summary>
    public static TidbSeen Answer(TidbSeen seen, AdminCall call)
    {
        if (!seen.Pd.Is(out var pd))
            return seen;
        var path = new Uri(call.Url).AbsolutePath;
        var last = path[(path.LastIndexOf('/') + 1)..];
        const string scheduler = "evict-leader-scheduler-";
        return seen with
        {
            Pd = Known.Of((call.Method, path) switch
            {
                ("POST", _) when path.Contains("/leader/transfer/", StringComparison.Ordinal) =>
                    pd with { Leader = last },
                ("DELETE", _) when path.Contains("/members/id/", StringComparison.Ordinal) =>
                    pd with { Members = [.. pd.Members.Where(one => one.Id != last)] },
                ("POST", _) when last == "schedulers" && call.Body?["store_id"] is { } id =>
                    Leaderless(pd, id.ToString()),
                ("DELETE", _) when last.StartsWith(scheduler, StringComparison.Ordinal) =>
                    pd with { Evicted = [.. pd.Evicted.Where(id => id != last[scheduler.Length..])] },
                ("DELETE", _) when path.Contains("/store/", StringComparison.Ordinal) => In(pd, last, "Tombstone"),
                ("POST", _) when last == "state" => In(pd, path.Split('/')[^2], "Up"),
                ("POST", _) when path.EndsWith("/config/replicate", StringComparison.Ordinal) =>
                    pd with { PlacementRules = true },
                _ => pd
            })
        };
    }

    /// <summary>
    /// The database is what its pods make it. Who was dropped or buried does not rise again: only a pod that was made
    /// just now joins PD or brings a new store.
    /// </summary>
    public static TidbSeen Follow(TidbSeen seen, DateTimeOffset made)
    {
        var pods = seen.Pods.Where(pod => pod.Ready).ToList();
        var pd = seen.Pd.Is(out var known)
            ? known
            : new PdSeen { ClusterId = seen.Cluster.Status?.ClusterID ?? "1", PlacementRules = true };
        var voters = pods.Where(pod => pod.Component == Component.Pd)
            .Select(pod => (Name: TidbNames.Member(seen.Cluster, pod.Name), pod.Ordinal, IsNew: pod.Created == made))
            .Where(voter => voter.IsNew || pd.Members.Any(one => one.Name == voter.Name)).ToList();
        if (voters.Count == 0)
            return seen;
        var foreign = pd.Members.Where(one =>
            Ordinal.Of(one.Name.Split('.')[0], TidbNames.Set(seen.Cluster, Component.Pd)) is null);
        List<PdMemberSeen> members =
        [
            .. foreign,
            .. voters.Select(voter => pd.Members.FirstOrDefault(one => one.Name == voter.Name)
                ?? new PdMemberSeen(voter.Name, $"paper-{voter.Ordinal}", [], [], Healthy: true))
        ];
        var stores = pd.Stores.ToList();
        foreach (var pod in pods.Where(pod => pod.Component is Component.Tikv or Component.Tiflash))
        {
            var own = stores.Where(store => store.PodName == pod.Name).ToList();
            if (own.Count == 0 || (own.All(store => store.State == "Tombstone") && pod.Created == made))
                stores.Add(Registered(seen, pod.Name, pod.Component, stores.Count));
        }

        var health = new SortedDictionary<string, Known<TidbPodHealth>>(seen.TidbHealth, StringComparer.Ordinal);
        foreach (var pod in pods.Where(pod => pod.Component == Component.Tidb && pod.Node == "paper"))
            health[pod.Name] = Known.Of(new TidbPodHealth(true));
        var leads = members.Any(one => one.Name == pd.Leader);
        return seen with
        {
            Pd = Known.Of(pd with
            {
                Members = members,
                Leader = leads ? pd.Leader : members[0].Name,
                Bootstrapped = stores.Count > 0,
                Stores = stores,
                Regions = Known.Of(new RegionHealth(0, 0, 0))
            }),
            TidbHealth = health
        };
    }

    private static StoreSeen Registered(TidbSeen seen, string pod, string component, int count) => new()
    {
        Id = $"paper-{count + 1}",
        Address = $"{TidbNames.Host(seen.Cluster, component, pod)}:20160",
        State = "Up",
        Labels = component == Component.Tiflash
            ? new(StringComparer.Ordinal) { ["engine"] = "tiflash" }
            : new(StringComparer.Ordinal)
    };

    private static PdSeen Leaderless(PdSeen pd, string id) => pd with
    {
        Evicted = [.. pd.Evicted.Append(id).Order(StringComparer.Ordinal)],
        Stores = [.. pd.Stores.Select(store => store.Id == id ? store with { Leaders = 0 } : store)]
    };

    private static PdSeen In(PdSeen pd, string id, string state) => pd with
    {
        Stores =
        [
            .. pd.Stores.Select(store =>
                store.Id == id ? store with { State = state, Regions = 0, Leaders = 0 } : store)
        ]
    };
}
