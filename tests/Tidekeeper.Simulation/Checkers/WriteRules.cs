using System.Text.Json.Nodes;
using Tidekeeper.Kube;
using Tidekeeper.Playground.Api;
using Tidekeeper.Simulation.Engine;

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

    /// <summary>Who holds the lease now.</summary>
    public required Func<LeaseHeld?> Lease { get; init; }

    public required Func<DateTimeOffset> Now { get; init; }

    public void Judge(Written written)
    {
        if (written.Answer.Status >= 300 || Broken is not null)
            return;
        Judged++;
        if (written.IsOfLease)
            return;
        var (who, request) = (written.Who, written.Request);
        Broken = DeleteWithoutUid(who, request) ?? SpecOfUser(who, request)
            ?? StrangersObject(who, request, written.Answer) ?? SecondWriter(written);
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
        if (request.Path.Contains("/persistentvolumeclaims/", StringComparison.Ordinal))
            return StrangersClaim(who, request, metadata);
        var owner = metadata?["ownerReferences"]?.AsArray().FirstOrDefault(o => (bool?)o?["controller"] == true);
        // A pod belongs to its StatefulSet, and is told what it was found to be when v1 made it.
        if ((string?)owner?["kind"] == "StatefulSet" && request.Path.Contains("/pods/", StringComparison.Ordinal))
        {
            var set = api.Get("apps/v1/statefulsets", (string)metadata!["namespace"]!, (string)owner["name"]!);
            owner = set?["metadata"]!["ownerReferences"]?.AsArray()
                .FirstOrDefault(o => (bool?)o?["controller"] == true);
        }

        if ((string?)owner?["kind"] != "TidbCluster")
            return ("S14", $"{who} sent {request} to an object that no TidbCluster controls");
        var ns = (string)metadata!["namespace"]!;
        var cluster = api.Get(Clusters, ns, (string)owner!["name"]!);
        var uid = (string?)cluster?["metadata"]?["uid"];
        return uid is not null && uid != (string?)owner["uid"]
            ? ("S14", $"{who} sent {request} to an object of an earlier cluster of that name")
            : null;
    }

    // Claims outlive their cluster, so nobody controls them; whose they are is said by their labels.
    private (string, string)? StrangersClaim(string who, KubeRequest request, JsonNode? metadata)
    {
        var instance = (string?)metadata?["labels"]?["app.kubernetes.io/instance"] ?? "";
        return instance.Length > 0 && api.Get(Clusters, (string)metadata!["namespace"]!, instance) is not null ? null
            : ("S14", $"{who} sent {request} to a claim of no TidbCluster that exists");
    }

    // Who no longer leads sends nothing. What was sent in time may come late all the same: then it must be such that
    // the server refuses it if somebody has been there meanwhile.
    private (string, string)? SecondWriter(Written written)
    {
        var (who, request) = (written.Who, written.Request);
        // Discovery is not elected: its ledger has a version of its own for a fence.
        if (!who.StartsWith("operator", StringComparison.Ordinal) || Lease() is not { } lease)
            return null;
        if (lease.Epoch == written.LeaseWhenSent?.Epoch)
        {
            return lease.Holder == who || Now() >= lease.Until ? null
                : ("S15", $"{who} sent {request} while {lease.Holder} holds the lease until {lease.Until:HH:mm:ss}");
        }

        if (!written.Changed || IsFenced(written))
            return null;
        return ("S15", $"{who} sent {request} in epoch {written.LeaseWhenSent?.Epoch}; it came in epoch "
            + $"{lease.Epoch} of {lease.Holder}, and carries no version that would have stopped it");
    }

    // A StatefulSet is where an old document can stop pods, and an old status is what the next plan would believe.
    // Anything else is put back at the next look without anybody having stopped; a delete has its UID, by S14. Who saw
    // no StatefulSet has no version to name: he says that there must be none.
    private static bool IsFenced(Written written)
    {
        var path = written.Request.Path;
        if (written.Request.Method == "DELETE" || !(path.Contains("/statefulsets/", StringComparison.Ordinal)
            || path.EndsWith("/status", StringComparison.Ordinal)))
            return true;
        var meant = JsonNode.Parse(written.Request.Body)?["metadata"];
        return meant?["resourceVersion"] is not null || meant?["deletionGracePeriodSeconds"] is not null;
    }
}
