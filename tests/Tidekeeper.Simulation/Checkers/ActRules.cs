using Tidekeeper.Operator.Databases;
using Tidekeeper.Playground.Store;
using Tidekeeper.Simulation.Engine;

namespace Tidekeeper.Simulation.Checkers;

/// <summary>
/// Judges every act of an operator that stops, removes or empties somebody, at the moment at which it takes effect and
/// by what the database is at that moment: S1, S2, S4, S6 to S9, S11, S17 and S18.
/// </summary>
public sealed class ActRules : IChecker
{
    private readonly SimulatedCluster _cluster;
    private readonly string _name;
    private readonly Members _members;
    private readonly SortedDictionary<string, string> _stopped = new(StringComparer.Ordinal);
    private readonly SortedDictionary<(string Pod, long Generation), int> _restarts = [];
    private (string Invariant, string Sentence)? _broken;

    public ActRules(SimulatedCluster cluster, string name)
    {
        (_cluster, _name, _members) = (cluster, name, new Members(cluster, name));
        cluster.Story.Wrote += Judge;
        cluster.Story.Asking += Judge;
    }

    public string Invariant => _broken?.Invariant ?? "S1";

    /// <summary>How many acts were judged; rules that were never asked prove nothing.</summary>
    public int Judged { get; private set; }

    public string? Broken(SimulatedCluster cluster) => _broken?.Sentence;

    private void Judge(Written written)
    {
        if (_broken is not null || written.Change is not { } change
            || !written.Who.StartsWith("operator", StringComparison.Ordinal))
            return;
        var name = change.Key.Split('/')[^1];
        if (!name.Contains(_name + "-", StringComparison.Ordinal))
            return;
        _broken = (change.Resource, written.Request.Method) switch
        {
            ("pods", "DELETE") => Stop(name),
            ("persistentvolumeclaims", "DELETE") => LoseClaim(name),
            ("statefulsets.apps", "DELETE") => null,
            ("statefulsets.apps", _) => Lower(name, change),
            _ => null,
        };
    }

    private void Judge(string who, WireRequest request)
    {
        var parts = new Uri(request.Url).AbsolutePath.Trim('/').Split('/');
        if (_broken is not null || request.Method != "DELETE" || _members.Database is null)
            return;
        Judged++;
        _broken = parts switch
        {
            [.., "members", "name", var member] => RemoveMember(member),
            [.., "store", var id] when ulong.TryParse(id, out var store) => RemoveStore(store),
            _ => null,
        };
    }

    private (string, string)? Stop(string pod)
    {
        Judged++;
        var generation = _cluster.Cluster(_name).Number("metadata", "generation") ?? 0;
        var restarts = _restarts[(pod, generation)] = _restarts.GetValueOrDefault((pod, generation)) + 1;
        var others = _stopped.Where(each => each.Key != pod && !IsBack(each.Key, each.Value)).Select(each => each.Key);
        var inFlight = others.FirstOrDefault();
        var stored = _cluster.Api.Get("v1/pods", SimulatedCluster.Namespace, pod);
        _stopped[pod] = stored.Text("metadata", "uid") ?? "";
        if (_members.Database is null)
            return null;
        if ((OthersDown(pod) ?? Leads(pod) ?? NobodyServes(pod)) is { } harm)
            return harm;
        if (inFlight is not null)
            return ("S9", $"{pod} is stopped while {inFlight}, stopped before, is not back");
        return restarts <= 2 ? null : ("S17", $"{pod} is stopped for the {restarts}. time for one wish");
    }

    // S1 and S2: a member of a quorum is taken only while all others are there; one that is down already may be.
    private (string, string)? OthersDown(string pod)
    {
        if (_members.IsPdMember(pod))
        {
            var down = _members.PdDown;
            return down.Contains(pod) || down.Count == 0 || _members.PdCount == 1 ? null
                : ("S1", $"{pod} is taken while {string.Join(" and ", down)} is down");
        }

        if (_members.StoreOf(pod) is not { } store || !_members.Runs(store))
            return null;
        var stores = _members.StoresDown;
        if (stores.Count > 0)
            return ("S1", $"{pod} is taken while {string.Join(" and ", stores)} is down");
        var weak = _members.Stores.Count > 1 ? _members.Weakened(store.Id) : 0;
        return weak == 0 ? null : ("S11", $"{pod} is taken while {weak} regions lack a peer elsewhere");
    }

    private (string, string)? Leads(string pod) =>
        _members.StoreOf(pod) is { } store && _members.Runs(store) && _members.Stores.Count > 1
            && _members.LeadersOn(store) is > 0 and var leaders
            ? ("S6", $"{pod} is stopped while it leads {leaders} regions")
            : null;

    private (string, string)? NobodyServes(string pod)
    {
        var servers = _members.Database!.Servers;
        if (servers.TrueForAll(s => s.PodName != pod))
            return null;
        var wanted = _cluster.Cluster(_name).Number("spec", "tidb", "replicas") - 1;
        var others = servers.Count(s => s.PodName != pod);
        return others >= wanted ? null
            : ("S18", $"{pod} is stopped while {others} other TiDB servers of {wanted} serve");
    }

    private (string, string)? RemoveMember(string member)
    {
        var down = _members.PdDown;
        var left = _members.PdCount - 1;
        var alive = left - down.Count(each => each != member);
        return alive >= (left / 2) + 1 || down.Contains(member) ? null
            : ("S2", $"{member} is removed and {alive} of the {left} members left are alive");
    }

    private (string, string)? RemoveStore(ulong id)
    {
        var up = _members.Stores.Count(s => _members.Runs(s));
        return up > _members.MaxReplicas || _members.Stores.All(s => s.Id != id) ? null
            : ("S7", $"store {id} is sent away while {up} stores are up and regions need {_members.MaxReplicas}");
    }

    private (string, string)? LoseClaim(string claim)
    {
        Judged++;
        var pod = claim[(claim.IndexOf(_name + "-", StringComparison.Ordinal))..];
        if (_members.StoreOf(pod) is { } store)
            return ("S4", $"claim {claim} is deleted while store {store.Id} is no tombstone");
        return _members.IsPdMember(pod) ? ("S4", $"claim {claim} is deleted while {pod} is a member of PD") : null;
    }

    private (string, string)? Lower(string set, StoreEvent change)
    {
        var before = change.Previous?.Number("spec", "replicas") ?? 0;
        var after = change.Object.Number("spec", "replicas") ?? 0;
        if (after < before)
            Judged++;
        for (var ordinal = after; ordinal < before; ordinal++)
        {
            var pod = $"{set}-{ordinal}";
            if (_members.StoreOf(pod) is { } store)
                return ("S8", $"{set} goes from {before} to {after} while store {store.Id} of {pod} is no tombstone");
            if (_members.IsPdMember(pod))
                return ("S2", $"{set} goes from {before} to {after} while {pod} is a member of PD");
        }

        return null;
    }

    private bool IsBack(string pod, string stoppedUid)
    {
        var now = _cluster.Api.Get("v1/pods", SimulatedCluster.Namespace, pod);
        return now is not null && now.Text("metadata", "uid") != stoppedUid && Match.IsReady(now);
    }
}
