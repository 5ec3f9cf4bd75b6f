using System.Text;
using System.Text.Json.Nodes;
using Tidekeeper.Model;
using Tidekeeper.Model.Admin.TiDB;
using Tidekeeper.Model.Kubernetes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Simulation.Checkers;

/// <summary>Judges what takes members, data and replicas away, or adds some for those that failed.</summary>
internal sealed class RemovalRules(SimulatedCluster cluster, string name, Members members, Absences absences)
{
    private const string Ns = SimulatedCluster.Namespace;
    private const int MostAdditional = 3;

    /// <summary>How long a member must have failed before somebody takes its place; less what a look takes.</summary>
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(5) - TimeSpan.FromSeconds(10);

    /// <summary>For how long an operator may act upon a spec that has changed.</summary>
    private static readonly TimeSpan Outdated = TimeSpan.FromMinutes(3);

    private readonly SortedDictionary<(string Component, long Replicas), DateTimeOffset> _declared = [];

    /// <summary>Looks at the spec; called at every step.</summary>
    public void Note()
    {
        foreach (var component in (string[])["pd", "tikv", "tiflash", "tidb"])
            _declared[(component, members.Declared(component))] = cluster.Time.Now;
    }

    // S2 and S12: the majority remains; one that is wanted goes only when it has failed for long or has lost its data.
    public (string, string)? RemoveMember(PdMember member)
    {
        var left = members.Voters.Where(other => other != member).ToList();
        var alive = left.Count(members.Runs);
        if (members.Runs(member) && alive < (left.Count / 2) + 1)
            return ("S2", $"{member.Name} is removed and {alive} of the {left.Count} members left are alive");
        if (members.LeadsPd(member.Name) && left.Count > 0)
            return ("S2", $"{member.Name} is removed while it leads");
        var failed = absences.AsSeen(member.Name, cluster.AreViewsFresh) >= Period
            || (!members.Runs(member) && !HasDataOf(member));
        return Ordinal(member.Name) >= RecentlyDeclared("pd").Min() || failed || member.Name == "" ? null
            : ("S12", $"{member.Name} is removed though it is wanted and has been away for "
                + $"{absences.Of(member.Name).TotalSeconds:0} s only");
    }

    // S7: PD keeps its replicas; one that is wanted is given up only when its data is gone for certain.
    public (string, string)? RemoveStore(PdStoreMeta store, bool isForced, bool areViewsFresh)
    {
        if (store.State != 0)
            return null;
        if (isForced)
        {
            if (HasDataOf(store))
                return ("S4", $"store {store.Id} is given up while its data is on the disk of {Members.PodOf(store)}");
            return members.Needing(store.Id) is > 0 and var regions && members.MaxReplicas >= 3
                ? ("S7", $"store {store.Id} is given up while {regions} regions have no majority without it")
                : null;
        }

        if (store.Labels?.Any(label => label.Value == "tiflash") == true)
            return null;
        var up = members.Stores.Count(other => !absences.IsKnown(other, areViewsFresh));
        return up > members.MaxReplicas || (absences.IsKnown(store, areViewsFresh) && up >= members.MaxReplicas) ? null
            : ("S7", $"store {store.Id} is sent away while {up} stores are up and regions need {members.MaxReplicas}");
    }

    public (string, string)? LoseClaim(string claim)
    {
        var pod = claim[(claim.IndexOf(name + "-", StringComparison.Ordinal))..];
        if (members.StoreOf(pod) is { } store)
            return ("S4", $"claim {claim} is deleted while store {store.Id} is no tombstone");
        return members.IsPdMember(pod) ? ("S4", $"claim {claim} is deleted while {pod} is a member of PD") : null;
    }

    /// <summary>S13: a size only grows.</summary>
    public static (string Invariant, string Sentence)? ChangeClaim(string claim, StoreEvent change)
    {
        var before = Size(change.Previous);
        var after = Size(change.Object);
        return before is null || after is null || after >= before ? null
            : ("S13", $"claim {claim} shrinks from {before} to {after}");
    }

    public (string, string)? ChangeReplicas(string set, StoreEvent change)
    {
        var before = change.Previous?.Number("spec", "replicas") ?? 0;
        var after = change.Object.Number("spec", "replicas") ?? 0;
        return after < before && after > 0 ? Lower(set, before, after)
            : after > before ? Raise(set, before, after)
            : null;
    }

    private (string, string)? Lower(string set, long before, long after)
    {
        for (var ordinal = after; ordinal < before; ordinal++)
        {
            var pod = $"{set}-{ordinal}";
            if (members.StoreOf(pod) is { } store && !absences.IsNew(store))
                return ("S8", $"{set} goes from {before} to {after} while store {store.Id} of {pod} is no tombstone");
            if (members.IsPdMember(pod))
                return ("S2", $"{set} goes from {before} to {after} while {pod} is a member of PD");
        }

        return null;
    }

    private (string, string)? Raise(string set, long before, long after)
    {
        var component = set[(name.Length + 1)..];
        for (var ordinal = before; ordinal < after; ordinal++)
        {
            if (LeftoverOn($"{component}-{set}-{ordinal}") is { } leftover)
                return ("S4", $"{set} goes from {before} to {after}, and {set}-{ordinal} would begin with {leftover}");
        }

        var declared = RecentlyDeclared(component).Max();
        if (before == 0 || after <= declared)
            return null;
        var failed = Enumerable.Range(0, (int)declared).Count(ordinal => HasFailed(component, ordinal));
        return after - declared <= Math.Min(failed, MostAdditional) ? null
            : ("S12", $"{set} goes from {before} to {after} where {declared} are declared and {failed} have failed");
    }

    // Of a member that PD gave up nobody may begin with the data.
    private string? LeftoverOn(string claim)
    {
        if (Claim(claim) is not { } stored || stored.Text("metadata", "deletionTimestamp") is not null)
            return null;
        if (Read(stored, "store.json")?["store_id"] is { } id)
            return members.Store((ulong)id) is { State: not 2, PhysicallyDestroyed: false } ? null : $"store {id}";
        return Read(stored, "member/wal/member.json")?["member_id"] is { } member
            && members.Voters.All(voter => voter.MemberId != (ulong)member)
            ? $"the former PD member {member}" : null;
    }

    private bool HasFailed(string component, int ordinal)
    {
        var pod = members.Pod(component, ordinal);
        if (component is "tikv" or "tiflash")
            return members.StoreOf(pod) is not { } store || absences.Of(store) >= Period;
        return (component == "pd" && !members.IsPdMember(pod)) || absences.AsSeen(pod, cluster.AreViewsFresh) >= Period;
    }

    private bool HasDataOf(PdMember member) => Claim($"pd-{member.Name}") is { } claim && IsReachable(claim)
        && (ulong?)Read(claim, "member/wal/member.json")?["member_id"] == member.MemberId;

    private bool HasDataOf(PdStoreMeta store)
    {
        var pod = Members.PodOf(store);
        var volume = pod.Contains("-tiflash-", StringComparison.Ordinal) ? "data0" : "tikv";
        return Claim($"{volume}-{pod}") is { } claim && IsReachable(claim)
            && (ulong?)Read(claim, "store.json")?["store_id"] == store.Id;
    }

    // A local disk goes with its node.
    private bool IsReachable(JsonObject claim)
    {
        var volume = claim.Text("spec", "volumeName") is { } bound
            ? cluster.Api.Get("v1/persistentvolumes", null, bound) : null;
        var place = volume?["spec"]?["nodeAffinity"]?["required"]?["nodeSelectorTerms"]?[0]?["matchExpressions"]?[0];
        return volume is not null && (place.Text("key") != Labels.Hostname
            || cluster.Api.Get("v1/nodes", null, (string)place!["values"]![0]!) is not null);
    }

    private JsonObject? Claim(string claim) => cluster.Api.Get("v1/persistentvolumeclaims", Ns, claim);

    private JsonNode? Read(JsonObject claim, string blob) =>
        claim.Text("spec", "volumeName") is { } volume && cluster.Playground.Disks.Open(volume).Read(blob) is { } bytes
            ? JsonNode.Parse(Encoding.UTF8.GetString(bytes))
            : null;

    private List<long> RecentlyDeclared(string component) =>
    [
        .. _declared.Where(each => each.Key.Component == component && cluster.Time.Now - each.Value < Outdated)
            .Select(each => each.Key.Replicas),
        members.Declared(component),
    ];

    private static long Ordinal(string pod) =>
        long.TryParse(pod[(pod.LastIndexOf('-') + 1)..], out var ordinal) ? ordinal : 0;

    private static Quantity? Size(JsonObject? claim) =>
        Quantity.TryParse(claim.Text("spec", "resources", "requests", "storage"), out var size) ? size : null;
}
