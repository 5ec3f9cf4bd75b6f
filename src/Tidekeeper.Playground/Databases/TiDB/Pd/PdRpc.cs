using System.Globalization;
using System.Text.Json.Nodes;
using Tidekeeper.Model.Admin.TiDB;
using Tidekeeper.Playground.Databases.TiDB.Stores;
using Tidekeeper.Playground.Network;

namespace Tidekeeper.Playground.Databases.TiDB.Pd;

/// <summary>
/// What the real programs ask PD over gRPC, under the same paths, with JSON in place of protobuf. A refusal is status
/// 400 with the text of PD's error as the body.
/// </summary>
internal static class PdRpc
{
    public const string GetMembers = "/pdpb.PD/GetMembers";
    public const string AllocId = "/pdpb.PD/AllocID";
    public const string PutStore = "/pdpb.PD/PutStore";
    public const string StoreHeartbeat = "/pdpb.PD/StoreHeartbeat";
    public const string MemberAdd = "/etcdserverpb.Cluster/MemberAdd";

    /// <summary>What <c>pd-recover</c> writes: <c>cluster_id</c> and <c>alloc_id</c>, as text.</summary>
    public const string Recover = "/etcdserverpb.KV/Txn";

    public static bool Owns(string path) => path is GetMembers or AllocId or PutStore or StoreHeartbeat
        or MemberAdd or Recover;

    public static HttpReply Answer(string path, PdCall call)
    {
        if (call.Method != "POST" || call.BodyObject() is not { } body)
            return PdReply.NotAllowed;
        return path switch
        {
            GetMembers => PdReply.Ok(Identity(call)),
            AllocId => PdReply.Ok(new JsonObject { ["id"] = call.Ensemble.NextId() }),
            PutStore => Put(call, body),
            StoreHeartbeat => Beat(call, body),
            Recover => Restore(call, body),
            _ => Join(call, body),
        };
    }

    private static JsonObject Identity(PdCall call) => new()
    {
        ["cluster_id"] = call.Ensemble.ClusterId,
        ["is_bootstrapped"] = call.IsBootstrapped,
        ["up_stores"] = StoreView.All(call.Ensemble, call.Now).Count(s => s.IsUp && !s.IsTiFlash),
    };

    private static HttpReply Refuse(string why) => new(400, why, "text/plain");

    private static HttpReply Put(PdCall call, JsonObject body)
    {
        if ((ulong)body["cluster_id"]! != call.Ensemble.ClusterId)
            return Refuse($"mismatch cluster id, need {call.Ensemble.ClusterId} but got {body["cluster_id"]}");
        var id = (ulong)body["id"]!;
        var address = (string)body["address"]!;
        var known = call.State.Store(id);
        if (known?.State == 2)
            return Refuse($"store {id} is tombstone");
        var holder = call.State.Stores.Find(s =>
            s.Id != id && s.Address == address && s.State != 2 && !s.PhysicallyDestroyed);
        if (holder is not null)
            return Refuse($"duplicated store address: id:{id} address:\"{address}\" , already registered by "
                + $"id:{holder.Id} address:\"{holder.Address}\" version:\"{holder.Version}\" ");
        var store = Register(call, body, known ?? new PdStoreMeta { Id = id, NodeState = 1 });
        var bootstraps = !call.IsBootstrapped && store.Labels?.Any(l => l.Value == "tiflash") != true;
        if (!call.IsBootstrapped && !bootstraps)
            return Refuse("cluster is not bootstrapped");
        var committed = call.Ensemble.Commit(state =>
        {
            state.Replace(store);
            if (bootstraps)
                state.BootstrappedAt = call.Now;
        });
        if (!committed)
            return Refuse("no leader");
        if (bootstraps)
            Bootstrap(call.Ensemble, id);
        return PdReply.Ok(new JsonObject());
    }

    private static PdStoreMeta Register(PdCall call, JsonObject body, PdStoreMeta known)
    {
        var labels = (known.Labels ?? []).ToList();
        foreach (var (key, value) in body["labels"]?.AsObject() ?? [])
        {
            labels.RemoveAll(l => l.Key == key);
            labels.Add(new PdStoreLabel { Key = key, Value = (string)value! });
        }

        return known with
        {
            Address = (string)body["address"]!,
            PeerAddress = (string?)body["peer_address"],
            StatusAddress = (string?)body["status_address"],
            Version = (string)body["version"]!,
            GitHash = Release.GitHash,
            StartTimestamp = call.Now.ToUnixTimeSeconds(),
            Labels = labels.Count > 0 ? labels : null,
        };
    }

    /// <summary>
    /// A fresh cluster has many regions of system tables; ranges without rows stand for them. The first store holds
    /// the only peer of every region; PD adds the others as stores come.
    /// </summary>
    private static void Bootstrap(PdEnsemble ensemble, ulong storeId)
    {
        var node = ensemble.Stores.Running(storeId);
        var start = "";
        var last = ensemble.Stores.Scale.Regions - 1;
        var digits = "D" + Math.Max(2, last.ToString(CultureInfo.InvariantCulture).Length);
        foreach (var end in Enumerable.Range(1, last)
            .Select(n => "m/" + n.ToString(digits, CultureInfo.InvariantCulture)).Append(""))
        {
            var region = new Region { Id = ensemble.NextId(), Start = start, End = end, Index = 1 };
            region.LeaderStore = storeId;
            region.Peers.Add(new Peer { Id = ensemble.NextId(), StoreId = storeId, Index = 1 });
            ensemble.Stores.Regions.Add(region);
            node?.WriteAll(region);
            start = end;
        }
    }

    private static HttpReply Beat(PdCall call, JsonObject body)
    {
        var id = (ulong)body["id"]!;
        if (call.State.Store(id) is not { } store)
            return Refuse($"invalid store ID {id}, not found");
        if (store.State == 2)
            return Refuse($"store {id} is tombstone");
        var before = call.Ensemble.Health.StateName(store, call.State, call.Now);
        var started = DateTimeOffset.FromUnixTimeMilliseconds((long)body["started"]!);
        call.Ensemble.Health.Beat(id,
            new Heartbeat(call.Now, started, (long)body["capacity"]!, (long)body["used"]!));
        if (before != PdStoreState.Up)
            call.Ensemble.Scheduling.Wake();
        return PdReply.Ok(new JsonObject());
    }

    private static HttpReply Restore(PdCall call, JsonObject body)
    {
        if (call.Id(body["cluster_id"]?.ToString() ?? "") is not { } cluster
            || call.Id(body["alloc_id"]?.ToString() ?? "") is not { } allocated)
            return Refuse("please specify -cluster-id and -alloc-id");
        return call.Ensemble.Recover(cluster, allocated, call.Now)
            ? PdReply.Text(200, "recover success! please restart the PD cluster")
            : Refuse("no leader");
    }

    private static HttpReply Join(PdCall call, JsonObject body)
    {
        var name = (string)body["name"]!;
        if (call.State.Members.Exists(m => m.Name.Length == 0))
            return Refuse("there is a member that has not joined successfully");
        if (call.State.Members.Exists(m => m.Name == name))
            return Refuse("missing data or join a duplicated pd");
        var member = new PdMember
        {
            MemberId = ulong.Parse((string)body["member_id"]!, CultureInfo.InvariantCulture),
            PeerUrls = [(string)body["peer_url"]!],
        };
        if (call.Ensemble.AddMember(member) is { } refusal)
            return Refuse(refusal);
        var others = call.State.Members.Where(m => m.Name.Length > 0).Select(m => $"{m.Name}={m.PeerUrls[0]}");
        return PdReply.Ok(new JsonObject
        {
            ["cluster_id"] = call.Ensemble.ClusterId,
            ["initial_cluster"] = string.Join(',', others.Append($"{name}={member.PeerUrls[0]}")),
        });
    }
}
