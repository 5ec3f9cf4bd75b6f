using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tidekeeper.Engines;
using Tidekeeper.Engines.TiDB;
using Tidekeeper.Kube;
using Tidekeeper.Kube.Http;
using Tidekeeper.Model.Kubernetes;

namespace Tidekeeper.Operator.Databases.TiDB;

/// <summary>
/// Answers <c>/new/{base64}</c> and <c>/verify/{base64}</c>. Keeps nothing in memory: every question is answered from
/// live reads, and what a grant promises is on record in the API before it is given.
/// </summary>
public sealed class DiscoveryService(KubeApi api, IDatabaseWire wire, OperatorLog log)
{
    /// <summary>Where PD pods ask.</summary>
    public const int Port = 10261;

    private readonly PdReader _pd = new(wire);

    public async Task<(int Status, string Text)> Answer(string path, CancellationToken cancel = default)
    {
        var parts = path.TrimStart('/').Split('/', 2);
        var text = parts.Length == 2 ? DiscoveryCaller.Decode(Uri.UnescapeDataString(parts[1])) : null;
        if (parts[0] is "" or "healthz")
            return (200, "ok");
        if (text is null || parts[0] is not ("new" or "verify"))
            return (400, $"'{path}' is neither /new/BASE64 nor /verify/BASE64");
        try
        {
            return parts[0] == "new" ? await New(text, cancel) : await Verify(text, cancel);
        }
        catch (KubeException e)
        {
            log.Warn("cannot answer", ("path", path), ("why", e.Message));
            return (503, e.Message);
        }
    }

    private async Task<(int, string)> New(string text, CancellationToken cancel)
    {
        if (DiscoveryCaller.Parse(text, out var problem) is not { } caller)
            return (400, problem);
        var stored = await ReadCluster(caller.Namespace, caller.ClusterName, cancel);
        var claims = await ReadClaims(caller, stored, cancel);
        var answer = Discovery.Answer(new DiscoverySeen
        {
            Caller = caller,
            Cluster = Known.Of(stored is null ? null : ClusterOf(stored)),
            Ledger = await ReadLedger(caller, cancel),
            Claims = claims,
            Members = await ReadMembers(stored, claims, cancel),
        });
        if (answer.Write is { } write && await Record(caller, write, cancel) is { } refusal)
            return (503, refusal);
        log.Info(answer.Status == 200 ? "granted" : "told to wait", ("pod", caller.Host), ("answer", answer.Text));
        return (answer.Status, answer.Text);
    }

    /// <summary>A component asks for the PD endpoints to use in place of the one it names.</summary>
    private async Task<(int, string)> Verify(string text, CancellationToken cancel)
    {
        var url = text.Contains("://", StringComparison.Ordinal) ? text : $"http://{text}";
        var seen = await _pd.Read([url], withSpread: false, cancel);
        var members = seen.Is(out var pd)
            ? Known.Of(MembersOf(pd))
            : Known.Unknown<IReadOnlyList<DiscoveryMember>>(seen.WhyUnknown);
        return (200, Discovery.Verify(text, members));
    }

    private async Task<StoredCluster?> ReadCluster(string ns, string name, CancellationToken cancel) =>
        (await api.Get(TidbEngine.TidbClusters, ns, name, StoredCluster.ReadCluster, cancel)).ValueOrAbsent;

    private static DiscoveryCluster ClusterOf(StoredCluster stored) => new()
    {
        Name = stored.Name,
        Namespace = stored.Namespace,
        Uid = stored.Uid,
        Created = stored.Created,
        Deleting = stored.Deleting is not null,
        ClusterId = stored.Cluster.Status?.ClusterID ?? "",
        JoinsOther = stored.Cluster.Spec is { Cluster: not null } or { PdAddresses.Count: > 0 },
    };

    private async Task<Known<PdLedger?>> ReadLedger(DiscoveryCaller caller, CancellationToken cancel)
    {
        var name = PdLedger.NameFor(caller.ClusterName);
        var answer = await api.Get(Resource.ConfigMaps, caller.Namespace, name, Document, cancel);
        if (answer.IsNotFound)
            return Known.Of<PdLedger?>(null);
        try
        {
            return Known.Of<PdLedger?>(PdLedger.Read(answer.Value));
        }
        catch (FormatException e)
        {
            return Known.Unknown<PdLedger?>($"ConfigMap {name}: {e.Message}");
        }
    }

    private async Task<Known<IReadOnlyList<DiscoveryClaim>>> ReadClaims(
        DiscoveryCaller caller, StoredCluster? stored, CancellationToken cancel)
    {
        var instance = stored?.Cluster.Metadata.Instance ?? caller.ClusterName;
        List<DiscoveryClaim> claims = [];
        var options = new ListOptions { LabelSelector = $"{Labels.Instance}={instance}", Limit = 500 };
        do
        {
            var page = await api.List(Resource.Claims, caller.Namespace, options, ObservedClaim.Read, cancel);
            if (page.Refusal is { } refusal)
                return Known.Unknown<IReadOnlyList<DiscoveryClaim>>(refusal.Message);
            claims.AddRange(page.Value.Items.Select(c =>
                new DiscoveryClaim(c.Name, c.Uid, c.Component, c.Created, c.DeferDeleting.Length > 0)));
            options = options with { Continue = page.Value.Continue };
        }
        while (options.Continue.Length > 0);
        return Known.Of<IReadOnlyList<DiscoveryClaim>>(claims);
    }

    /// <summary>Through the service, then through every member that a claim hints at.</summary>
    private async Task<Known<IReadOnlyList<DiscoveryMember>>> ReadMembers(
        StoredCluster? stored, Known<IReadOnlyList<DiscoveryClaim>> claims, CancellationToken cancel)
    {
        if (stored is null)
            return Known.Unknown<IReadOnlyList<DiscoveryMember>>("there is no cluster");
        var cluster = stored.Cluster;
        List<string> roots = [TidbNames.PdUrl(cluster)];
        if (claims.Is(out var list))
            roots.AddRange(list.Where(c => c.Component == "pd" && c.Name.StartsWith("pd-", StringComparison.Ordinal))
                .Select(c => TidbNames.PdMemberUrl(cluster, c.Name["pd-".Length..])));
        var seen = await _pd.ReadMembers(roots, cancel);
        return seen.Is(out var members)
            ? Known.Of<IReadOnlyList<DiscoveryMember>>([.. members.Select(MemberOf)])
            : Known.Unknown<IReadOnlyList<DiscoveryMember>>(seen.WhyUnknown);
    }

    private static IReadOnlyList<DiscoveryMember> MembersOf(PdSeen pd) => [.. pd.Members.Select(MemberOf)];

    private static DiscoveryMember MemberOf(PdMemberSeen m) => new(m.Name, m.PeerUrls, m.ClientUrls, m.Healthy);

    /// <summary>Puts a grant on record; returns why that failed, null when it did not.</summary>
    private async Task<string?> Record(DiscoveryCaller caller, LedgerWrite write, CancellationToken cancel)
    {
        var name = PdLedger.NameFor(caller.ClusterName);
        var answer = write.Creates
            ? await api.Create(Resource.ConfigMaps, caller.Namespace, write.ConfigMap, _ => true, cancel)
            : await api.Replace(Resource.ConfigMaps, caller.Namespace, name, write.ConfigMap, _ => true, cancel);
        return answer.Refusal is { } refusal
            ? string.Create(CultureInfo.InvariantCulture,
                $"ConfigMap {name} could not be written ({refusal.Status} {refusal.Message}); ask again")
            : null;
    }

    private static JsonObject Document(JsonElement item) => JsonObject.Create(item.Clone())!;
}
