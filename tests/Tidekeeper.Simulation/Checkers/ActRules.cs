using System.Text.Json.Nodes;
using Tidekeeper.Operator.Databases;
using Tidekeeper.Simulation.Engine;

namespace Tidekeeper.Simulation.Checkers;

/// <summary>
/// Judges every act of an operator that stops, removes, empties or adds somebody, at the moment at which it takes
/// effect and by what the database is at that moment: S1, S2, S4 to S13, S17 and S18.
/// </summary>
public sealed class ActRules : IChecker
{
    /// <summary>What has been on the way for longer was right when it was sent; nothing can call it back.</summary>
    private static readonly TimeSpan OnTheWay = TimeSpan.FromSeconds(3);

    private readonly SimulatedCluster _cluster;
    private readonly string _name;
    private readonly Members _members;
    private readonly Absences _absences;
    private readonly StopRules _stops;
    private readonly RemovalRules _removals;
    private (string Invariant, string Sentence)? _broken;

    public ActRules(SimulatedCluster cluster, string name)
    {
        (_cluster, _name, _members) = (cluster, name, new Members(cluster, name));
        _absences = new Absences(cluster, _members);
        _stops = new StopRules(cluster, name, _members, _absences);
        _removals = new RemovalRules(cluster, name, _members, _absences);
        cluster.Story.Wrote += Judge;
        cluster.Story.Asking += Judge;

        // Two wishes may follow each other at once, and an operator may hear of the first one all the same.
        cluster.World.Api.Store.Committed += change =>
        {
            if (change.Resource.StartsWith("tidbclusters", StringComparison.Ordinal))
                _removals.Note();
        };
    }

    public string Invariant => _broken?.Invariant ?? "S1";

    /// <summary>How many acts were judged; rules that were never asked prove nothing.</summary>
    public int Judged { get; private set; }

    public string? Broken(SimulatedCluster cluster)
    {
        _absences.Note();
        _stops.Note();
        _removals.Note();
        return _broken?.Sentence;
    }

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
            ("pods", "DELETE") => Stop(written, name, change.Previous ?? change.Object),
            ("persistentvolumeclaims", "DELETE") => Counted(_removals.LoseClaim(name)),
            ("persistentvolumeclaims", _) => RemovalRules.ChangeClaim(name, change),
            ("statefulsets.apps", "DELETE") => null,
            ("statefulsets.apps", _) when change.Previous?["spec"]?["replicas"] is not null
                && change.Previous["spec"]!["replicas"]!.ToJsonString()
                    != change.Object["spec"]!["replicas"]!.ToJsonString() =>
                Counted(_removals.ChangeReplicas(name, change)),
            _ => null,
        };
    }

    private (string, string)? Stop(Written written, string pod, JsonObject before)
    {
        var verdict = Counted(_stops.Judge(pod, before, _cluster.AreViewsFresh));
        return _cluster.Time.Now - written.Sent > OnTheWay ? null : verdict;
    }

    private (string, string)? Counted((string, string)? verdict)
    {
        Judged++;
        return verdict;
    }

    private void Judge(string who, WireRequest request)
    {
        var url = new Uri(request.Url);
        if (_broken is not null || request.Method != "DELETE" || _members.Database is not { } database)
            return;
        _broken = url.AbsolutePath.Trim('/').Split('/') switch
        {
            [.., "members", "id", var id] when ulong.TryParse(id, out var number)
                && database.Pd.State.Members.Find(member => member.MemberId == number) is { } member =>
                Counted(_removals.RemoveMember(member)),
            [.., "members", "name", var name]
                when database.Pd.State.Members.Find(member => member.Name == name) is { } member =>
                Counted(_removals.RemoveMember(member)),
            [.., "store", var id] when ulong.TryParse(id, out var number) && _members.Store(number) is { } store =>
                Counted(_removals.RemoveStore(
                    store, url.Query.Contains("force=true", StringComparison.Ordinal), _cluster.AreViewsFresh)),
            _ => null,
        };
    }
}
