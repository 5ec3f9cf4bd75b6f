namespace Tidekeeper.Simulation;

/// <summary>Every seed that ever failed, with what it found. None is removed.</summary>
public static class Seeds
{
    public static TheoryData<int, string> Regressions => new()
    {
        { 100, "one lost answer to a renewal of the lease took 30 s to be noticed, and the lease was lost meanwhile" },
    };
}
