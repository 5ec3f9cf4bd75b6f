using System.Globalization;
using Tidekeeper.Model.Admin.TiDB;
using Tidekeeper.Playground.Network;

namespace Tidekeeper.Playground.Databases.TiDB.Pd;

/// <summary>Stores: listing, leaving, labels.</summary>
internal static class PdStoreApi
{
    public static HttpReply? Answer(PdCall call)
    {
        if (call.Path[0] is not ("store" or "stores" or "labels"))
            return null;
        if (!call.IsBootstrapped)
            return call.Method == "DELETE" ? PdReply.Fault(500, "internal", PdErrors.NotBootstrapped)
                : PdReply.NotBootstrapped;
        return (call.Method, call.Path) switch
        {
            ("GET", ["stores"]) => PdReply.Ok(List(call), j => j.PdStores),
            ("DELETE", ["stores", "remove-tombstone"]) => RemoveTombstones(call),
            ("GET", ["labels"]) => Labels(call),
            (_, ["store", var text, .. var rest]) when call.Id(text) is { } id => One(call, id, rest),
            ("GET" or "DELETE", ["store", var text]) =>
                PdReply.Fault(400, "input", $"strconv.ParseUint: parsing \"{text}\": invalid syntax"),
            _ => null,
        };
    }

    private static HttpReply? One(PdCall call, ulong id, string[] rest)
    {
        if (call.State.Store(id) is not { } store)
            return PdReply.Text(404, PdErrors.StoreNotFound(id));
        return (call.Method, rest) switch
        {
            ("GET", []) => PdReply.Ok(Describe(call, View(call, id)), j => j.PdStore),
            ("DELETE", []) => Leave(call, store),
            ("POST", ["state"]) => SetState(call, store, call.Query.GetValueOrDefault("state", "")),
            ("POST", ["label"]) => SetLabels(call, store),
            ("POST", ["weight"]) => PdReply.Text(200, "The store's weight is updated."),
            _ => null,
        };
    }

    private static StoreView View(PdCall call, ulong id) =>
        StoreView.All(call.Ensemble, call.Now, tombstones: true).Single(v => v.Id == id);

    private static PdStores List(PdCall call)
    {
        var states = call.Query.TryGetValue("state", out var text) ? text.Split(',') : ["0", "1"];
        var stores = StoreView.All(call.Ensemble, call.Now, tombstones: true)
            .Where(v => states.Contains(v.Meta.State.ToString(CultureInfo.InvariantCulture)))
            .Select(v => Describe(call, v)).ToList();
        return new PdStores { Count = stores.Count, Stores = stores };
    }

    private static PdStore Describe(PdCall call, StoreView view)
    {
        var beat = view.Beat;
        var regionMiB = view.Peers + view.Bytes / (1 << 20);
        return new PdStore
        {
            Store = view.Meta with
            {
                StateName = view.State,
                LastHeartbeat = (beat?.At.ToUnixTimeMilliseconds() ?? 0) * 1_000_000,
            },
            Status = new PdStoreStatus
            {
                Capacity = ByteSize.Format(beat?.Capacity ?? 0),
                Available = ByteSize.Format((beat?.Capacity ?? 0) - (beat?.Used ?? 0)),
                UsedSize = ByteSize.Format(beat?.Used ?? 0),
                LeaderCount = view.Leaders,
                LeaderScore = view.Leaders,
                LeaderSize = view.Leaders,
                RegionCount = view.Peers,
                RegionScore = regionMiB,
                RegionSize = regionMiB,
                SlowScore = beat is null ? 0 : 1,
                StartTs = beat?.StoreStarted,
                LastHeartbeatTs = beat?.At,
                Uptime = beat is null ? null : GoDuration.Format(beat.At - beat.StoreStarted),
            },
        };
    }

    private static HttpReply Leave(PdCall call, PdStoreMeta store)
    {
        if (store.State == 2)
            return PdReply.Text(410, PdErrors.StoreRemoved(store.Id));
        return Retire(call, store, call.Query.ContainsKey("force"), "The store is set as Offline.");
    }

    private static HttpReply Retire(PdCall call, PdStoreMeta store, bool destroyed, string done)
    {
        if (store.State == 1 && store.PhysicallyDestroyed == destroyed)
            return PdReply.Text(200, done);
        if (store.PhysicallyDestroyed)
            return PdReply.Text(400, Destroyed(store.Id));
        var left = call.State.Stores.Count(s => s.State == 0) - 1;
        var need = (int)call.State.Replication.MaxReplicas;
        if (store.State == 0 && left < need && !destroyed)
            return PdReply.Text(400, PdErrors.StoresNotEnough(store.Id, left, need));
        return Change(call, store with { State = 1, NodeState = 2, PhysicallyDestroyed = destroyed }, done);
    }

    private static string Destroyed(ulong id) =>
        $"[PD:core:ErrStoreDestroyed]store {id} has been physically destroyed";

    private static HttpReply SetState(PdCall call, PdStoreMeta store, string state)
    {
        if (store.State == 2)
            return PdReply.Text(410, PdErrors.StoreRemoved(store.Id));
        const string Done = "The store's state is updated.";
        return state.ToUpperInvariant() switch
        {
            "UP" => store.PhysicallyDestroyed ? PdReply.Text(400, Destroyed(store.Id))
                : Change(call, store with { State = 0, NodeState = 1 }, Done),
            "OFFLINE" => Retire(call, store, destroyed: false, Done),
            _ => PdReply.Text(400, $"invalid state {state}"),
        };
    }

    private static HttpReply SetLabels(PdCall call, PdStoreMeta store)
    {
        if (call.BodyObject() is not { } body)
            return PdReply.Fault(400, "input", "invalid character in the labels: expected an object of strings");
        var labels = (store.Labels ?? []).ToList();
        foreach (var (key, value) in body)
        {
            labels.RemoveAll(l => string.Equals(l.Key, key, StringComparison.OrdinalIgnoreCase));
            if (value?.ToString() is { Length: > 0 } text)
                labels.Add(new PdStoreLabel { Key = key, Value = text });
        }

        return Change(call, store with { Labels = labels }, "The store's label is updated.");
    }

    private static HttpReply Change(PdCall call, PdStoreMeta store, string done) =>
        call.Ensemble.Commit(state => state.Replace(store)) ? PdReply.Text(200, done) : PdReply.NotCommitted;

    private static HttpReply RemoveTombstones(PdCall call) =>
        call.Ensemble.Commit(state => state.Stores.RemoveAll(s => s.State == 2))
            ? PdReply.Text(200, "Remove tombstone successfully.")
            : PdReply.NotCommitted;

    private static HttpReply Labels(PdCall call) => PdReply.Ok(
        [.. call.State.Stores.SelectMany(s => s.Labels ?? []).Distinct()
            .OrderBy(l => l.Key, StringComparer.Ordinal).ThenBy(l => l.Value, StringComparer.Ordinal)],
        j => j.IReadOnlyListPdStoreLabel);
}
