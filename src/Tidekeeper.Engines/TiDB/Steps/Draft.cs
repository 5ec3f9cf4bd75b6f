using System.Runtime.CompilerServices;
using Tidekeeper.Engines.TiDB.Objects;
using Tidekeeper.Engines.TiDB.Operations;

namespace Tidekeeper.Engines.TiDB.Steps;

/// <summary>What was seen, with what several steps need to know about the StatefulSets worked out once.</summary>
internal sealed class Draft(TidbSeen seen)
{
    private static readonly ConditionalWeakTable<TidbSeen, Draft> Drafts = [];
    private readonly SortedDictionary<string, IReadOnlyList<Member>> _members = new(StringComparer.Ordinal);

    /// <summary>
    /// The draft of an observation. The plan, its events and the status are made from the same one, since rendering
    /// every object is most of the work.
    /// </summary>
    public static Draft Of(TidbSeen seen) => Drafts.GetValue(seen, static one => new Draft(one));

    public TidbSeen Seen { get; } = seen;

    /// <summary>One for each declared component, in the order in which they start.</summary>
    public IReadOnlyList<SetChange> Sets { get; } =
        [.. Component.Declared(seen.Cluster).Select(component => SetChange.Of(seen, component))];

    /// <summary>All members, of all components.</summary>
    public IEnumerable<Member> AllMembers => Sets.SelectMany(set => Members(set.Component.Name));

    /// <summary>The members of a component in the order of their ordinals; none when it is not declared.</summary>
    public IReadOnlyList<Member> Members(string component)
    {
        if (!_members.TryGetValue(component, out var members))
            _members[component] = members = Set(component) is { } set ? Member.Of(Seen, set) : [];
        return members;
    }

    public SetChange? Set(string component) => Sets.FirstOrDefault(set => set.Component.Name == component);
}
