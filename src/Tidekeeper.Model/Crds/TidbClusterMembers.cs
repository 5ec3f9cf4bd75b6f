using System.Text.Json.Serialization;

namespace Tidekeeper.Model.Crds;

/// <summary>The status of PD.</summary>
public sealed record PdComponentStatus : ComponentStatus
{
    /// <summary>Members that belong to this cluster's pods, by name.</summary>
    public SortedDictionary<string, PdMemberStatus>? Members { get; init; }

    /// <summary>Members that belong to others, by name.</summary>
    public SortedDictionary<string, PdMemberStatus>? PeerMembers { get; init; }

    /// <summary>The member that leads.</summary>
    public PdMemberStatus? Leader { get; init; }

    /// <summary>The wish for a leader that was fulfilled last, so that it is fulfilled once.</summary>
    public string? LeaderWish { get; init; }

    /// <summary>Members that are lost, by pod.</summary>
    public SortedDictionary<string, PdFailureMember>? FailureMembers { get; init; }

    /// <summary>Pods that are no members yet, by pod.</summary>
    public SortedDictionary<string, UnjoinedMember>? UnjoinedMembers { get; init; }
}

/// <summary>One member of PD.</summary>
public sealed record PdMemberStatus
{
    public string Name { get; init => field = value ?? ""; } = "";

    /// <summary>Its id in decimal digits, since it is larger than JSON numbers can be.</summary>
    public string Id { get; init => field = value ?? ""; } = "";
    public string? ClientURL { get; init; }
    public bool Health { get; init; }

    /// <summary>The node on which it last served.</summary>
    public string? Node { get; init; }

    /// <summary>The claim with which it last served; another claim is another disk.</summary>
    public string? ClaimUID { get; init; }
    public DateTimeOffset? LastTransitionTime { get; init; }
}

/// <summary>A member that is lost, or may be.</summary>
public abstract record FailureRecord
{
    public string? PodName { get; init; }

    /// <summary>
    /// <c>Suspect</c> until it has lasted long enough, <c>Confirmed</c> when it has, <c>Replacing</c> while another
    /// does its part or is being made, <c>Cleaning</c> when it serves again and what was added leaves.
    /// </summary>
    [Values("Suspect", "Confirmed", "Replacing", "Cleaning")]
    public string? Phase { get; init; }

    /// <summary>What speaks for it, as a sentence.</summary>
    public string? Why { get; init; }

    /// <summary>Since when it is suspected.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>Since when it is in this phase.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Whether its node is not ready, or gone.</summary>
    public bool? HostDown { get; init; }

    /// <summary>Whether one replica more than declared was added for it.</summary>
    public bool? Additional { get; init; }
}

/// <summary>A member of PD that is lost, or may be.</summary>
public sealed record PdFailureMember : FailureRecord
{
    public string? MemberID { get; init; }

    /// <summary>Whether PD has been told to forget it.</summary>
    public bool? MemberDeleted { get; init; }
}

/// <summary>A SQL server that is lost, or may be.</summary>
public sealed record TidbFailureMember : FailureRecord;

/// <summary>A pod that is no member yet.</summary>
public sealed record UnjoinedMember
{
    public string? PodName { get; init; }
    public DateTimeOffset? CreatedAt { get; init; }
}

/// <summary>The status of TiKV.</summary>
public sealed record TikvComponentStatus : ComponentStatus
{
    /// <summary>Whether PD knows any store, which is so for ever once the first has come.</summary>
    [JsonPropertyName("bootStrapped")]
    public bool? Bootstrapped { get; init; }

    /// <summary>Stores of this cluster's pods, by id.</summary>
    public SortedDictionary<string, StoreStatus>? Stores { get; init; }

    /// <summary>Stores of others, by id.</summary>
    public SortedDictionary<string, StoreStatus>? PeerStores { get; init; }

    /// <summary>Stores that are gone, by id.</summary>
    public SortedDictionary<string, StoreStatus>? TombstoneStores { get; init; }

    /// <summary>Stores that are lost, by id.</summary>
    public SortedDictionary<string, FailureStore>? FailureStores { get; init; }

    /// <summary>Names the present batch of replacements.</summary>
    public string? FailoverUID { get; init; }

    /// <summary>Stores that the operator has sent away and that PD empties, by id.</summary>
    public SortedDictionary<string, LeavingStore>? LeavingStores { get; init; }

    /// <summary>Stores whose leaders are moved away or come back, by pod.</summary>
    public SortedDictionary<string, EvictLeaderStatus>? EvictLeader { get; init; }
}

/// <summary>The status of TiFlash.</summary>
public sealed record TiflashComponentStatus : ComponentStatus
{
    /// <summary>Stores of this cluster's pods, by id.</summary>
    public SortedDictionary<string, StoreStatus>? Stores { get; init; }

    /// <summary>Stores of others, by id.</summary>
    public SortedDictionary<string, StoreStatus>? PeerStores { get; init; }

    /// <summary>Stores that are gone, by id.</summary>
    public SortedDictionary<string, StoreStatus>? TombstoneStores { get; init; }

    /// <summary>Stores that are lost, by id.</summary>
    public SortedDictionary<string, FailureStore>? FailureStores { get; init; }

    /// <summary>Names the present batch of replacements.</summary>
    public string? FailoverUID { get; init; }

    /// <summary>Stores that the operator has sent away and that PD empties, by id.</summary>
    public SortedDictionary<string, LeavingStore>? LeavingStores { get; init; }
}

/// <summary>One store.</summary>
public sealed record StoreStatus
{
    public string Id { get; init => field = value ?? ""; } = "";
    public string? PodName { get; init; }

    /// <summary>Its host name or address.</summary>
    public string? Ip { get; init; }

    /// <summary>
    /// As PD says: <c>Up</c>, <c>Disconnected</c>, <c>Down</c>, <c>Offline</c> or <c>Tombstone</c>.
    /// </summary>
    public string State { get; init => field = value ?? ""; } = "";

    /// <summary>The node on which it last served.</summary>
    public string? Node { get; init; }

    /// <summary>The claim with which it last served; another claim is another disk.</summary>
    public string? ClaimUID { get; init; }
    public DateTimeOffset? LastTransitionTime { get; init; }
}

/// <summary>A store that is lost, or may be.</summary>
public sealed record FailureStore : FailureRecord
{
    public string? StoreID { get; init; }

    /// <summary>Whether PD has been told that its data is gone.</summary>
    public bool? StoreDeleted { get; init; }
}

/// <summary>A store that leaves.</summary>
public sealed record LeavingStore
{
    public string? PodName { get; init; }
    public DateTimeOffset? Since { get; init; }

    /// <summary>Regions that it had when it was sent away.</summary>
    public int RegionsBefore { get; init; }
}

/// <summary>A store whose leaders are kept away for a while.</summary>
public sealed record EvictLeaderStatus
{
    /// <summary>When its pod was made.</summary>
    public DateTimeOffset? PodCreateTime { get; init; }

    /// <summary>Since when leaders leave.</summary>
    public DateTimeOffset? BeginTime { get; init; }

    /// <summary>Since when they may return; absent before that.</summary>
    public DateTimeOffset? EndTime { get; init; }

    /// <summary>
    /// What for: <c>restart</c>, <c>drain</c>, the pod's annotation, or <c>unknown</c> when the operator did not begin
    /// it.
    /// </summary>
    public string? Value { get; init; }

    public int LeaderCountBefore { get; init; }

    /// <summary>As of <c>lastProgressTime</c>.</summary>
    public int LeadersLeft { get; init; }

    /// <summary>When leaders were last seen to leave; told every three seconds at most.</summary>
    public DateTimeOffset? LastProgressTime { get; init; }
}

/// <summary>The status of TiDB.</summary>
public sealed record TidbComponentStatus : ComponentStatus
{
    /// <summary>Servers, by pod.</summary>
    public SortedDictionary<string, TidbMemberStatus>? Members { get; init; }

    /// <summary>Servers that are lost, by pod.</summary>
    public SortedDictionary<string, TidbFailureMember>? FailureMembers { get; init; }

    /// <summary>Whether root has its random password.</summary>
    public bool? PasswordInitialized { get; init; }
}

/// <summary>One SQL server.</summary>
public sealed record TidbMemberStatus
{
    public string Name { get; init => field = value ?? ""; } = "";
    public bool Health { get; init; }

    /// <summary>The node that it runs on.</summary>
    public string? Node { get; init; }
    public DateTimeOffset? LastTransitionTime { get; init; }
}
