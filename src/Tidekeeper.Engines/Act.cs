using System.Text.Json.Nodes;

namespace Tidekeeper.Engines;

/// <summary>One thing the operator may do. The set is closed: only the records nested here exist.</summary>
public abstract record Act
{
    private Act() { }

    /// <summary>One line, the same in the log, in the plan's text and in <c>tide why</c>.</summary>
    public abstract string Describe();

    /// <summary>
    /// Whether somebody who serves may stop serving because of it. A plan holds at most one such act.
    /// </summary>
    public abstract bool Disturbs { get; }

    /// <summary>
    /// What larger undertaking it is part of, for example <c>restart-tikv-1a2b3c4d</c>; empty for what needs nobody's
    /// consent. People approve undertakings, not acts.
    /// </summary>
    public string Undertaking { get; init; } = "";

    /// <summary>
    /// Disturbing acts of one plan that bear the same text here were judged together and may be done together;
    /// an empty text goes with no other.
    /// </summary>
    public string Together { get; init; } = "";

    /// <summary>Server-side apply of a whole object with field manager <c>tidekeeper</c>, forced.</summary>
    /// <param name="Object">The document, complete with apiVersion, kind and metadata.</param>
    /// <param name="Why">Ends the sentence "apply Service/basic-pd because …".</param>
    public sealed record Apply(JsonObject Object, string Why) : Act
    {
        /// <summary>
        /// The UID of the object that was seen, to be sent along, so that a namesake is not changed instead; null when
        /// none was seen: then the executor reads it live before, and leaves alone what has another controller.
        /// </summary>
        public string? SeenUid { get; init; }

        /// <summary>
        /// The resource version that was seen, when a change of anybody in the meantime must stop this one; else null.
        /// </summary>
        public string? SeenVersion { get; init; }

        /// <summary>
        /// Whether what v1 wrote of the object becomes ours before: else what it wrote and we do not would stay for
        /// ever.
        /// </summary>
        public bool TakesOver { get; init; }

        /// <summary>
        /// Whether labels, annotations and spec become exactly those of the document, whoever wrote what else is there.
        /// An apply leaves what it never owned, and half of a probe is refused.
        /// </summary>
        public bool IsExact { get; init; }

        /// <summary>The controller that was seen, where that is not the cluster; null where it is.</summary>
        public string? ControllerUid { get; init; }

        /// <summary>Set by the step when Kubernetes will stop a pod because of it.</summary>
        public bool StopsPod { get; init; }

        /// <summary>For example <c>StatefulSet</c>.</summary>
        public string Kind => (string)Object["kind"]!;

        /// <summary>The object's name.</summary>
        public string Name => (string)Object["metadata"]!["name"]!;

        /// <inheritdoc/>
        public override bool Disturbs => StopsPod;

        /// <inheritdoc/>
        public override string Describe() => $"apply {Kind}/{Name} because {Why}";
    }

    /// <summary>
    /// Delete of one object. The UID is a precondition, so that a namesake made in the meantime survives; a resource
    /// version, when given, is one as well, so that nobody's change in the meantime is lost.
    /// </summary>
    public sealed record Delete(
        string ApiVersion, string Kind, string Namespace, string Name, string Uid, string? ResourceVersion, string Why)
        : Act
    {
        /// <summary>Set by the step when nobody has used it for long, so that nobody can miss it.</summary>
        public bool IsLeftover { get; init; }

        /// <inheritdoc/>
        public override bool Disturbs => !IsLeftover && Kind is ("Pod" or "StatefulSet" or "PersistentVolumeClaim");

        /// <inheritdoc/>
        public override string Describe() => $"delete {Kind}/{Name} because {Why}";
    }

    /// <summary>A changing request to the database's own admin API.</summary>
    /// <param name="Call">The request.</param>
    /// <param name="Why">Ends the sentence "ask PD to … because …".</param>
    public sealed record Ask(AdminCall Call, string Why) : Act
    {
        /// <summary>Set by the step when the request moves load or members, for example a leader transfer.</summary>
        public bool MovesLoad { get; init; }

        /// <summary>
        /// A text in an answer that reports a failure and yet means that it was done; empty when there is none.
        /// </summary>
        public string DoneDespite { get; init; } = "";

        /// <inheritdoc/>
        public override bool Disturbs => MovesLoad;

        /// <inheritdoc/>
        public override string Describe() => $"ask {Call.Purpose} because {Why}";
    }

    /// <summary>A Kubernetes Event on the cluster object.</summary>
    public sealed record Record(EventType Type, string Reason, string Message) : Act
    {
        /// <inheritdoc/>
        public override bool Disturbs => false;

        /// <inheritdoc/>
        public override string Describe() => $"event {Type} {Reason}: {Message}";
    }
}

/// <summary>The two types of event that Kubernetes knows.</summary>
public enum EventType
{
    /// <summary>Something happened as it should.</summary>
    Normal,

    /// <summary>Somebody should look.</summary>
    Warning
}

/// <summary>A request to a database's admin API.</summary>
/// <param name="Method">For example <c>POST</c>.</param>
/// <param name="Url">Absolute.</param>
/// <param name="Body">JSON, or null when there is none.</param>
/// <param name="Purpose">What is asked of whom, for example "PD to enable placement rules".</param>
public sealed record AdminCall(string Method, string Url, JsonNode? Body, string Purpose);
