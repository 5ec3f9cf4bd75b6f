namespace Tidekeeper.Engines.TiDB.Objects;

/// <summary>Where a component keeps its data: always in its volume, as anything else is lost with the pod.</summary>
internal static class DataDirectory
{
    public static string Of(string volume, string? subDirectory) =>
        subDirectory?.Trim('/') is { Length: > 0 } sub ? $"{volume}/{sub}" : volume;
}
