namespace Tidekeeper.Playground.Nodes.Scheduling;

/// <summary>Why a pod does not fit on a node, in the real scheduler's words.</summary>
/// <param name="Preemptible">
/// Whether removing other pods could help; only the wording of the message depends on it.
/// </param>
internal sealed record Refusal(string Reason, bool Preemptible)
{
    public static Refusal Final(string reason) => new(reason, false);
    public static Refusal ForNow(string reason) => new(reason, true);

    /// <summary>The sentence of the FailedScheduling event and of the PodScheduled condition.</summary>
    public static string Sentence(int nodes, IReadOnlyList<IReadOnlyList<Refusal>> perNode)
    {
        if (nodes == 0)
            return "no nodes available to schedule pods";
        var helpless = perNode.Count(refusals => refusals.All(r => !r.Preemptible));
        var outcomes = new List<string>();
        if (helpless > 0)
            outcomes.Add($"{helpless} Preemption is not helpful for scheduling");
        if (nodes > helpless)
            outcomes.Add($"{nodes - helpless} No preemption victims found for incoming pod");
        return $"0/{nodes} nodes are available: {Histogram(perNode)}. no new claims to deallocate, "
            + $"preemption: 0/{nodes} nodes are available: {string.Join(", ", outcomes)}.";
    }

    /// <summary>The sentence when a look at the pod alone shows that no node can do.</summary>
    public static string Sentence(int nodes, string reason) => nodes == 0
        ? "no nodes available to schedule pods"
        : $"0/{nodes} nodes are available: {reason}. not found";

    private static string Histogram(IReadOnlyList<IReadOnlyList<Refusal>> perNode)
    {
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var refusal in perNode.SelectMany(refusals => refusals))
            counts[refusal.Reason] = counts.GetValueOrDefault(refusal.Reason) + 1;
        return string.Join(", ", counts.Select(c => $"{c.Value} {c.Key}").Order(StringComparer.Ordinal));
    }
}
