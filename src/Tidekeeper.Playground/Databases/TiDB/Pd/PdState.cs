using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Tidekeeper.Model.Admin.TiDB;

namespace Tidekeeper.Playground.Databases.TiDB.Pd;

/// <summary>
/// What a PD cluster has agreed upon: the contents of its etcd. A state is never changed once it is committed; a
/// commit makes a new one, which members share.
/// </summary>
public sealed class PdState
{
    public List<PdMember> Members { get; set; } = [];

    /// <summary>Null until the first TiKV has bootstrapped the cluster.</summary>
    public DateTimeOffset? BootstrappedAt { get; set; }

    /// <summary>Identifiers below this one may have been handed out.</summary>
    public ulong IdLimit { get; set; } = 1;

    /// <summary>
    /// All stores that ever registered, in order of their ids; <c>State</c> is 0 Up, 1 Offline, 2 Tombstone.
    /// </summary>
    public List<PdStoreMeta> Stores { get; set; } = [];
    public PdReplication Replication { get; set; } = new();

    /// <summary>The section <c>schedule</c> of the configuration.</summary>
    public JsonObject Schedule { get; set; } = [];

    /// <summary>Everything of the configuration that is not replication or schedule, as clients set it.</summary>
    public JsonObject Settings { get; set; } = [];

    /// <summary>Names without those of evict-leader, in ordinal order.</summary>
    public List<string> Schedulers { get; set; } =
        ["balance-hot-region-scheduler", "balance-leader-scheduler", "balance-region-scheduler",
            "evict-slow-store-scheduler"];

    /// <summary>Stores that must not lead regions.</summary>
    public SortedSet<ulong> EvictedStores { get; set; } = [];

    /// <summary>After so long without a heartbeat PD replaces the store's peers.</summary>
    internal TimeSpan MaxStoreDownTime =>
        GoDuration.Parse((string?)Schedule["max-store-down-time"]) ?? TimeSpan.FromMinutes(30);

    public PdStoreMeta? Store(ulong id) => Stores.Find(s => s.Id == id);

    public void Replace(PdStoreMeta store)
    {
        Stores.RemoveAll(s => s.Id == store.Id);
        Stores.Add(store);
        Stores.Sort((a, b) => a.Id.CompareTo(b.Id));
    }
}

/// <summary>What a member writes to its volume: who it is, and how far it has followed.</summary>
public sealed record PdIdentity
{
    public ulong ClusterId { get; init; }
    public ulong MemberId { get; init; }
    public string Name { get; init; } = "";
}

/// <summary>A committed state with its number in raft's log.</summary>
public sealed record PdSnapshot(long Index, PdState State);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(PdSnapshot))]
[JsonSerializable(typeof(PdIdentity))]
internal sealed partial class PdStateJson : JsonSerializerContext;
