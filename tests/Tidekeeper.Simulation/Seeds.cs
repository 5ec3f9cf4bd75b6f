namespace Tidekeeper.Simulation;

/// <summary>Every seed that ever failed, with what it found. None is removed.</summary>
public static class Seeds
{
    public static TheoryData<int, string> Regressions => new()
    {
        { 7, "the first seed" },
    };
}
