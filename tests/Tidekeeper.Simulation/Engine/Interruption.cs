namespace Tidekeeper.Simulation.Engine;

/// <summary>What can go wrong at one write; runs enumerate them over all writes of a history.</summary>
public enum Interruption
{
    CrashBefore,
    CrashAfter,
    AnswerLost,
}

/// <summary>Goes wrong once, at one write of the operators, counted from the beginning of the run.</summary>
public sealed class Interruptions
{
    /// <summary>Writes of operators to the API and to databases so far, leases aside.</summary>
    public int Writes { get; private set; }

    public (int At, Interruption How)? Plan { get; init; }

    public Interruption? Next() => ++Writes == Plan?.At ? Plan?.How : null;
}
