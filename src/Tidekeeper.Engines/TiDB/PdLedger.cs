using System.Text.Json.Nodes;

namespace Tidekeeper.Engines.TiDB;

/// <summary>
/// Who may be, and who becomes, a member of this PD cluster. It is kept in ConfigMap <c>{cluster}-pd-members</c> and
/// written through the API before anybody acts on it, so that a discovery process that dies, is doubled, or answers
/// late cannot let a second cluster begin.
/// </summary>
/// <param name="OwnerUid">The UID of the TidbCluster that the ConfigMap belongs to.</param>
/// <param name="ResourceVersion">The precondition of the next write; empty for a ledger that is yet to be made.</param>
/// <param name="Seed">The member that begins the cluster; null when the cluster began before there was a
/// ledger.</param>
/// <param name="Joining">The last member that was let in; null when none has been.</param>
public sealed record PdLedger(string OwnerUid, string ResourceVersion, LedgerEntry? Seed, LedgerEntry? Joining)
{
    private const string SeedKey = "seed";
    private const string JoiningKey = "joining";

    /// <summary>The ConfigMap's name.</summary>
    public static string NameFor(string cluster) => $"{cluster}-pd-members";

    /// <summary>
    /// Reads the ConfigMap; throws <see cref="FormatException"/> when somebody has written nonsense into it.
    /// </summary>
    public static PdLedger Read(JsonObject configMap)
    {
        var owners = configMap["metadata"]?["ownerReferences"]?.AsArray();
        var owner = owners?.Select(one => (string?)one?["uid"]).FirstOrDefault();
        return new PdLedger(
            owner ?? "",
            (string?)configMap["metadata"]?["resourceVersion"] ?? "",
            LedgerEntry.Read((string?)configMap["data"]?[SeedKey]),
            LedgerEntry.Read((string?)configMap["data"]?[JoiningKey]));
    }

    /// <summary>The ConfigMap of this ledger, owned by the cluster.</summary>
    public JsonObject Write(DiscoveryCluster cluster)
    {
        var metadata = new JsonObject
        {
            ["name"] = NameFor(cluster.Name),
            ["namespace"] = cluster.Namespace,
            ["labels"] = new JsonObject
            {
                ["app.kubernetes.io/name"] = "tidb-cluster",
                ["app.kubernetes.io/managed-by"] = "tidb-operator",
                ["app.kubernetes.io/instance"] = cluster.Name,
                ["app.kubernetes.io/component"] = "discovery"
            },
            ["ownerReferences"] = new JsonArray(new JsonObject
            {
                ["apiVersion"] = "pingcap.com/v1alpha1",
                ["kind"] = "TidbCluster",
                ["name"] = cluster.Name,
                ["uid"] = cluster.Uid,
                // No blockOwnerDeletion: discovery would have to be allowed to set the cluster's finalizers.
                ["controller"] = true
            })
        };
        if (ResourceVersion.Length > 0)
            metadata["resourceVersion"] = ResourceVersion;
        var data = new JsonObject();
        if (Seed is not null)
            data[SeedKey] = Seed.ToString();
        if (Joining is not null)
            data[JoiningKey] = Joining.ToString();
        return new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "ConfigMap",
            ["metadata"] = metadata,
            ["data"] = data
        };
    }
}

/// <summary>A member on record: its pod and the claim that holds its data.</summary>
public sealed record LedgerEntry(string PodName, string ClaimUid)
{
    /// <summary><c>pod claim-uid</c>.</summary>
    public override string ToString() => $"{PodName} {ClaimUid}";

    internal static LedgerEntry? Read(string? text)
    {
        if (text is null)
            return null;
        return text.Split(' ') is [{ Length: > 0 } pod, { Length: > 0 } uid]
            ? new LedgerEntry(pod, uid)
            : throw new FormatException($"'{text}' is not 'POD CLAIM-UID'");
    }
}

/// <summary>One write of the ledger.</summary>
/// <param name="Creates">
/// True: create, which fails when it exists by now. False: replace, which fails when it was changed since (the
/// ConfigMap carries its resource version).
/// </param>
/// <param name="ConfigMap">The whole document.</param>
public sealed record LedgerWrite(bool Creates, JsonObject ConfigMap);
