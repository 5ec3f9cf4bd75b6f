using System.Text.Json.Nodes;
using Tidekeeper.Simulation.Edits.Oracles;

namespace Tidekeeper.Simulation.Edits.Mappings;

/// <summary>Whose pods may restart because a property changes.</summary>
public enum Reach
{
    /// <summary>Nobody's: what it changes is not in pods, or pods take it when they restart anyway.</summary>
    Nobody,

    /// <summary>Those of the component whose property it is.</summary>
    Component,

    /// <summary>Anybody's.</summary>
    All,
}

/// <summary>What a place in the cluster must say, and what it says.</summary>
/// <param name="Asked">Null when nothing may be there.</param>
public sealed record Claim(string Place, JsonNode? Asked, JsonNode? Found);

/// <summary>
/// Where the world shows a property: written from the reference, and not from the operator's builders, so that a fault
/// in a builder does not cancel itself out.
/// </summary>
/// <param name="Paths">
/// Properties of the spec; <c>{c}</c> stands for each component with a StatefulSet, <c>{p}</c> for these and discovery.
/// </param>
/// <param name="Where">For people.</param>
/// <param name="Say">What must agree, for one component.</param>
public sealed record Mapping(
    IReadOnlyList<string> Paths, Reach Reach, string Where, Func<View, string, IEnumerable<Claim>> Say)
{
    private static readonly string[] WithPods = [.. View.Replicated, "discovery"];

    /// <summary>For one component, or for each that the paths stand for.</summary>
    public IEnumerable<string> Components { get; init; } = Speaks(Paths, "{p}") ? WithPods
        : Speaks(Paths, "{c}") ? View.Replicated
        : [Paths[0].Split('.')[1]];

    /// <summary>The paths with every component put in.</summary>
    public IEnumerable<string> Expanded =>
        from path in Paths
        from component in path.Contains('{') ? Components : [""]
        select path.Replace("{c}", component, StringComparison.Ordinal)
            .Replace("{p}", component, StringComparison.Ordinal);

    private static bool Speaks(IReadOnlyList<string> paths, string of) =>
        paths.Any(path => path.Contains(of, StringComparison.Ordinal));
}

/// <summary>A property that no object shows.</summary>
/// <param name="IsNamed">Whether the cluster's conditions must name it when somebody sets it.</param>
public sealed record NoEffect(string Path, string Why, bool IsNamed = false);
