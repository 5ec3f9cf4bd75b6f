using Tidekeeper.Model.Admin.TiDB;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Simulation.Checkers;

/// <summary>
/// Since when each member does not run, by the database itself, and whether an operator can know it. What happened a
/// blink before an act, or what no API shows yet, is nobody's fault.
/// </summary>
internal sealed class Absences(SimulatedCluster cluster, Members members)
{
    /// <summary>From looking at the world until an act of that look has arrived.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(6);

    /// <summary>So late may news be in bad weather.</summary>
    private static readonly TimeSpan Late = TimeSpan.FromMinutes(2);

    /// <summary>For so long PD calls a store Up that says nothing any more.</summary>
    private static readonly TimeSpan Unnoticed = TimeSpan.FromSeconds(26);

    private readonly SortedDictionary<string, DateTimeOffset> _since = new(StringComparer.Ordinal);

    // Who came back, when, and how long he had been away.
    private readonly SortedDictionary<string, (DateTimeOffset At, TimeSpan After)> _back = new(StringComparer.Ordinal);

    /// <summary>Looks at the members; called at every step.</summary>
    public void Note()
    {
        if (members.Database is not { } database)
            return;
        foreach (var member in database.Pd.State.Members)
            Note(member.Name, database.Pd.Running(member.MemberId) is not null);
        for (var ordinal = 0; ordinal < members.Declared("tidb"); ordinal++)
        {
            var pod = members.Pod("tidb", ordinal);
            Note(pod, database.Servers.Exists(server => server.PodName == pod));
        }
    }

    /// <summary>How long a PD member or TiDB server has been away; zero when it is not.</summary>
    public TimeSpan Of(string pod) => _since.TryGetValue(pod, out var since) ? cluster.Time.Now - since : TimeSpan.Zero;

    /// <summary>The same, and as somebody saw it who looked a moment ago, or whose news are late.</summary>
    public TimeSpan AsSeen(string pod, bool areViewsFresh) => _back.TryGetValue(pod, out var back)
        && cluster.Time.Now - back.At < (areViewsFresh ? Look : Late) ? back.After : Of(pod);

    /// <summary>Whether a store has registered so lately that who looked before does not know it.</summary>
    public bool IsNew(PdStoreMeta store) =>
        cluster.Time.Now - DateTimeOffset.FromUnixTimeSeconds(store.StartTimestamp) < Look;

    public TimeSpan Of(PdStoreMeta store) =>
        members.Database!.Stores.AbsentSince(store.Id) is { } since ? cluster.Time.Now - since : TimeSpan.Zero;

    /// <summary>Whether an operator that looks can know that it is away.</summary>
    public bool IsKnown(string pod) => Of(pod) > Look;

    public bool IsKnown(PdStoreMeta store, bool areViewsFresh) =>
        Of(store) is var away && (away > Unnoticed || (away > Look && areViewsFresh && IsSeenByKubernetes(store)));

    private bool IsSeenByKubernetes(PdStoreMeta store) =>
        cluster.Api.Get("v1/pods", SimulatedCluster.Namespace, Members.PodOf(store)) is not { } pod
        || pod.Text("metadata", "deletionTimestamp") is not null || !Match.IsReady(pod);

    private void Note(string pod, bool isThere)
    {
        if (!isThere)
            _since.TryAdd(pod, cluster.Time.Now);
        else if (_since.Remove(pod, out var since))
            _back[pod] = (cluster.Time.Now, cluster.Time.Now - since);
    }
}
