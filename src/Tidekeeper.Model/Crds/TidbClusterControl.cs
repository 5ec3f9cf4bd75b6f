namespace Tidekeeper.Model.Crds;

/// <summary>Something that may interrupt somebody: what people approve, watch and hold back.</summary>
public sealed record UndertakingStatus
{
    /// <summary>The same for the same wish, for example <c>restart-tikv-1a2b3c4d</c>.</summary>
    [Mandatory]
    public string Name { get; init => field = value ?? ""; } = "";

    /// <summary>What is done, to whom, in which order.</summary>
    public string What { get; init => field = value ?? ""; } = "";

    /// <summary>How far it is.</summary>
    [Values("NeedsApproval", "Paused", "Waiting", "UnderWay")]
    public string? State { get; init; }

    /// <summary>What it waits for; absent when it waits for nothing.</summary>
    public string? Why { get; init; }

    /// <summary>Since when it is wanted. An approval names it, so that it is good for this wish alone.</summary>
    public DateTimeOffset? Since { get; init; }
}

/// <summary>An open circuit breaker.</summary>
public sealed record BreakerStatus
{
    /// <summary>When it opened.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>What made it open.</summary>
    public string Why { get; init => field = value ?? ""; } = "";
}

/// <summary>A guard that is to be ignored for a while.</summary>
public sealed record OverrideStatus
{
    /// <summary>The guard's name.</summary>
    public string? Guard { get; init; }

    /// <summary>The component whose members it is ignored for; absent for all.</summary>
    public string? Component { get; init; }

    /// <summary>Whether it is in force.</summary>
    [Values("InForce", "Expired", "Refused")]
    public string? State { get; init; }

    /// <summary>When it ends.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Why somebody wanted it.</summary>
    public string? Reason { get; init; }
}
