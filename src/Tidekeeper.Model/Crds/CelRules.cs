namespace Tidekeeper.Model.Crds;

/// <summary>
/// Rules and patterns that several fields share. A quantity may be a number in JSON, so it is made text before it is
/// compared.
/// </summary>
internal static class CelRules
{
    public const string StorageIsGiven =
        "self.replicas == 0 || (has(self.requests) && 'storage' in self.requests)";

    /// <summary>A value that is no quantity and was stored before that was checked must not lock the object.</summary>
    public const string StorageDoesNotShrink =
        "!('storage' in oldSelf) || !('storage' in self) || "
        + "!isQuantity(string(oldSelf['storage'])) || !isQuantity(string(self['storage'])) || "
        + "quantity(string(self['storage'])).compareTo(quantity(string(oldSelf['storage']))) >= 0";

    public const string CpuWithinLimit =
        "!has(self.requests) || !has(self.limits) || !('cpu' in self.requests) || !('cpu' in self.limits) || "
        + "quantity(string(self.requests['cpu'])).compareTo(quantity(string(self.limits['cpu']))) <= 0";

    public const string CpuAboveLimit =
        "'cpu ' + string(self.requests['cpu']) + ' is above limits.cpu ' + string(self.limits['cpu']) + "
        + "'; raise the limit or lower the request'";

    public const string MemoryAboveLimit =
        "'memory ' + string(self.requests['memory']) + ' is above limits.memory ' + string(self.limits['memory']) + "
        + "'; raise the limit or lower the request'";

    public const string StorageShrinks =
        "'storage cannot shrink from ' + string(oldSelf['storage']) + ' to ' + string(self['storage']) + "
        + "': volumes only grow; write at least the old size'";

    public const string MemoryWithinLimit =
        "!has(self.requests) || !has(self.limits) || !('memory' in self.requests) || !('memory' in self.limits) || "
        + "quantity(string(self.requests['memory'])).compareTo(quantity(string(self.limits['memory']))) <= 0";

    public const string SameStorageClass =
        "has(self.storageClassName) == has(oldSelf.storageClassName) && "
        + "(!has(self.storageClassName) || self.storageClassName == oldSelf.storageClassName)";

    public const string SameDirectory =
        "(has(self.dataSubDir) ? self.dataSubDir : '') == (has(oldSelf.dataSubDir) ? oldSelf.dataSubDir : '')";

    public const string DirectoryStays =
        "cannot be changed: the data is in the old directory; put the old value back, or create another cluster";

    public const string SameDomain =
        "(has(self.clusterDomain) ? self.clusterDomain : '') == "
        + "(has(oldSelf.clusterDomain) ? oldSelf.clusterDomain : '')";

    /// <summary>A name of DNS, or nothing.</summary>
    public const string DomainPattern =
        @"^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*)?$";

    /// <summary>A path below another, without a way out of it.</summary>
    public const string SubDirectoryPattern = @"^/*([A-Za-z0-9_-][A-Za-z0-9._-]*(/+|$))*$";

    /// <summary>What Kubernetes accepts as a quantity.</summary>
    public const string QuantityPattern =
        @"^[+-]?([0-9]+|[0-9]+\.[0-9]*|\.[0-9]+)(([KMGTPE]i)|[numkMGTPE]|([eE][+-]?[0-9]+))?$";

    /// <summary>A name of the time zone database; never a path that leads out of it.</summary>
    public const string TimezonePattern = "^[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*$";

    /// <summary>The tag of an image; empty means that the image is named without one.</summary>
    public const string TagPattern = "^([A-Za-z0-9_][A-Za-z0-9_.-]*)?$";

    /// <summary>A duration as Go writes it, such as <c>1h30m</c>.</summary>
    public const string DurationPattern = @"^([0-9]+(\.[0-9]+)?(ns|us|ms|s|m|h))+$";

    /// <summary>What a pattern means in words: what a text that breaks it is not, and what to write.</summary>
    public static (string Not, string Remedy) InWords(string pattern) => pattern switch
    {
        QuantityPattern => ("is no quantity", "write for example 500m, 2, 4Gi or 100G"),
        TimezonePattern => ("is no time zone", "write for example UTC or Europe/Berlin"),
        TagPattern => ("is no version", "write for example v8.5.0"),
        DomainPattern => ("is no DNS name", "write for example cluster.local"),
        SubDirectoryPattern => ("leads out of the volume", "write names of directories, such as data/tikv"),
        DurationPattern => ("is no duration", "write for example 90s, 10m or 1h30m"),
        _ => ("does not have the right form", $"it must match {pattern}"),
    };
}
