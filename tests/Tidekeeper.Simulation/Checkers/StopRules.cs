using System.Globalization;
using System.Text.Json.Nodes;
using Tidekeeper.Model.Admin.TiDB;
using Tidekeeper.Model.Kubernetes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Simulation.Checkers;

/// <summary>Judges the deletion of a pod: S1, S5, S6, S9, S10, S11, S17 and S18.</summary>
internal sealed class StopRules(SimulatedCluster cluster, string name, Members members, Absences absences)
{
    // As the documentation has it: who is upgraded first must be understood by who comes later.
    private static readonly string[] Order = ["pd", "tiflash", "tikv", "tidb"];

    // Who was stopped and has not been back since, with the UID that his pod had then.
    private readonly SortedDictionary<string, string> _inFlight = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _stopped = new(StringComparer.Ordinal);
    private readonly SortedDictionary<(string Pod, long Generation), int> _restarts = [];
    private readonly SortedDictionary<ulong, DateTimeOffset> _evictedSince = [];

    /// <summary>Looks at who is back, and at what PD keeps leaders away from; called at every step.</summary>
    public void Note()
    {
        foreach (var back in _inFlight.Where(each => IsBack(each.Key, each.Value)).ToList())
            _inFlight.Remove(back.Key);
        var evicted = members.Database?.Pd.State.EvictedStores ?? [];
        foreach (var gone in _evictedSince.Keys.Except(evicted).ToList())
            _evictedSince.Remove(gone);
        foreach (var store in evicted)
            _evictedSince.TryAdd(store, cluster.Time.Now);
    }

    /// <param name="before">The pod as it was.</param>
    /// <param name="areViewsFresh">Whether the operator heard of changes lately.</param>
    public (string Invariant, string Sentence)? Judge(string pod, JsonObject before, bool areViewsFresh)
    {
        var generation = cluster.Cluster(name).Number("metadata", "generation") ?? 0;
        var restarts = _restarts[(pod, generation)] = _restarts.GetValueOrDefault((pod, generation)) + 1;
        var inFlight = _inFlight.Keys.FirstOrDefault(other => other != pod && !AreOneDomain(pod, other));
        var earlier = _stopped.Where(other => other != pod && !AreOneDomain(pod, other)).ToList();
        if (members.Database is null || !Serves(pod, before))
            return null;
        _inFlight[pod] = before.Uid();
        _stopped.Add(pod);
        if ((OthersDown(pod, areViewsFresh) ?? Leads(pod) ?? NobodyServes(pod)) is { } harm)
            return harm;
        if (inFlight is not null)
            return ("S9", $"{pod} is stopped while {inFlight}, stopped before, is not back");
        if (earlier.Find(IsStillEvicted) is { } evicted)
            return ("S5", $"{pod} is stopped while the leaders of {evicted}, stopped before, are still kept away");
        if (OutOfTurn(pod, before) is { } turn)
            return ("S10", turn);
        if (IsAsWished(before))
            return ("S17", $"{pod} is stopped though it is as wished");
        return restarts <= 2 ? null : ("S17", $"{pod} is stopped for the {restarts}. time for one wish");
    }

    // Who does not serve may always be made anew: nobody can be interrupted.
    private bool Serves(string pod, JsonObject before) => Match.IsReady(before)
        || members.Voters.Any(member => member.Name == pod && members.Runs(member))
        || (members.StoreOf(pod) is { } store && members.Runs(store));

    // S1 and S2: a member of a quorum is taken only while all others are there.
    private (string, string)? OthersDown(string pod, bool areViewsFresh)
    {
        if (members.IsPdMember(pod))
        {
            var down = members.Voters.Select(member => member.Name)
                .Where(other => other != pod && absences.IsKnown(other)).ToList();
            return down.Count == 0 || members.Voters.Count == 1 ? null
                : ("S1", $"{pod} is taken while {string.Join(" and ", down)} is down");
        }

        if (members.StoreOf(pod) is not { } store || !members.Runs(store) || !members.HasPeersOn(store.Id))
            return null;
        var stores = members.Stores.Where(other => other.Id != store.Id && absences.IsKnown(other, areViewsFresh))
            .Select(Members.PodOf).Where(other => !AreOneDomain(pod, other)).ToList();
        if (stores.Count > 0)
            return ("S1", $"{pod} is taken while {string.Join(" and ", stores)} is down");
        if (members.Stores.Count <= 1)
            return null;
        if (members.LosingMajority(store.Id) is > 0 and var regions && !AnyUnknown(areViewsFresh))
            return ("S1", $"{pod} is taken, and {regions} regions lose their majority");
        var weak = members.Weakened(id => id == store.Id || IsUnknown(id, areViewsFresh)
            || (members.Store(id) is { } other && AreOneDomain(pod, Members.PodOf(other))));
        return weak == 0 ? null : ("S11", $"{pod} is taken while {weak} regions lack a peer elsewhere");
    }

    private bool AnyUnknown(bool areViewsFresh) => members.Stores.Any(store => IsUnknown(store.Id, areViewsFresh));

    private bool IsUnknown(ulong id, bool areViewsFresh) => members.Store(id) is { } store && !members.Runs(store)
        && !absences.IsKnown(store, areViewsFresh);

    private bool AreOneDomain(string pod, string other) =>
        members.MayRestartTogether && members.ZoneOf(pod) is { } zone && members.ZoneOf(other) == zone;

    private (string, string)? Leads(string pod)
    {
        if (members.StoreOf(pod) is not { } store || !members.Runs(store) || members.Stores.Count <= 1
            || members.LeadersOn(store) is not (> 0 and var leaders) || HasWaited(store))
            return null;

        // One that dies in this moment leaves its leaders to whoever is there.
        return AnyUnknown(areViewsFresh: true) && members.IsEvicted(store) ? null
            : ("S6", $"{pod} is stopped while it leads {leaders} regions");
    }

    private bool HasWaited(PdStoreMeta store)
    {
        var limit = GoDuration.Parse(cluster.Cluster(name).Text("spec", "tikv", "evictLeaderTimeout"))
            ?? TimeSpan.FromMinutes(1500);
        return _evictedSince.TryGetValue(store.Id, out var since) && cluster.Time.Now - since >= limit;
    }

    private (string, string)? NobodyServes(string pod)
    {
        var servers = members.Database!.Servers;
        if (servers.TrueForAll(server => server.PodName != pod))
            return null;
        var away = Enumerable.Range(0, (int)members.Declared("tidb")).Select(ordinal => members.Pod("tidb", ordinal))
            .Where(other => other != pod && absences.IsKnown(other)).ToList();
        return away.Count == 0 ? null
            : ("S18", $"{pod} is stopped while {string.Join(" and ", away)} does not serve");
    }

    private bool IsStillEvicted(string pod) => members.StoreOf(pod) is { } store && members.IsEvicted(store)
        && members.StoredPod(pod)?["metadata"]?["annotations"]?[Labels.EvictLeader] is null
        && members.StoredPod(pod)?.Text("spec", "nodeName") is { } node
        && cluster.Api.Get("v1/nodes", null, node)?["spec"]?["unschedulable"] is null;

    // An upgrade takes one component after another.
    private string? OutOfTurn(string pod, JsonObject before)
    {
        var component = before.Text("metadata", "labels", "app.kubernetes.io/component") ?? "";
        if (!HasOldImage(component, before))
            return null;
        foreach (var earlier in Order.TakeWhile(each => each != component))
        {
            var old = cluster.Api.List("v1/pods", SimulatedCluster.Namespace,
                $"app.kubernetes.io/instance={name},app.kubernetes.io/component={earlier}")
                .FirstOrDefault(each => HasOldImage(earlier, each));
            if (old is not null)
                return $"{pod} is stopped for another image while {old.Name()} has not got its own yet";
        }

        return null;
    }

    private bool HasOldImage(string component, JsonObject pod) =>
        cluster.Cluster(name) is { } item && item["spec"]?[component] is JsonObject
        && Match.ImageOf(pod, component) != Match.WantedImage(item, component);

    private bool IsAsWished(JsonObject pod)
    {
        var component = pod.Text("metadata", "labels", "app.kubernetes.io/component");
        var set = cluster.Api.Get("apps/v1/statefulsets", SimulatedCluster.Namespace, $"{name}-{component}");
        string[] wishes = [Labels.Restart, Labels.EvictLeader, Labels.TransferLeader, Labels.GracefulShutdown];
        return Match.IsReady(pod)
            && set.Number("status", "observedGeneration") == set.Number("metadata", "generation")
            && set.Text("status", "updateRevision") == pod.Text("metadata", "labels", "controller-revision-hash")
            && wishes.All(wish => pod["metadata"]?["annotations"]?[wish] is null);
    }

    // Who is not wanted any more never comes back.
    private bool IsBack(string pod, string stoppedUid)
    {
        var last = pod.LastIndexOf('-');
        var set = cluster.Api.Get("apps/v1/statefulsets", SimulatedCluster.Namespace, pod[..last]);
        var ordinal = long.Parse(pod[(last + 1)..], CultureInfo.InvariantCulture);
        if (set is null || ordinal >= set.Number("spec", "replicas"))
            return true;
        var now = members.StoredPod(pod);
        return now is not null && now.Uid() != stoppedUid && Match.IsReady(now);
    }
}
