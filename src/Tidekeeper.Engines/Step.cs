namespace Tidekeeper.Engines;

/// <summary>What one step of a plan wants. The set is closed.</summary>
public abstract record Step
{
    private Step() { }

    /// <summary>The acts it wants done now, in order.</summary>
    public abstract IReadOnlyList<Act> Wanted { get; }

    /// <summary>Nothing is left to do here.</summary>
    public sealed record Done : Step
    {
        /// <inheritdoc/>
        public override IReadOnlyList<Act> Wanted => [];
    }

    /// <summary>Something is to be done now; the next observation decides whether that was enough.</summary>
    public sealed record Do(params IReadOnlyList<Act> Acts) : Step
    {
        /// <inheritdoc/>
        public override IReadOnlyList<Act> Wanted => Acts;
    }

    /// <summary>
    /// The step cannot finish yet. It may still want acts, namely those that are right whatever it waits for.
    /// </summary>
    /// <param name="Why">A sentence without a full stop that names who waits, and for what.</param>
    /// <param name="CheckAgain">After how long to look again, should no event come earlier.</param>
    /// <param name="Acts">What to do meanwhile.</param>
    public sealed record Hold(string Why, TimeSpan CheckAgain, params IReadOnlyList<Act> Acts) : Step
    {
        /// <summary>A stable word in CamelCase for conditions and events.</summary>
        public string Reason { get; init; } = Reasons.Waiting;

        /// <summary>What it would do if somebody had not asked to be asked, or had not paused it.</summary>
        public IReadOnlyList<Act> HeldBack { get; init; } = [];

        /// <summary>Whether a person has to do something before this can end.</summary>
        public bool NeedsPerson { get; init; }

        /// <summary>
        /// Whether it only waits for what another step of the same plan does or waits for: then that one is the news.
        /// </summary>
        public bool IsConsequence { get; init; }

        /// <inheritdoc/>
        public override IReadOnlyList<Act> Wanted => Acts;
    }
}
