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
/// <param name="again">What <c>./tide sim --replay</c> needs to show it again.</param>
/// <param name="story">The last of what happened, line by line.</param>
public sealed class PromiseBrokenException(string again, string invariant, string sentence, string story)
    : Exception($"{invariant}: {sentence}\nSee it again: ./tide sim --replay '{again}'\n{story}")
{
    public string Invariant { get; } = invariant;
    public string Sentence { get; } = sentence;
    public string Again { get; } = again;
}
