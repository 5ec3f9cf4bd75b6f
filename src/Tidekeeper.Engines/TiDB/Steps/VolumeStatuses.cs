using Tidekeeper.Engines.TiDB.Objects;
using Tidekeeper.Model;
using Tidekeeper.Model.Crds;
using Tidekeeper.Model.Kubernetes;

namespace Tidekeeper.Engines.TiDB.Steps;

/// <summary>The claims of a component, by volume.</summary>
internal static class VolumeStatuses
{
    public static SortedDictionary<string, VolumeStatus>? Of(TidbSeen seen, Component component)
    {
        var volumes = new SortedDictionary<string, VolumeStatus>(StringComparer.Ordinal);
        foreach (var group in seen.Claims.Where(claim => Volume(claim, component) is not null)
            .GroupBy(claim => Volume(claim, component)!, StringComparer.Ordinal))
        {
            var bound = group.Where(claim => claim.Phase == "Bound").ToList();
            var first = bound.MinBy(claim => claim.Name, StringComparer.Ordinal);
            volumes[group.Key] = new VolumeStatus
            {
                BoundCount = bound.Count,
                CurrentCount = bound.Count(claim => claim.CapacityBytes == first!.CapacityBytes),
                ModifiedCount = bound.Count(claim => claim.CapacityBytes == first!.CapacityBytes),
                CurrentCapacity = first is null ? null : Quantity.FromBytes(first.CapacityBytes).ToString(),
                ModifiedCapacity = first is null ? null : Quantity.FromBytes(first.RequestedBytes).ToString(),
                CurrentStorageClass = first?.StorageClass is { Length: > 0 } name ? name : null
            };
        }

        return volumes.Count > 0 ? volumes : null;
    }

    /// <summary>Claims are named volume-set-ordinal.</summary>
    private static string? Volume(ObservedClaim claim, Component component)
    {
        var at = claim.Name.IndexOf($"-{component.SetName}-", StringComparison.Ordinal);
        return at > 0 && Ordinal.Of(claim.Name[(at + 1)..], component.SetName) is not null ? claim.Name[..at] : null;
    }
}
