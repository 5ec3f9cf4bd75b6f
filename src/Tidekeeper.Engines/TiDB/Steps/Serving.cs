using Tidekeeper.Engines.TiDB.Operations;

namespace Tidekeeper.Engines.TiDB.Steps;

/// <summary>The last step: everything is there, and the database says that it serves.</summary>
internal static class Serving
{
    /// <summary>What a paused cluster waits for.</summary>
    public static readonly Step.Hold Paused =
        new("spec.paused is true: the operator changes nothing", Patience.ForPeople)
        {
            Reason = TidbReasons.Paused,
            NeedsPerson = true
        };

    public static Step Decide(Draft draft)
    {
        if (Suspension.Tell(draft) is { } suspended)
            return new Step.Hold(suspended, Patience.ForPeople) { Reason = TidbReasons.Suspended, NeedsPerson = true };
        var readiness = Readiness.Of(draft);
        return readiness.IsReady
            ? new Step.Done()
            : new Step.Hold(readiness.Message, Patience.ForDatabase(draft.Seen)) { Reason = readiness.Reason };
    }
}
