namespace Tidekeeper.Simulation.Checkers;

/// <summary>
/// Watches one promise. A checker reads the store and the simulated database, never the operator's memory, and knows
/// nothing of how the operator decides.
/// </summary>
public interface IChecker
{
    /// <summary>The invariant's name in docs and messages, for example <c>S3</c>.</summary>
    string Invariant { get; }

    /// <summary>Null while the promise holds; otherwise a sentence that says how it was broken.</summary>
    string? Broken(SimulatedCluster cluster);
}

/// <summary>A promise was broken. The text is what a person needs to begin.</summary>
public sealed class PromiseBrokenException(int seed, string invariant, string sentence, string story)
    : Exception($"seed {seed}: {invariant}: {sentence}\n"
        + $"Run it alone: TIDE_SEED={seed} ./tide test --filter One_seed\n{story}")
{
    public string Invariant { get; } = invariant;
}
