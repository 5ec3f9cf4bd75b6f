using System.Text.Json.Serialization;

namespace Tidekeeper.Model.Admin.TiDB;

/// <summary>Answer of <c>GET /pd/api/v1/members</c>.</summary>
public sealed record PdMembers
{
    public PdHeader Header { get; init; } = new();
    public IReadOnlyList<PdMember> Members { get; init; } = [];

    /// <summary>The PD leader; absent while there is none.</summary>
    public PdMember? Leader { get; init; }

    /// <summary>The leader of the embedded etcd; PD makes the two coincide.</summary>
    public PdMember? EtcdLeader { get; init; }
}

public sealed record PdHeader
{
    public ulong ClusterId { get; init; }
}

/// <summary>One PD member; also the answer of <c>GET /pd/api/v1/leader</c>.</summary>
public sealed record PdMember
{
    public string Name { get; init; } = "";
    public ulong MemberId { get; init; }
    public IReadOnlyList<string> PeerUrls { get; init; } = [];
    public IReadOnlyList<string> ClientUrls { get; init; } = [];

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? DeployPath { get; init; }

    /// <summary>Since v4, for example <c>v8.5.1</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? BinaryVersion { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? GitHash { get; init; }
}

/// <summary>One element of the answer of <c>GET /pd/api/v1/health</c>.</summary>
public sealed record PdMemberHealth
{
    public string Name { get; init; } = "";
    public ulong MemberId { get; init; }
    public IReadOnlyList<string> ClientUrls { get; init; } = [];
    public bool Health { get; init; }
}
