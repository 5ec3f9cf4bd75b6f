using Tidekeeper.Engines.TiDB.Objects;

namespace Tidekeeper.Engines.TiDB.Steps;

/// <summary>What was seen, with what several steps need to know about the StatefulSets worked out once.</summary>
internal sealed class Draft(TidbSeen seen)
{
    public TidbSeen Seen { get; } = seen;

    /// <summary>One for each declared component, in the order in which they start.</summary>
    public IReadOnlyList<SetChange> Sets { get; } =
        [.. Component.Declared(seen.Cluster).Select(component => SetChange.Of(seen, component))];

    public SetChange? Set(string component) => Sets.FirstOrDefault(set => set.Component.Name == component);
}
