using Tidekeeper.Model.Admin.TiDB;
using Tidekeeper.Playground.Databases.TiDB.Stores;

namespace Tidekeeper.Playground.Databases.TiDB.Pd;

/// <summary>
/// One look of the PD leader at all regions, with a bounded number of moves: leaders away from evicted stores,
/// missing peers added, peers of lost and leaving stores replaced, the rest balanced.
/// </summary>
internal sealed class SchedulePass
{
    private readonly PdEnsemble _ensemble;
    private readonly PdState _state;
    private readonly StoreCluster _cluster;
    private readonly ScheduleRules _rules;
    private readonly DateTimeOffset _now;
    private readonly List<StoreView> _all;
    private readonly List<StoreView> _stores;
    private readonly string[] _labels;
    private int _leaderMoves;
    private int _peerMoves;
    private bool _moved;

    public SchedulePass(PdEnsemble ensemble, DateTimeOffset now)
    {
        _ensemble = ensemble;
        _state = ensemble.State;
        _cluster = ensemble.Stores;
        _rules = new ScheduleRules(_state);
        _now = now;
        _all = StoreView.All(ensemble, now);
        _stores = [.. _all.Where(s => !s.IsTiFlash)];
        _leaderMoves = Math.Min(_cluster.Scale.LeaderMoves, _rules.LeaderLimit);
        _peerMoves = _cluster.Scale.PeerMoves;
        _labels = _state.Replication.LocationLabels.Split(',', StringSplitOptions.RemoveEmptyEntries);
    }

    private int Wanted => (int)_state.Replication.MaxReplicas;

    /// <summary>Whether anything moved.</summary>
    public bool Run()
    {
        foreach (var region in _cluster.Regions.All)
            _cluster.LeaderOf(region);
        EvictLeaders();
        if (_rules.ReplicaLimit > 0)
        {
            foreach (var region in _cluster.Regions.All)
                Repair(region);
        }

        if (Runs("balance-leader-scheduler"))
            BalanceLeaders();
        if (Runs("balance-region-scheduler") && _rules.RegionLimit > 0)
            BalanceRegions();
        return BuryEmptied() || _moved;
    }

    private bool Runs(string scheduler) =>
        _state.Schedulers.Contains(scheduler) && !_ensemble.Scheduling.IsPaused(scheduler, _now);

    private bool MayLead(StoreView store) => store.IsUp && !_state.EvictedStores.Contains(store.Id);

    private StoreView? View(ulong store) => _stores.Find(s => s.Id == store);

    private void EvictLeaders()
    {
        var paused = _ensemble.Scheduling.IsPaused(PdSchedulerApi.EvictLeader, _now);
        foreach (var region in _cluster.Regions.All)
        {
            if (View(region.LeaderStore) is not { } leader
                || (leader.State != PdStoreState.Offline
                    && (paused || !_state.EvictedStores.Contains(leader.Id))))
                continue;
            var targets = region.Peers.Select(p => View(p.StoreId)).OfType<StoreView>()
                .Where(s => s != leader && MayLead(s)).OrderBy(s => s.Leaders).ThenBy(s => s.Id);
            foreach (var target in targets)
            {
                if (MoveLeader(region, leader, target))
                    break;
            }
        }
    }

    private bool MoveLeader(Region region, StoreView from, StoreView to)
    {
        if (_leaderMoves == 0 || !_cluster.TransferLeader(region, to.Id))
            return false;
        _leaderMoves--;
        _moved = true;
        from.Leaders--;
        to.Leaders++;
        return true;
    }

    /// <summary>Brings one region to the wanted number of peers on stores that stay, one change at a time.</summary>
    private void Repair(Region region)
    {
        var leaving = region.Peers.Where(p =>
            View(p.StoreId)?.State is null or PdStoreState.Down or PdStoreState.Offline).ToList();
        var staying = region.Peers.Except(leaving).Select(p => View(p.StoreId)!).ToList();
        if (staying.Count < Wanted)
        {
            if (MayReplace(leaving) && Target(region, staying) is { } target)
                Add(region, target);
            return;
        }

        if (region.Peers.Count > Wanted)
        {
            if (leaving.Count > 0 ? MayReplace(leaving) : _rules.RemovesExtra)
                Remove(region, leaving.Count > 0 ? leaving[0].StoreId : Worst(staying).Id);
            return;
        }

        if (_labels.Length > 0 && leaving.Count == 0 && _rules.Spreads)
            Spread(region, staying);
    }

    private bool MayReplace(List<Peer> leaving) => leaving.Count == 0 ? _rules.MakesUp
        : View(leaving[0].StoreId)?.State == PdStoreState.Down ? _rules.RemovesDown : _rules.ReplacesOffline;

    private StoreView? Target(Region region, List<StoreView> staying) => _stores
        .Where(s => s.IsUp && region.PeerOn(s.Id) is null && !s.IsLowOnSpace(_rules.LowSpaceRatio))
        .OrderByDescending(s => s.Isolation(staying, _labels)).ThenBy(s => s.Peers).ThenBy(s => s.Id)
        .FirstOrDefault();

    private StoreView Worst(List<StoreView> staying) => staying
        .OrderBy(s => s.Isolation(staying.Where(o => o != s), _labels))
        .ThenByDescending(s => s.Peers).ThenBy(s => s.Id).First();

    /// <summary>Moves a peer to where it is set apart better by the location labels.</summary>
    private void Spread(Region region, List<StoreView> staying)
    {
        var worst = Worst(staying);
        var rest = staying.Where(s => s != worst).ToList();
        if (Target(region, rest) is { } target
            && target.Isolation(rest, _labels) > worst.Isolation(rest, _labels))
            Move(region, worst, target);
    }

    private bool Add(Region region, StoreView target)
    {
        if (_peerMoves == 0 || !_cluster.AddPeer(region, target.Id, _ensemble.NextId()))
            return false;
        _peerMoves--;
        _moved = true;
        target.Peers++;
        return true;
    }

    private bool Remove(Region region, ulong store)
    {
        var led = region.LeaderStore == store;
        if (_peerMoves == 0 || !_cluster.RemovePeer(region, store))
            return false;
        _peerMoves--;
        _moved = true;
        if (View(store) is { } view)
        {
            view.Peers--;
            view.Leaders -= led ? 1 : 0;
        }

        return true;
    }

    private bool Move(Region region, StoreView from, StoreView to) =>
        _peerMoves >= 2 && Add(region, to) && Remove(region, from.Id);

    private void BalanceLeaders()
    {
        while (_leaderMoves > 0)
        {
            var able = _stores.Where(MayLead).OrderBy(s => s.Leaders).ThenBy(s => s.Id).ToList();
            if (able.Count < 2 || able[^1].Leaders - able[0].Leaders < 2)
                return;
            var (from, to) = (able[^1], able[0]);
            if (!_cluster.Regions.All.Any(r => r.LeaderStore == from.Id && r.PeerOn(to.Id) is not null
                && MoveLeader(r, from, to)))
                return;
        }
    }

    private void BalanceRegions()
    {
        while (_peerMoves >= 2)
        {
            var able = _stores.Where(s => s.IsUp).OrderBy(s => s.Peers).ThenBy(s => s.Id).ToList();
            if (able.Find(s => !s.IsLowOnSpace(_rules.LowSpaceRatio)) is not { } to || able[^1].Peers - to.Peers < 2)
                return;
            var from = able[^1];
            if (!_cluster.Regions.All.Any(r => r.PeerOn(from.Id) is not null && r.PeerOn(to.Id) is null
                && NoWorse(r, from, to) && Move(r, from, to)))
                return;
        }
    }

    private bool NoWorse(Region region, StoreView from, StoreView to)
    {
        var rest = region.Peers.Select(p => View(p.StoreId)).OfType<StoreView>().Where(s => s != from).ToList();
        return to.Isolation(rest, _labels) >= from.Isolation(rest, _labels);
    }

    private bool BuryEmptied()
    {
        var emptied = _all.Where(s => s.State == PdStoreState.Offline && s.Peers == 0).Select(s => s.Id).ToList();
        return emptied.Count > 0 && _ensemble.Commit(state =>
        {
            foreach (var id in emptied)
                state.Replace(state.Store(id)! with { State = 2, NodeState = 3 });
        });
    }
}
