namespace Tidekeeper.Simulation;

/// <summary>Every seed that ever failed, with what it found. None is removed.</summary>
public static class Seeds
{
    public static TheoryData<int, string> Regressions => new()
    {
        // The cause itself is guarded by a unit test of the election; the run only shows that the history ends well.
        { 100, "one lost answer to a renewal of the lease took 30 s to be noticed, and the lease was lost meanwhile" },
    };
}
