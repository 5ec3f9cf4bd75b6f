namespace Tidekeeper.Model;

/// <summary>How far a <see cref="Problem"/> reaches.</summary>
public enum Severity
{
    /// <summary>Nothing is done for the cluster until it is corrected.</summary>
    Refused,

    /// <summary>The field is accepted and not acted upon; everything else goes on.</summary>
    Unsupported,

    /// <summary>It works, but probably not as meant.</summary>
    Warning,
}

/// <summary>Something wrong with what a user wrote, as the user can act on it.</summary>
/// <param name="Field">Path from the top of the object, for example <c>spec.tikv.requests.storage</c>.</param>
/// <param name="Value">What is written there, shortened; empty when nothing is.</param>
/// <param name="Message">What is wrong with it: the rest of a sentence that begins with field and value.</param>
/// <param name="Remedy">What to do, as an imperative without a full stop.</param>
public sealed record Problem(string Field, string Value, string Message, string Remedy)
{
    public Severity Severity { get; init; } = Severity.Refused;

    /// <summary>The one sentence that goes to condition, Event, log and <c>tide why</c>.</summary>
    public override string ToString() =>
        (Value.Length == 0 ? $"{Field} {Message}" : $"{Field}: {Value} {Message}")
        + (Remedy.Length == 0 ? "" : $"; {Remedy}");
}
