using Tidekeeper.Simulation.Engine;
using Tidekeeper.Simulation.Faults;
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
        // Every fourth write in one way each; every write in all three ways, and for all scenarios, when asked.
        var all = Environment.GetEnvironmentVariable("TIDE_POINTS") is not null;
        foreach (var scenario in all ? Scenarios.All : [Scenarios.All.Single(s => s.Name == "TiDB grows twice")])
        {
            var writes = CampaignRun.Run(scenario, 1, new Weather()).Writes;
            output.WriteLine($"{scenario.Name}: {writes} writes");
            foreach (var how in Enum.GetValues<Interruption>())
            {
                for (var at = 1; at <= writes; at++)
                {
                    if (all || at % 12 == 4 * (int)how)
                        Interrupt(scenario, at, how);
                }
            }
        }
    }

    private static void Interrupt(Scenario scenario, int at, Interruption how)
    {
        try
        {
            CampaignRun.Run(scenario, 1, new Weather(), new Interruptions { Plan = (at, how) });
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"{scenario.Name}, {how} at write {at}: {e.Message}", e);
        }
    }
}
