using System.Text.Json;
using Tidekeeper.Model.Admin.TiDB;
using Tidekeeper.Playground.Databases.TiDB.Stores;

namespace Tidekeeper.Playground.Databases.TiDB.Pd;

/// <summary>
/// The PD members of one cluster id: elections, and commits that a majority must store. The member list that counts
/// is the one that was committed, never the number of processes that happen to run.
/// </summary>
public sealed class PdEnsemble(ulong clusterId, StoreCluster stores, Random chance)
{
    private const ulong IdStep = 1000;
    private readonly List<PdReplica> _replicas = [];
    private long _moves;
    private DateTimeOffset? _electionAt;
    private ulong _nextId;
    private ulong _lastTimestamp;

    public ulong ClusterId => clusterId;

    /// <summary>The newest process of every member that ever ran, in the order of their first starts.</summary>
    public IReadOnlyList<PdReplica> Replicas => _replicas;

    /// <summary>The member that leads, with a majority behind it; null when there is none.</summary>
    public PdReplica? Leader { get; private set; }

    /// <summary>
    /// What is committed, as the leader knows it; without a leader, the newest that any process has seen.
    /// </summary>
    public PdState State => (Leader ?? _replicas.MaxBy(r => r.Index))?.State ?? new PdState();

    public StoreHealth Health { get; } = new();
    public StoreCluster Stores => stores;

    /// <summary>Whether something can be committed now.</summary>
    public bool HasQuorum => Leader is { } leader && Voters(leader) is not null;

    internal PdScheduling Scheduling { get; } = new();

    /// <summary>Grows with everything that an election, a follower or the scheduling may have to answer.</summary>
    internal long Changes => _moves + Scheduling.Wakes + stores.Changes;

    public PdReplica? Running(ulong member)
    {
        foreach (var replica in _replicas)
        {
            if (replica.MemberId == member && replica.Running)
                return replica;
        }

        return null;
    }

    internal void Start(PdReplica replica)
    {
        _moves++;
        var known = _replicas.FindIndex(r => r.MemberId == replica.MemberId);
        if (known >= 0)
            _replicas[known] = replica;
        else
            _replicas.Add(replica);
        if (Leader is null)
            _electionAt = replica.Started + (replica.State.Members.Count <= 1 ? TimeSpan.Zero : Between(1000, 3000));
    }

    internal void Stop(PdReplica replica, DateTimeOffset now, bool gracefully)
    {
        _moves++;
        replica.Running = false;
        if (Leader != replica)
            return;
        Leader = null;
        // A member that says good-bye hands its lease back; a lost one keeps it until it expires.
        _electionAt = now + (gracefully ? Between(200, 800) : Between(3000, 9000));
    }

    /// <summary>Elects, keeps followers up to date and schedules; returns when to call again.</summary>
    internal DateTimeOffset? Tick(DateTimeOffset now)
    {
        if (Leader is { } leader && (!leader.IsMember || Voters(leader) is null))
        {
            _moves++;
            Leader = null;
            _electionAt = now + Between(3000, 9000);
        }

        if (Leader is null && !Elect(now))
            return _electionAt;
        CatchUp();
        PublishNames();
        return Scheduling.Work(this, now);
    }

    private bool Elect(DateTimeOffset now)
    {
        if (_electionAt is { } at && now < at)
            return false;
        var able = _replicas.Where(r => r.Running && r.IsMember
            && Voters(r) is { } voters && voters.All(v => v.Index <= r.Index)).ToList();
        if (able.Count == 0)
        {
            _electionAt = now + Between(1000, 3000);
            return false;
        }

        Lead(able[chance.Next(able.Count)], now);
        return true;
    }

    private void Lead(PdReplica replica, DateTimeOffset now)
    {
        _moves++;
        Leader = replica;
        _electionAt = null;
        _nextId = replica.State.IdLimit;
        Health.Forgive(replica.State, now);
        Scheduling.ForgetPauses();
        Scheduling.Wake();
    }

    /// <summary>The running members that a member reaches, itself included; null when they are no majority.</summary>
    private List<PdReplica>? Voters(PdReplica replica)
    {
        if (!replica.Running)
            return null;
        var voters = new List<PdReplica>(replica.State.Members.Count);
        foreach (var member in replica.State.Members)
        {
            if (Running(member.MemberId) is { } voter && replica.Reaches(voter))
                voters.Add(voter);
        }

        return voters.Count >= replica.State.Members.Count / 2 + 1 ? voters : null;
    }

    /// <summary>
    /// Changes the committed state; false when there is no leader with a majority, and then nothing changed.
    /// </summary>
    internal bool Commit(Action<PdState> change)
    {
        if (Leader is not { } leader || Voters(leader) is not { } voters)
            return false;
        var known = new PdSnapshot(leader.Index, leader.State);
        var old = JsonSerializer.SerializeToUtf8Bytes(known, PdStateJson.Default.PdSnapshot);
        var state = JsonSerializer.Deserialize(old, PdStateJson.Default.PdSnapshot)!.State;
        change(state);
        Write(new PdSnapshot(leader.Index + 1, state), voters);
        Scheduling.Wake();
        return true;
    }

    private void Write(PdSnapshot snapshot, IEnumerable<PdReplica> replicas)
    {
        _moves++;
        var bytes = JsonSerializer.SerializeToUtf8Bytes(snapshot, PdStateJson.Default.PdSnapshot);
        foreach (var replica in replicas)
            replica.Follow(snapshot, bytes);
    }

    private void CatchUp()
    {
        var behind = _replicas.FindAll(r => r.Running && r.Index < Leader!.Index && Leader.Reaches(r));
        if (behind.Count > 0)
            Write(new PdSnapshot(Leader!.Index, Leader.State), behind);
    }

    // A joined member is nameless until it runs; who asks to join meanwhile is refused.
    private void PublishNames()
    {
        var nameless = State.Members.FindAll(m => m.Name.Length == 0 && Running(m.MemberId) is not null);
        if (nameless.Count == 0)
            return;
        Commit(state =>
        {
            foreach (var member in nameless)
            {
                var replica = Running(member.MemberId)!;
                state.Members[state.Members.FindIndex(m => m.MemberId == member.MemberId)] =
                    replica.Describe(member.PeerUrls);
            }
        });
    }

    /// <summary>The first member of a new cluster: the state begins with it.</summary>
    internal void Bootstrap(PdReplica first, PdState initial)
    {
        first.WriteIdentity(clusterId);
        Write(new PdSnapshot(1, initial), [first]);
        Start(first);
    }

    /// <summary>Adds a member as etcd would; the text of the refusal, or null.</summary>
    internal string? AddMember(PdMember member)
    {
        if (Leader is not { } leader)
            return "etcdserver: no leader";
        if (State.Members.Exists(m => m.PeerUrls.Intersect(member.PeerUrls, StringComparer.Ordinal).Any()))
            return "etcdserver: Peer URLs already exists";
        if (State.Members.Any(m => Running(m.MemberId) is not { } replica || !leader.Reaches(replica)))
            return "etcdserver: unhealthy cluster";
        return Commit(state => state.Members.Add(member)) ? null : "etcdserver: no leader";
    }

    /// <summary>Removes a member as etcd would; the text of the refusal, or null.</summary>
    internal string? RemoveMember(ulong member)
    {
        if (Leader is not { } leader || Voters(leader) is not { } voters)
            return "etcdserver: no leader";
        var left = State.Members.Count - 1;
        var alive = voters.Count(v => v.MemberId != member);
        if (left == 0 || alive < left / 2 + 1)
            return "etcdserver: re-configuration failed due to not enough started members";
        return Commit(state => state.Members.RemoveAll(m => m.MemberId == member)) ? null : "etcdserver: no leader";
    }

    /// <summary>
    /// What <c>pd-recover</c> does to a new cluster that stands in for one whose members are all lost: from the next
    /// start of its members on it has the old id, and identifiers go on from <paramref name="allocatedId"/>.
    /// </summary>
    internal bool Recover(ulong oldClusterId, ulong allocatedId, DateTimeOffset now)
    {
        var recovered = Commit(state =>
        {
            state.IdLimit = Math.Max(state.IdLimit, allocatedId);
            state.BootstrappedAt ??= now;
        });
        foreach (var replica in _replicas.Where(r => recovered && r.Running && r.IsMember))
            replica.WriteIdentity(oldClusterId);
        return recovered;
    }

    /// <summary>Gives the leadership away; to <paramref name="name"/>, or to anybody when it is null.</summary>
    internal bool TransferLeader(string? name, DateTimeOffset now)
    {
        var able = _replicas.Where(r => r != Leader && r.Running && r.IsMember && r.Index == Leader?.Index
            && Voters(r) is not null && (name is null || r.Name == name)).ToList();
        if (able.Count == 0)
            return false;
        Lead(able[chance.Next(able.Count)], now);
        return true;
    }

    /// <summary>A fresh identifier for a store, a region or a peer. There must be a leader.</summary>
    internal ulong NextId()
    {
        if (_nextId >= State.IdLimit)
        {
            _nextId = Math.Max(_nextId, State.IdLimit);
            var limit = _nextId + IdStep;
            if (!Commit(state => state.IdLimit = limit))
                throw new InvalidOperationException("identifiers need a PD leader");
        }

        return _nextId++;
    }

    /// <summary>A timestamp greater than all before; the caller has checked that there is a leader.</summary>
    internal ulong Timestamp(DateTimeOffset now)
    {
        var physical = (ulong)now.ToUnixTimeMilliseconds() << 18;
        return _lastTimestamp = Math.Max(physical, _lastTimestamp + 1);
    }

    private TimeSpan Between(int low, int high) => TimeSpan.FromMilliseconds(chance.Next(low, high));
}
