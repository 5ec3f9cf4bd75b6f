using System.Text.Json.Nodes;
using Tidekeeper.Engines.TiDB.Objects;
using Tidekeeper.Model;
using Tidekeeper.Model.Kubernetes;

namespace Tidekeeper.Engines.TiDB.Steps;

/// <summary>The field behind a change that Kubernetes refuses to a StatefulSet, as far as the claims tell.</summary>
internal static class FixedFields
{
    public static string Name(TidbSeen seen, Component component, JsonObject wanted)
    {
        foreach (var template in wanted["spec"]!["volumeClaimTemplates"]?.AsArray() ?? [])
        {
            if (Difference(seen, component, template!.AsObject()) is { } field)
                return $"{field}; changing volumes is not supported yet";
        }

        return $"spec.{component.Name}: its volumes (storageVolumes, storageClaims, dataSubDir), the instance label, "
            + "podManagementPolicy or spec.clusterDomain changed, which a StatefulSet and its members cannot follow; "
            + "change it back: this is not supported yet";
    }

    private static string? Difference(TidbSeen seen, Component component, JsonObject template)
    {
        var name = (string)template["metadata"]!["name"]!;
        var isData = name == component.Name;
        var field = $"spec.{component.Name}";
        var claim = seen.Claims.FirstOrDefault(one =>
            one.Name.StartsWith($"{name}-{component.SetName}-", StringComparison.Ordinal));
        if (claim is null)
            return $"{field}.storageVolumes: volume {name} wanted, the StatefulSet was made without it";
        var size = (string?)template["spec"]!["resources"]?["requests"]?["storage"];
        if (Quantity.TryParse(size, out var bytes) && bytes.ToInt64() != claim.RequestedBytes)
        {
            var where = isData ? $"{field}.requests.storage" : $"{field}.storageVolumes, {name}";
            return $"{where}: {size} wanted, claim {claim.Name} asks for {Quantity.FromBytes(claim.RequestedBytes)}";
        }

        var storageClass = (string?)template["spec"]!["storageClassName"];
        return storageClass is null || storageClass == claim.StorageClass
            ? null
            : $"{field}.storageClassName: {storageClass} wanted, claim {claim.Name} has {Class(claim)}";
    }

    private static string Class(ObservedClaim claim) => claim.StorageClass.Length > 0 ? claim.StorageClass : "none";
}
