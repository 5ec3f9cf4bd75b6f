using Tidekeeper.Engines.TiDB.Objects;
using Tidekeeper.Engines.TiDB.Steps;
using Tidekeeper.Model.Crds;
using Tidekeeper.Model.Kubernetes;

namespace Tidekeeper.Engines.TiDB.Operations;

/// <summary>
/// Where a member's data was when it served last: its node and its claim. The status remembers it, as afterwards
/// nobody else does.
/// </summary>
internal sealed record LastServed(string? Node, string? ClaimUid)
{
    /// <summary>As the status has it.</summary>
    public static LastServed Of(Draft draft, Member member)
    {
        var status = draft.Seen.Status();
        if (member.Voter is { } voter)
            return Of(status?.Pd?.Members?.GetValueOrDefault(voter.Name), voter.Id);
        var stores = member.Component.Name == Component.Tikv ? status?.Tikv?.Stores : status?.Tiflash?.Stores;
        return member.Store is { } store ? Of(stores?.GetValueOrDefault(store.Id)) : new LastServed(null, null);
    }

    /// <summary>A member that was removed and came back bears the old name and another id.</summary>
    public static LastServed Of(PdMemberStatus? status, string id) =>
        status?.Id == id ? new LastServed(status.Node, status.ClaimUID) : new LastServed(null, null);

    public static LastServed Of(StoreStatus? status) => new(status?.Node, status?.ClaimUID);

    /// <summary>What is to be remembered now.</summary>
    public LastServed Now(Draft draft, Member? member)
    {
        if (member is not { IsServing: true, Pod: { } pod })
            return this;
        var claim = DataClaim(draft, member);

        // Pods and claims are two caches: a pod that is older than the claim is not the one that uses it.
        return new LastServed(
            pod.Node.Length > 0 ? pod.Node : Node,
            claim is not null && pod.Created >= claim.Created ? claim.Uid : ClaimUid);
    }

    /// <summary>The claim that holds what the database counts on; null when there is none.</summary>
    public static ObservedClaim? DataClaim(Draft draft, Member member)
    {
        var volume = member.Component.Name == Component.Tiflash ? "data0" : member.Component.Name;
        return LeftoverClaims.Of(draft, member.Component, member.Ordinal)
            .FirstOrDefault(claim => claim.Name.StartsWith($"{volume}-", StringComparison.Ordinal));
    }
}
