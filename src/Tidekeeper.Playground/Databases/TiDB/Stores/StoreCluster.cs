using Tidekeeper.Playground.Network;
using Tidekeeper.Playground.Nodes;

namespace Tidekeeper.Playground.Databases.TiDB.Stores;

/// <summary>
/// The stores of one cluster and the raft groups between them. A group works while a majority of its peers runs and
/// can talk; what it acknowledged is on the volumes of a majority.
/// </summary>
public sealed class StoreCluster(DatabaseScale scale, Func<DateTimeOffset> now)
{
    private const int CopiesPerRound = 8;
    private readonly SortedDictionary<ulong, StoreNode> _nodes = [];

    public DatabaseScale Scale => scale;

    public RegionMap Regions { get; } = new();

    /// <summary>The newest process of every store that ever ran here, by store id.</summary>
    public IReadOnlyCollection<StoreNode> Nodes => _nodes.Values;

    /// <summary>Grows with every start and end of a store, and with every change of peers or leaders.</summary>
    public long Changes { get; private set; }

    /// <summary>Grows with every write that not all peers of a region have stored.</summary>
    internal long Missed { get; set; }

    /// <summary>Number of commits acknowledged to clients.</summary>
    public long Acknowledged { get; internal set; }

    /// <summary>Bytes of one replica.</summary>
    public long SizeOf(Region region) => scale.RegionBytes + region.Rows.Size;

    public StoreNode? Node(ulong store) => _nodes.GetValueOrDefault(store);

    public StoreNode? Running(ulong store) => _nodes.GetValueOrDefault(store) is { Running: true } node ? node : null;

    /// <summary>A store's process has started: what is on its volume takes part again.</summary>
    internal StoreNode Attach(ulong id, string address, IVolume volume, PodNetwork network, string podAddress)
    {
        var node = new StoreNode(id, address, volume, network, podAddress);
        var before = Node(id);
        _nodes[id] = node;
        Changes++;
        var copies = node.Load();
        foreach (var copy in copies.Values)
            Merge(node, copy);
        foreach (var region in Regions.All)
        {
            // Whatever the volume does not hold, this store does not hold: it may have missed a split, or been emptied.
            if (region.PeerOn(id) is { } peer && !copies.ContainsKey(region.Id))
                peer.Index = 0;
            // Whoever led before it ended comes back as a follower.
            if (before is not null && region.LeaderStore == id)
                (region.LeaderStore, region.LeaderlessSince) = (0, before.EndedAt);
        }

        return node;
    }

    /// <summary>Since when no process works for a store; the beginning of time when none was ever seen.</summary>
    public DateTimeOffset? AbsentSince(ulong store) => Node(store) is not { } node ? DateTimeOffset.MinValue
        : node.Running ? null : node.EndedAt;

    internal void Detach(StoreNode node)
    {
        node.Running = false;
        node.EndedAt = now();
        Changes++;
    }

    private void Merge(StoreNode node, Region copy)
    {
        var known = Regions.Find(copy.Id);
        var stored = copy.Index;
        if (known is null)
        {
            Regions.Add(copy);
            known = copy;
        }
        else if ((copy.Version, copy.ConfVer).CompareTo((known.Version, known.ConfVer)) > 0)
        {
            foreach (var peer in copy.Peers)
                peer.Index = Running(peer.StoreId) is null ? 0 : known.PeerOn(peer.StoreId)?.Index ?? 0;
            if (known.Index > copy.Index)
                copy.TakeRows(known);
            Regions.Replace(copy);
            known = copy;
        }
        else if (copy.Version == known.Version && copy.Index > known.Index)
        {
            (known.Rows, known.Index) = (copy.Rows, copy.Index);
        }

        if (known.PeerOn(node.Id) is { } own)
            own.Index = stored;
        else
            node.Remove(copy.Id);
    }

    /// <summary>
    /// The store that leads a region now; null without a majority, and while those who have lost their leader have not
    /// waited for long enough to elect another.
    /// </summary>
    public StoreNode? LeaderOf(Region region)
    {
        if (Leads(region, region.LeaderStore) is { } leader)
        {
            region.LeaderlessSince = null;
            return leader;
        }

        var lost = Node(region.LeaderStore);
        var since = region.LeaderlessSince ??= lost is null ? DateTimeOffset.MinValue
            : lost.Running ? now() : lost.EndedAt;
        var patience = region.Peers.Count == 1 || scale.ElectionTime == TimeSpan.Zero ? TimeSpan.Zero
            : scale.ElectionTime + TimeSpan.FromSeconds(region.Id % 5);
        var able = region.Peers.Select(p => Leads(region, p.StoreId)).OfType<StoreNode>().ToList();
        if (able.Count == 0 || now() - since < patience)
            return null;
        region.LeaderlessSince = null;
        var chosen = able[(int)(region.Id % (ulong)able.Count)];
        region.LeaderStore = chosen.Id;
        Changes++;
        return chosen;
    }

    /// <summary>Whether the group can work: some store could lead it.</summary>
    public bool IsAvailable(Region region) => region.Peers.Any(p => Leads(region, p.StoreId) is not null);

    /// <summary>Whether a store can lead: it runs, has everything acknowledged, and reaches a majority.</summary>
    private StoreNode? Leads(Region region, ulong store)
    {
        if (Running(store) is not { } node || region.PeerOn(store) is not { } peer || peer.Index < region.Index)
            return null;
        var reached = 0;
        foreach (var other in region.Peers)
        {
            if (Running(other.StoreId) is { } follower && node.Reaches(follower))
                reached++;
        }

        return reached >= region.Majority ? node : null;
    }

    /// <summary>
    /// The stores that will store a write of the leader: all that it reaches and that have what came before.
    /// </summary>
    internal List<StoreNode> Followers(Region region, StoreNode leader)
    {
        var able = new List<StoreNode>(region.Peers.Count);
        for (var pass = 0; pass < 2 && able.Count < region.Majority; pass++)
        {
            able.Clear();
            foreach (var peer in region.Peers)
            {
                if (Running(peer.StoreId) is not { } node || !leader.Reaches(node))
                    continue;
                if (peer.Index < region.Index && pass == 1 && able.Count < region.Majority)
                    Copy(region, peer, node);
                if (peer.Index == region.Index)
                    able.Add(node);
            }
        }

        return able;
    }

    internal bool TransferLeader(Region region, ulong store)
    {
        if (LeaderOf(region) is null || Leads(region, store) is null)
            return false;
        region.LeaderStore = store;
        Changes++;
        return true;
    }

    internal bool AddPeer(Region region, ulong store, ulong peerId)
    {
        if (LeaderOf(region) is not { } leader || Running(store) is not { } node || !leader.Reaches(node))
            return false;
        var peer = new Peer { Id = peerId, StoreId = store, Index = region.Index };
        region.Peers.Add(peer);
        region.ConfVer++;
        node.WriteAll(region);
        WriteMeta(region);
        return true;
    }

    internal bool RemovePeer(Region region, ulong store)
    {
        if (region.PeerOn(store) is not { } peer || LeaderOf(region) is not { } leader)
            return false;
        var rest = region.Peers.Where(p => p != peer).ToList();
        if (leader.Id == store)
        {
            var next = rest.Find(p => Leads(region, p.StoreId) is not null);
            if (next is null || !TransferLeader(region, next.StoreId))
                return false;
            leader = Running(next.StoreId)!;
        }

        // What is left must still hold a majority of itself, or the change would never be committed.
        if (rest.Count(p => Running(p.StoreId) is { } node && leader.Reaches(node)) < rest.Count / 2 + 1)
            return false;
        region.Peers.Remove(peer);
        region.ConfVer++;
        WriteMeta(region);
        Running(store)?.Remove(region.Id);
        return true;
    }

    internal void WriteMeta(Region region)
    {
        Changes++;
        foreach (var peer in region.Peers)
            Running(peer.StoreId)?.WriteMeta(region);
    }

    /// <summary>
    /// Copies what a store has missed while it was away, a few regions at a time; true while there is more.
    /// </summary>
    internal bool CatchUp(StoreNode node)
    {
        var (copied, waits) = (0, false);
        foreach (var region in Regions.All)
        {
            if (region.PeerOn(node.Id) is not { } peer || peer.Index == region.Index)
                continue;
            if (LeaderOf(region) is not { } leader || !leader.Reaches(node))
            {
                waits = true;
                continue;
            }

            if (copied++ == CopiesPerRound)
                return true;
            Copy(region, peer, node);
        }

        return waits;
    }

    private void Copy(Region region, Peer peer, StoreNode node)
    {
        node.WriteAll(region);
        peer.Index = region.Index;
        Changes++;
    }
}
