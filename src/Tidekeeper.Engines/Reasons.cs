namespace Tidekeeper.Engines;

/// <summary>
/// Words that stand in conditions and Events, whatever the engine. They are stable: tools may wait for them.
/// docs/conditions.md is made from these comments.
/// </summary>
public static class Reasons
{
    /// <summary>Something else has to happen first, as the message says.</summary>
    public const string Waiting = "Waiting";

    /// <summary>Another disturbance of the same plan comes first.</summary>
    public const string OneAtATime = "OneAtATime";

    /// <summary>The operator tried something and was refused, or got no answer; it tries again.</summary>
    public const string ActFailed = "ActFailed";

    /// <summary>
    /// The API server forbids what the operator does: a right is missing (docs/rights.md), a quota is used up, a
    /// webhook
    /// says no. The message names verb and resource; it tries again.
    /// </summary>
    public const string Forbidden = "Forbidden";

    /// <summary>The operator has deleted something, as its plan says.</summary>
    public const string Delete = "Delete";

    /// <summary>The operator has asked the database for a change, as its plan says.</summary>
    public const string Ask = "Ask";
}
