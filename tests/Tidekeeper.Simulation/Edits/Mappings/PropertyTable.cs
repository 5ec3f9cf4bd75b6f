namespace Tidekeeper.Simulation.Edits.Mappings;

/// <summary>
/// What becomes of every property of the CustomResourceDefinition: an object shows it, or a reason why none does.
/// </summary>
public static class PropertyTable
{
    public static IReadOnlyList<Mapping> Shown { get; } =
    [
        .. PodMappings.All, .. ComponentMappings.All, .. LogMappings.All, .. ServiceMappings.All,
        .. ClusterMappings.All,
    ];

    public static IReadOnlyList<NoEffect> NotShown => ClusterMappings.WithoutEffect;

    private static readonly SortedDictionary<string, Reach> Reaches = Expanded();

    /// <summary>Whose pods may restart when the property changes.</summary>
    public static Reach ReachOf(string path)
    {
        var elements = Reaches
            .Where(one => one.Key == path || one.Key.StartsWith($"{path}[]", StringComparison.Ordinal))
            .Select(one => one.Value).ToList();
        return elements.Count == 0 ? Reach.Nobody : elements.Max();
    }

    private static SortedDictionary<string, Reach> Expanded()
    {
        var all = new SortedDictionary<string, Reach>(StringComparer.Ordinal);
        foreach (var mapping in Shown)
        {
            foreach (var path in mapping.Expanded)
                all[path] = mapping.Reach;
        }

        return all;
    }
}
