using Tidekeeper.Simulation.Faults;
using Xunit.Abstractions;

namespace Tidekeeper.Simulation.Campaign;

public class CampaignTests(ITestOutputHelper output)
{
    private const int SeedsInCi = 1;

    public static TheoryData<Scenario> All => [.. Scenarios.All];

    [Theory]
    [MemberData(nameof(All))]
    public void In_fair_weather_no_statement_fails_and_every_wish_is_fulfilled(Scenario scenario)
    {
        var result = CampaignRun.Run(scenario, 1, new Weather());
        output.WriteLine(result.ToString());
        Assert.True(result.Acknowledged > 20, $"the client wrote hardly anything: {result}");
        Assert.True(scenario.EndsDeleted || result.Refused == 0, $"statements failed: {result}");
    }

    [Theory]
    [MemberData(nameof(All))]
    public void In_any_weather_every_wish_is_fulfilled_and_no_row_is_lost(Scenario scenario)
    {
        var count = int.TryParse(Environment.GetEnvironmentVariable("TIDE_SEEDS"), out var asked) ? asked : SeedsInCi;
        for (var seed = 500; seed < 500 + count; seed++)
        {
            var first = CampaignRun.Run(scenario, seed);
            output.WriteLine(first.ToString());
            Assert.Equal(first.Hash, CampaignRun.Run(scenario, seed).Hash);
        }
    }
}
