using System.Text.Json.Nodes;
using Tidekeeper.Kube;
using Tidekeeper.Playground.Api;

namespace Tidekeeper.Simulation.Checkers;

/// <summary>
/// Judges every write of an operator as the server saw it: S14 (no delete without a UID, nothing that is not ours) and
/// S15 (never the user's spec; never two writers).
/// </summary>
public sealed class WriteRules(ApiClient api)
{
    private const string Clusters = "pingcap.com/v1alpha1/tidbclusters";

    /// <summary>The first rule that was broken, as (invariant, sentence).</summary>
    public (string Invariant, string Sentence)? Broken { get; private set; }

    /// <summary>How many writes were judged; a rule that was never asked proves nothing.</summary>
    public int Judged { get; private set; }

    /// <summary>Who holds the lease now, as (holder, until when), by the server's own record.</summary>
    public required Func<(string Holder, DateTimeOffset Until)?> Lease { get; init; }

    public required Func<DateTimeOffset> Now { get; init; }

    public void Judge(string who, KubeRequest request, KubeResponse answer)
    {
        if (answer.Status >= 300 || Broken is not null)
            return;
        Judged++;
        if (request.Path.Contains("/leases/", StringComparison.Ordinal)
            || request.Path.EndsWith("/leases", StringComparison.Ordinal))
            return;
        Broken = DeleteWithoutUid(who, request) ?? SpecOfUser(who, request)
            ?? StrangersObject(who, request, answer) ?? SecondWriter(who, request);
    }

    private static (string, string)? DeleteWithoutUid(string who, KubeRequest request)
    {
        if (request.Method != "DELETE")
            return null;
        var uid = (string?)JsonNode.Parse(request.Body)?["preconditions"]?["uid"];
        return uid is null ? ("S14", $"{who} sent {request} without a UID precondition") : null;
    }

    private static (string, string)? SpecOfUser(string who, KubeRequest request) =>
        request.Path.Contains("/tidbclusters", StringComparison.Ordinal)
        && !request.Path.EndsWith("/status", StringComparison.Ordinal)
            ? ("S15", $"{who} sent {request}, which can change the user's spec")
            : null;

    // What the operator applied must be controlled by a cluster that exists with that UID in that namespace.
    private (string, string)? StrangersObject(string who, KubeRequest request, KubeResponse answer)
    {
        if (request.Method is not ("PATCH" or "PUT" or "POST")
            || request.Path.Contains("/events", StringComparison.Ordinal)
            || request.Path.Contains("/tidbclusters", StringComparison.Ordinal))
            return null;
        var metadata = JsonNode.Parse(answer.Body)?["metadata"];
        var owner = metadata?["ownerReferences"]?.AsArray().FirstOrDefault(o => (bool?)o?["controller"] == true);
        if ((string?)owner?["kind"] != "TidbCluster")
            return ("S14", $"{who} sent {request} to an object that no TidbCluster controls");
        var ns = (string)metadata!["namespace"]!;
        var cluster = api.Get(Clusters, ns, (string)owner!["name"]!);
        var uid = (string?)cluster?["metadata"]?["uid"];
        return uid is not null && uid != (string?)owner["uid"]
            ? ("S14", $"{who} sent {request} to an object of an earlier cluster of that name")
            : null;
    }

    private (string, string)? SecondWriter(string who, KubeRequest request)
    {
        // Discovery is not elected: its ledger has a version of its own for a fence.
        if (!who.StartsWith("operator", StringComparison.Ordinal))
            return null;
        if (Lease() is not { } lease || lease.Holder == who || Now() >= lease.Until)
            return null;
        return ("S15", $"{who} sent {request} while {lease.Holder} holds the lease until {lease.Until:HH:mm:ss}");
    }
}
