namespace Tidekeeper.Kube.Cache;

/// <summary>Where a watcher stands. The state alone says what to do next.</summary>
public enum WatchPhase
{
    /// <summary>Nothing is known: list the first page.</summary>
    Empty,

    /// <summary>Some pages have come: list the next one.</summary>
    Listing,

    /// <summary>Everything up to a version is known: open a watch from there.</summary>
    Listed,

    /// <summary>A watch is open: read it.</summary>
    Watching,
}

/// <summary>What has just happened to a watcher.</summary>
public abstract record WatchInput
{
    private WatchInput() { }

    /// <summary>A page of the list came.</summary>
    public sealed record Page(string Version, string Continue) : WatchInput;

    /// <summary>The server accepted the watch.</summary>
    public sealed record Opened : WatchInput;

    /// <summary>An object was added, modified or deleted, or a bookmark came.</summary>
    public sealed record Event(string Version) : WatchInput;

    /// <summary>The server ended the watch in good order.</summary>
    public sealed record Ended : WatchInput;

    /// <summary>The connection broke, or there was no answer.</summary>
    /// <param name="Arrived">Whether the server, or who stands before it, had it by then.</param>
    public sealed record Broken(bool Arrived = true) : WatchInput;

    /// <summary>The server refused to list or to watch, or sent an ERROR event.</summary>
    public sealed record Refused(int Status, TimeSpan? RetryAfter = null) : WatchInput;
}

/// <summary>
/// The state machine of list and watch. <see cref="After"/> is the whole of it; <see cref="Informer{T}"/> only does
/// what the state says.
/// </summary>
/// <param name="Version">Resource version up to which everything is known.</param>
/// <param name="Continue">Token of the next page while listing.</param>
/// <param name="Failures">Failures in a row; more than none means pause before the next attempt.</param>
/// <param name="RetryAfter">The least pause, when the server asked for one.</param>
/// <param name="Progressed">Whether the open watch has delivered anything.</param>
/// <param name="Fruitless">Watches in a row that have delivered nothing, over lists between them.</param>
public sealed record WatchState(
    WatchPhase Phase,
    string Version = "",
    string Continue = "",
    int Failures = 0,
    TimeSpan? RetryAfter = null,
    bool Progressed = false,
    int Fruitless = 0)
{
    /// <summary>
    /// What cuts so many watches before their first line (a proxy that takes no line of that length, for example) will
    /// cut the next one too.
    /// </summary>
    private const int TooManyFruitless = 3;

    public static readonly WatchState Start = new(WatchPhase.Empty);

    /// <summary>The state after an input.</summary>
    public WatchState After(WatchInput input) => (Phase, input) switch
    {
        (WatchPhase.Empty or WatchPhase.Listing, WatchInput.Page { Continue.Length: > 0 } page) =>
            new(WatchPhase.Listing, page.Version, page.Continue, Fruitless: Fruitless),
        (WatchPhase.Empty or WatchPhase.Listing, WatchInput.Page page) =>
            new(WatchPhase.Listed, page.Version, Failures: Fruitless, Fruitless: Fruitless),

        (WatchPhase.Listed, WatchInput.Opened) => this with { Phase = WatchPhase.Watching, Progressed = false },
        (WatchPhase.Watching, WatchInput.Event e) =>
            new(WatchPhase.Watching, e.Version.Length > 0 ? e.Version : Version, Progressed: true),

        (WatchPhase.Watching, WatchInput.Ended) when Progressed => new(WatchPhase.Listed, Version),
        (WatchPhase.Watching, WatchInput.Broken) when Progressed => new(WatchPhase.Listed, Version, Failures: 1),

        // A server that ends every watch at once must not be asked again at once, and less and less often.
        (WatchPhase.Watching, WatchInput.Ended or WatchInput.Broken)
            or (WatchPhase.Listed, WatchInput.Broken { Arrived: true }) => Fruitless + 1 < TooManyFruitless
                ? new(WatchPhase.Listed, Version, Failures: Failures + 1, Fruitless: Fruitless + 1)
                : new(WatchPhase.Empty, Failures: Failures + 1, Fruitless: Fruitless + 1),

        // The version or the continue token is older than what the server remembers: only a new list helps. The
        // pause spreads the lists of all watchers when a server forgot everything at once.
        (_, WatchInput.Refused { Status: 410 } gone) =>
            new(WatchPhase.Empty, Failures: Failures + 1, RetryAfter: gone.RetryAfter, Fruitless: Fruitless),

        (WatchPhase.Watching, WatchInput.Refused other) =>
            new(WatchPhase.Listed, Version, Failures: Failures + 1, RetryAfter: other.RetryAfter, Fruitless: Fruitless),
        (_, WatchInput.Refused other) => this with { Failures = Failures + 1, RetryAfter = other.RetryAfter },
        (_, WatchInput.Broken or WatchInput.Ended) => this with { Failures = Failures + 1, RetryAfter = null },

        _ => throw new InvalidOperationException($"{input} cannot happen to a watcher that is {Phase}"),
    };
}
