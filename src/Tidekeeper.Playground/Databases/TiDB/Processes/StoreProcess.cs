using System.Text;
using System.Text.Json.Nodes;
using Tidekeeper.Playground.Databases.TiDB.Pd;
using Tidekeeper.Playground.Network;
using Tidekeeper.Playground.Nodes;

namespace Tidekeeper.Playground.Databases.TiDB.Processes;

/// <summary>
/// What TiKV and TiFlash have in common: they get an identity from PD once, keep it on their volume, refuse another
/// cluster, register, and send heartbeats.
/// </summary>
internal abstract class StoreProcess(DatabaseRegistry registry, ContainerContext context) : SimulatedProcess(context)
{
    private const string IdentityBlob = "store.json";
    private const long DefaultCapacity = 100L << 30;
    private static readonly TimeSpan HeartbeatInterval = TimeSpan.FromSeconds(10);
    private DateTimeOffset _started;
    private DateTimeOffset _nextBeat;
    private bool _serving;

    protected ulong StoreId { get; private set; }
    protected Database? Database { get; private set; }

    protected DateTimeOffset Started => _started;

    /// <summary>Whether the store has registered and works.</summary>
    protected bool IsServing => _serving;

    protected abstract string DataPath { get; }
    protected abstract int ServerPort { get; }
    protected abstract int StatusPort { get; }

    protected string Address => $"{OwnHost}:{ServerPort}";

    protected IVolume? Volume => VolumeAt(DataPath);

    protected override bool SeesNews => false;

    protected override DateTimeOffset? Work(DateTimeOffset now)
    {
        if (_serving)
        {
            var due = Serving(now);
            if (now >= _nextBeat)
                Beat(now);
            return due is { } at && at < _nextBeat ? at : _nextBeat;
        }

        if (Volume is null)
            Fail($"failed to create data directory {DataPath}", "error=\"no volume is mounted there\"");
        else
            FindCluster();
        return Now;
    }

    private void FindCluster() => Call(PdRpc.GetMembers, [], answer =>
    {
        var clusterId = (ulong)answer["cluster_id"]!;
        var known = Volume!.Read(IdentityBlob) is { } bytes ? JsonNode.Parse(bytes)!.AsObject() : null;
        if (known is null)
        {
            Call(PdRpc.AllocId, [], allocated => Register(clusterId, (ulong)allocated["id"]!));
            return;
        }

        if ((ulong)known["cluster_id"]! == clusterId)
            Register(clusterId, (ulong)known["store_id"]!);
        else
            Fail($"cluster ID mismatch, local {known["cluster_id"]} != remote {clusterId}, "
                + "you are trying to connect to another cluster, please reconnect to the correct PD");
    });

    private void Register(ulong clusterId, ulong storeId)
    {
        if (registry.Find(clusterId) is not { } database)
        {
            Fail($"PD answered with cluster id {clusterId}, but that PD does not run in this playground");
            return;
        }

        if (Attached(database, storeId))
        {
            Fail("lock of the data directory is held by another process", $"path={DataPath}");
            return;
        }

        (Database, StoreId) = (database, storeId);
        var identity = new JsonObject { ["cluster_id"] = clusterId, ["store_id"] = storeId };
        Volume!.Write(IdentityBlob, Encoding.UTF8.GetBytes(identity.ToJsonString()));
        Attach(database, storeId);
        var body = new JsonObject
        {
            ["cluster_id"] = clusterId,
            ["id"] = storeId,
            ["address"] = Address,
            ["peer_address"] = Address,
            ["status_address"] = $"{OwnHost}:{StatusPort}",
            ["version"] = Version.TrimStart('v'),
            ["labels"] = Labels(),
        };
        Call(PdRpc.PutStore, body, _ =>
        {
            _serving = true;
            _started = Now;
            Serve();
            Beat(Now);
        });
    }

    /// <summary>The smaller of the disk and of what the store was told; bytes.</summary>
    protected long Capacity
    {
        get
        {
            var told = ByteSize.Parse(Flags["capacity"] ?? Environment("CAPACITY"))
                ?? ByteSize.Parse(Config.FindText("raftstore.capacity"));
            var disk = Context.DiskSize(DataPath);
            return told is { } some && disk is { } all ? Math.Min(some, all) : told ?? disk ?? DefaultCapacity;
        }
    }

    private void Beat(DateTimeOffset now)
    {
        _nextBeat = now + HeartbeatInterval;
        var capacity = Capacity;
        var body = new JsonObject
        {
            ["id"] = StoreId,
            ["started"] = _started.ToUnixTimeMilliseconds(),
            ["capacity"] = capacity,
            ["used"] = Math.Min(capacity, Used()),
        };
        Ask(Pd.Host, Pd.Port, Post(PdRpc.StoreHeartbeat, body), reply =>
        {
            if (reply?.Status == 400)
                Fail("store heartbeat is refused", $"error=\"{reply.Body}\"");
            else if (reply?.Status != 200)
                Log("WARN", "PD failed to respond to a store heartbeat",
                    $"pd={Pd.Host}:{Pd.Port}", $"status={reply?.Status}");
        });
    }

    /// <summary>Asks PD, tries again later when it does not answer, and ends the process when it refuses.</summary>
    private void Call(string path, JsonObject body, Action<JsonObject> then) =>
        Ask(Pd.Host, Pd.Port, Post(path, body), reply =>
        {
            switch (reply?.Status)
            {
                case 200:
                    then(JsonNode.Parse(reply.Body)!.AsObject());
                    break;
                case 400:
                    Fail("failed to start node", $"error=\"{reply.Body}\"");
                    break;
                default:
                    Log("WARN", "PD failed to respond", $"endpoints={Pd.Host}:{Pd.Port}",
                        reply is null ? "error=no answer" : $"status={reply.Status}", $"body=\"{reply?.Body.Trim()}\"");
                    Withdraw();
                    Sleep(TimeSpan.FromSeconds(1));
                    break;
            }
        });

    private static HttpCall Post(string path, JsonObject body) =>
        new("POST", path, body.ToJsonString(), "application/json");

    private JsonObject Labels()
    {
        var labels = new JsonObject();
        var given = Flags["labels"] ?? Environment("STORE_LABELS");
        foreach (var pair in given.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            if (pair.Split('=', 2) is [var key, var value])
                labels[key] = value;
        }

        foreach (var (key, value) in Config.Entries("server.labels"))
            labels[key] = value;
        AddLabels(labels);
        return labels;
    }

    protected virtual void AddLabels(JsonObject labels) { }

    /// <summary>Whether another process already works for this store.</summary>
    protected abstract bool Attached(Database database, ulong storeId);

    protected abstract void Attach(Database database, ulong storeId);

    /// <summary>Undoes <see cref="Attach"/>; nothing to do when it was not done.</summary>
    protected abstract void Withdraw();

    /// <summary>Registered: opens ports.</summary>
    protected abstract void Serve();

    protected abstract DateTimeOffset? Serving(DateTimeOffset now);

    /// <summary>Bytes on disk.</summary>
    protected abstract long Used();

    protected override void Ended() => Withdraw();
}
