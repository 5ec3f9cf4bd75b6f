using System.Text.Json.Nodes;
using Tidekeeper.Model.Admin.TiDB;
using Tidekeeper.Playground.Network;

namespace Tidekeeper.Playground.Databases.TiDB.Pd;

/// <summary>Members, leadership, health and identity.</summary>
internal static class PdClusterApi
{
    public static HttpReply? Answer(PdCall call) => (call.Method, call.Path) switch
    {
        ("GET", ["members"]) => PdReply.Ok(Members(call), j => j.PdMembers),
        ("GET", ["health"]) => PdReply.Ok(Health(call), j => j.IReadOnlyListPdMemberHealth),
        ("GET", ["leader"]) => PdReply.Ok(LeaderMember(call), j => j.PdMember),
        ("POST", ["leader", "transfer", var name]) => Transfer(call, name),
        ("POST", ["leader", "resign"]) => Transfer(call, null),
        ("DELETE", ["members", "name", var name]) => Remove(call, m => m.Name == name, name),
        ("DELETE", ["members", "id", var id]) => Remove(call, m => m.MemberId == call.Id(id), id),
        ("GET", ["version"]) => PdReply.Ok(new PdVersion { Version = call.Leader.Version }, j => j.PdVersion),
        ("GET", ["status"]) => PdReply.Ok(Build(call)),
        ("GET", ["cluster"]) => PdReply.Ok(Cluster(call), j => j.PdCluster),
        ("GET", ["cluster", "status"]) => PdReply.Ok(ClusterStatus(call), j => j.PdClusterStatus),
        ("GET", ["admin", "cluster", "markers", "snapshot-recovering"]) =>
            PdReply.Ok(new JsonObject { ["marked"] = false }),
        ("GET", ["ping"]) => PdReply.Null,
        _ => null,
    };

    private static PdMember LeaderMember(PdCall call) =>
        call.State.Members.Find(m => m.MemberId == call.Leader.MemberId) ?? new PdMember();

    private static PdMembers Members(PdCall call) => new()
    {
        Header = new PdHeader { ClusterId = call.Ensemble.ClusterId },
        Members = call.State.Members,
        Leader = LeaderMember(call),
        EtcdLeader = LeaderMember(call),
    };

    private static IReadOnlyList<PdMemberHealth> Health(PdCall call) =>
    [
        .. call.State.Members.Select(m => new PdMemberHealth
        {
            Name = m.Name,
            MemberId = m.MemberId,
            ClientUrls = m.ClientUrls,
            Health = call.Ensemble.Running(m.MemberId) is { } replica && call.Leader.Reaches(replica),
        }),
    ];

    private static HttpReply Transfer(PdCall call, string? name)
    {
        // Handing the leadership to who has it is no error.
        if (name == call.Leader.Name || call.Ensemble.TransferLeader(name, call.Now))
            return PdReply.Null;
        return PdReply.Text(500, PdErrors.NoTransferTarget);
    }

    private static HttpReply Remove(PdCall call, Func<PdMember, bool> which, string asked)
    {
        if (call.State.Members.FirstOrDefault(which) is not { } member)
            return PdReply.Text(404, PdErrors.MemberNotFound(asked));
        return call.Ensemble.RemoveMember(member.MemberId) is { } refusal
            ? PdReply.Text(500, refusal)
            : PdReply.Text(200, PdErrors.MemberRemoved(asked));
    }

    private static JsonObject Build(PdCall call) => new()
    {
        ["build_ts"] = "None",
        ["version"] = call.Leader.Version,
        ["git_hash"] = Release.GitHash,
        ["start_timestamp"] = call.Leader.Started.ToUnixTimeSeconds(),
    };

    private static PdCluster Cluster(PdCall call) => new()
    {
        Id = call.Ensemble.ClusterId,
        MaxPeerCount = (int)call.State.Replication.MaxReplicas,
    };

    private static PdClusterStatus ClusterStatus(PdCall call) => new()
    {
        RaftBootstrapTime = call.State.BootstrappedAt ?? DateTimeOffset.MinValue,
        IsInitialized = call.IsBootstrapped,
    };
}
