using Tidekeeper.Model.Admin.TiDB;

namespace Tidekeeper.Playground.Databases.TiDB.Pd;

/// <summary>
/// What the PD leader remembers of heartbeats. It is not committed: a new leader begins by believing.
/// </summary>
public sealed class StoreHealth
{
    private static readonly TimeSpan DisconnectAfter = TimeSpan.FromSeconds(20);
    private readonly SortedDictionary<ulong, Heartbeat> _heartbeats = [];
    private readonly SortedDictionary<ulong, DateTimeOffset> _forgiven = [];

    internal void Beat(ulong store, Heartbeat heartbeat) => _heartbeats[store] = heartbeat;

    internal Heartbeat? Last(ulong store) => _heartbeats.GetValueOrDefault(store);

    internal void Forgive(PdState state, DateTimeOffset now)
    {
        foreach (var store in state.Stores.Where(s => !_heartbeats.ContainsKey(s.Id)))
            _forgiven[store.Id] = now;
    }

    /// <summary>One of <see cref="PdStoreState"/>.</summary>
    public string StateName(PdStoreMeta store, PdState state, DateTimeOffset now) => store.State switch
    {
        2 => PdStoreState.Tombstone,
        1 => PdStoreState.Offline,
        _ => Silence(store.Id, now) is var silence && silence > state.MaxStoreDownTime ? PdStoreState.Down
            : silence > DisconnectAfter ? PdStoreState.Disconnected
            : PdStoreState.Up,
    };

    private TimeSpan Silence(ulong store, DateTimeOffset now)
    {
        var last = _heartbeats.TryGetValue(store, out var beat) ? beat.At
            : _forgiven.TryGetValue(store, out var forgiven) ? forgiven
            : now;
        return now - last;
    }
}

/// <summary>One heartbeat of a store.</summary>
/// <param name="Capacity">Bytes.</param>
/// <param name="Used">Bytes.</param>
internal sealed record Heartbeat(DateTimeOffset At, DateTimeOffset StoreStarted, long Capacity, long Used);
