using System.Text.Json.Nodes;

namespace Tidekeeper.Engines.TiDB.Objects;

/// <summary>Where a component keeps its data.</summary>
internal static class DataDirectory
{
    /// <summary>
    /// The directory that the configuration names, when it lies in the volume; otherwise the volume with the
    /// sub-directory that the spec names. A directory outside the volume would lose the data with the pod.
    /// </summary>
    public static string Of(string volume, string? subDirectory, JsonNode? config, string key)
    {
        var wanted = Configuration.Read(config).FindText(key)?.TrimEnd('/');
        if (wanted is not null && wanted.StartsWith(volume + "/", StringComparison.Ordinal))
            return wanted;
        return subDirectory is { Length: > 0 } ? $"{volume}/{subDirectory.Trim('/')}" : volume;
    }
}
