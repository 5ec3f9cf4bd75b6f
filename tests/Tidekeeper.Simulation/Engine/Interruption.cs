namespace Tidekeeper.Simulation.Engine;

/// <summary>What can go wrong at one write; runs enumerate them over all writes of a history.</summary>
public enum Interruption
{
    CrashBefore,
    CrashAfter,
    AnswerLost,

    /// <summary>From here on the operator hears of no change for a minute; this write is the first missed.</summary>
    Stale,

    /// <summary>The same, and what happened meanwhile is forgotten: only the newest state is told.</summary>
    Missed,
}

/// <param name="At">Number of the write, counted from the beginning of the run.</param>
public sealed record PlannedInterruption(int At, Interruption How)
{
    public override string ToString() => $"{At}:{How}";
}

/// <summary>Goes wrong at some writes of the operators.</summary>
public sealed class Interruptions
{
    /// <summary>Writes of operators to the API and to databases so far, leases aside.</summary>
    public int Writes { get; private set; }

    public IReadOnlyList<PlannedInterruption> Plan { get; init; } = [];

    public Interruption? Next()
    {
        Writes++;
        foreach (var planned in Plan)
        {
            if (planned.At == Writes)
                return planned.How;
        }

        return null;
    }
}
