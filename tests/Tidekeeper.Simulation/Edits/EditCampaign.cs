using System.Text.Json.Nodes;
using Tidekeeper.Simulation.Checkers;
using Tidekeeper.Simulation.Edits.Generators;
using Tidekeeper.Simulation.Edits.Oracles;

namespace Tidekeeper.Simulation.Edits;

/// <summary>What a campaign showed.</summary>
/// <param name="Verdicts">How many edits had which end.</param>
/// <param name="Alarms">What the oracles said, by the edit; empty when all is well.</param>
public sealed record EditResult(
    SortedDictionary<Verdict, int> Verdicts, int Differentials, int Reverts, IReadOnlyList<string> Alarms, string Hash)
{
    public int Edits => Verdicts.Values.Sum();

    public override string ToString() =>
        $"{Edits} edits: {string.Join(", ", Verdicts.Select(one => $"{one.Value} {one.Key}"))}; "
            + $"{Differentials} compared with a new cluster, {Reverts} taken back; {Alarms.Count} alarms; {Hash}";
}

/// <summary>Property-driven edits of a living cluster, made from the CustomResourceDefinition.</summary>
public static class EditCampaign
{
    private const int ChainLength = 10;
    private const int BundleSize = 12;

    /// <summary>
    /// A chain of edits that the seed chooses, each on top of the state that the ones before have led to. A broken
    /// promise is thrown, with the shortest chain that still breaks it.
    /// </summary>
    public static EditResult Run(int seed)
    {
        var start = seed % 2 == 0 ? EditSeeds.Three() : EditSeeds.OneOfEach();
        var chain = Draw(start, new Random(seed));
        try
        {
            return Chain(seed, start, chain);
        }
        catch (PromiseBrokenException broken)
        {
            throw Shortest(seed, start, chain, broken);
        }
    }

    /// <summary>
    /// Every edit once, from the seed's state and back; alarms are collected. Edits of different properties that are to
    /// be fulfilled are made together, and one by one where the bundle fails. Tells each as it goes.
    /// </summary>
    /// <param name="start">The spec to begin from.</param>
    /// <param name="wanted">Which edits.</param>
    public static EditResult Sweep(JsonObject start, Func<Edit, bool> wanted, Action<string> tell)
    {
        var run = new EditSweep(start, tell);
        foreach (var edit in Bundles([.. EditCatalog.Of(start).Where(wanted)]))
            run.Try(edit);
        return run.Result();
    }

    // The first edit of each property, then the second of each, and so on; what holds back others stands alone.
    private static IEnumerable<Edit> Bundles(IReadOnlyList<Edit> edits)
    {
        var alone = edits.Where(edit => edit.Kind != EditKind.Valid || edit.OneWay is not null || IsOverbearing(edit));
        var rounds = edits.Except(alone).GroupBy(edit => edit.Path)
            .SelectMany(one => one.Select((edit, round) => (edit, round)))
            .GroupBy(one => one.round, one => one.edit);
        return [.. rounds.SelectMany(round => round.Chunk(BundleSize).Select(chunk => Edit.Bundle(chunk))), .. alone];
    }

    private static bool IsOverbearing(Edit edit) => edit.Words.Contains(", with ", StringComparison.Ordinal)
        || SpecPath.Last(edit.Path) is "paused" or "suspendStatefulSet" or "approval" or "configUpdateStrategy"
            or "replicas";

    private static EditResult Chain(int seed, JsonObject start, IReadOnlyList<(Edit Edit, bool Revert)> chain)
    {
        var cluster = EditedCluster.Made(seed, start);
        var trial = new EditTrial(cluster, fresh: null);
        var verdicts = new SortedDictionary<Verdict, int>();
        foreach (var (edit, revert) in chain)
        {
            var verdict = trial.Try(edit, revert);
            verdicts[verdict] = verdicts.GetValueOrDefault(verdict) + 1;
        }

        trial.CompareWith(Fresh(seed));
        return new EditResult(verdicts, trial.Differentials, trial.Reverts, [], cluster.World.Story.Hash);
    }

    // Whatever can be left out while it still fails in the same way is left out, one edit after another.
    private static PromiseBrokenException Shortest(
        int seed, JsonObject start, IReadOnlyList<(Edit Edit, bool Revert)> chain, PromiseBrokenException broken)
    {
        for (var at = chain.Count - 1; at >= 0; at--)
        {
            var shorter = chain.Where((_, i) => i != at).ToList();
            try
            {
                Chain(seed, start, shorter);
            }
            catch (PromiseBrokenException still) when (still.Invariant == broken.Invariant)
            {
                (chain, broken) = (shorter, still);
            }
            catch (PromiseBrokenException)
            {
                // Another story than the one that is being told.
            }
        }

        var story = string.Join("\n  ", chain.Select(one => $"{one.Edit}{(one.Revert ? ", and back" : "")}"));
        return new PromiseBrokenException(
            broken.Again, broken.Invariant, $"after these edits of {start.ToJsonString()}:\n  {story}", broken.Message);
    }

    private static List<(Edit, bool)> Draw(JsonObject start, Random chance)
    {
        var all = EditCatalog.Of(start).Where(edit => edit.OneWay is null).ToArray();
        return [.. Enumerable.Range(0, ChainLength).Select(_ => (all[chance.Next(all.Length)], chance.Next(3) == 0))];
    }

    internal static Func<JsonObject, Snapshot> Fresh(int seed)
    {
        var known = new SortedDictionary<string, Snapshot>(StringComparer.Ordinal);
        return spec =>
        {
            var key = spec.ToJsonString();
            return known.TryGetValue(key, out var snapshot) ? snapshot
                : known[key] = EditedCluster.Made(seed, spec).Snapshot();
        };
    }
}
