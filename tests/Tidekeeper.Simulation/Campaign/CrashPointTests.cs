using Tidekeeper.Simulation.Engine;
using Xunit.Abstractions;

namespace Tidekeeper.Simulation.Campaign;

/// <summary>
/// Chance does not find a window of a millisecond; counting does. Something goes wrong at each write of a history in
/// turn: the operator dies before it, after it, or never hears of it.
/// </summary>
public class CrashPointTests(ITestOutputHelper output)
{
    [Fact]
    public void Whatever_happens_at_whichever_write_every_wish_is_fulfilled()
    {
        // Every other write in one way each; `tide sim` draws from all of them, and from pairs.
        var scenario = Scenarios.Named("TiDB grows twice");
        var writes = new Trial(scenario, 1).Run().Writes;
        output.WriteLine($"{scenario.Name}: {writes} writes");
        var ways = Enum.GetValues<Interruption>();
        for (var at = 1; at <= writes; at++)
        {
            if (at % 2 == 0)
                new Trial(scenario, 1) { Plan = [new PlannedInterruption(at, ways[at / 2 % ways.Length])] }.Run();
        }
    }
}
