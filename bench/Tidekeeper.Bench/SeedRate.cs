using Tidekeeper.Simulation;
using Tidekeeper.Simulation.Campaign;

namespace Tidekeeper.Bench;

/// <summary>How many histories the simulation goes through in a second of CPU time, which is one core.</summary>
internal static class SeedRate
{
    private static readonly TimeSpan Time = TimeSpan.FromSeconds(12);

    public static IReadOnlyList<Measured> Run() =>
    [
        new("simulation: creations in any weather", "", Rate(seed => Creation.Run(seed).Simulated)),
        new("simulation: living clusters under a client, in any weather", "", Rate(seed =>
        {
            Trial.Drawn(Scenarios.All[seed % Scenarios.All.Count], seed).Run();
            return TimeSpan.Zero;
        })),
    ];

    private static string Rate(Func<int, TimeSpan> run)
    {
        run(100);
        var begun = Environment.CpuUsage.TotalTime;
        var seed = 101;
        var simulated = TimeSpan.Zero;
        for (; Environment.CpuUsage.TotalTime - begun < Time; seed++)
            simulated += run(seed);
        var seconds = (Environment.CpuUsage.TotalTime - begun).TotalSeconds;
        var faster = simulated > TimeSpan.Zero ? $", {simulated.TotalSeconds / seconds:0} × faster than time" : "";
        return $"{(seed - 101) / seconds:0.0} seeds per second of CPU{faster}";
    }
}
