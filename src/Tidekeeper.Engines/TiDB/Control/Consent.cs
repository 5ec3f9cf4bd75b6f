using Tidekeeper.Engines.TiDB.Operations;
using Tidekeeper.Engines.TiDB.Steps;

namespace Tidekeeper.Engines.TiDB.Control;

/// <summary>
/// The one place where people have a say. What a step wants is held back while its component is paused, and, with
/// <c>spec.approval: Manual</c>, while nobody has approved the undertaking that it is part of. That holds for repairs
/// as well: whoever asks to be asked is asked.
/// </summary>
internal static class Consent
{
    /// <summary>The step without what is held back; it then holds and says what, and how to go on.</summary>
    public static Step Of(Draft draft, Step step)
    {
        List<Act> kept = [], heldBack = [];
        Refusal? first = null;
        foreach (var act in step.Wanted)
        {
            if (WhyNot(draft, act) is { } refusal)
            {
                first ??= refusal;
                heldBack.Add(act);
            }
            else
            {
                kept.Add(act);
            }
        }

        return first is null
            ? step
            : new Step.Hold(first.Why, Patience.ForPeople, kept)
            {
                Reason = first.Reason,
                NeedsPerson = true,
                HeldBack = heldBack
            };
    }

    private static Refusal? WhyNot(Draft draft, Act act)
    {
        if (Subjects.ComponentOf(draft, act) is { } component && Pauses.Of(draft.Seen.Cluster, component) is { } field)
        {
            return new Refusal(
                TidbReasons.Paused, $"{field} is true: nothing of {Titles.Of(component)} is changed; "
                + $"'{act.Describe()}' waits for that");
        }

        return Approvals.IsMissing(draft.Seen, act.Undertaking)
            ? new Refusal(
                TidbReasons.NeedsApproval, $"'{act.Describe()}' waits for approval: tide approve "
                + $"{draft.Seen.Cluster.Metadata.Name} {act.Undertaking}")
            : null;
    }

    private sealed record Refusal(string Reason, string Why);
}
