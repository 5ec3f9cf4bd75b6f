using Xunit.Abstractions;

namespace Tidekeeper.Simulation.Campaign;

/// <summary>Every scenario as a user would see it on a good day.</summary>
public class CampaignInFairWeatherTests(ITestOutputHelper output)
{
    public static TheoryData<Scenario> All => [.. Scenarios.All];

    [Theory]
    [MemberData(nameof(All))]
    public void In_fair_weather_no_statement_fails_and_every_wish_is_fulfilled(Scenario scenario)
    {
        var result = new Trial(scenario, 1).Run();
        output.WriteLine(result.ToString());
        Assert.True(result.Acknowledged > 20, $"the client wrote hardly anything: {result}");
        Assert.True(scenario.EndsDeleted || scenario.Interrupts || result.Refused == 0, $"statements failed: {result}");
    }
}

/// <summary>The same in a storm; <c>./tide sim</c> draws others without end.</summary>
public class CampaignInAnyWeatherTests(ITestOutputHelper output)
{
    private const int Seed = 500;

    public static TheoryData<Scenario> All => [.. Scenarios.All];

    [Theory]
    [MemberData(nameof(All))]
    public void In_any_weather_every_wish_is_fulfilled_and_no_row_is_lost(Scenario scenario) =>
        output.WriteLine(Trial.Drawn(scenario, Seed).Run().ToString());

    [Theory]
    [InlineData("another version for all four")]
    [InlineData("one claim after another is deleted")]
    [InlineData("a machine is off for an hour")]
    [InlineData("a node is drained in the middle of an upgrade")]
    public void The_same_history_is_the_same_again(string scenario)
    {
        var trial = Trial.Drawn(Scenarios.Named(scenario), Seed);
        Assert.Equal(trial.Run().Hash, trial.Run().Hash);
    }

    [Theory]
    [MemberData(nameof(Seeds.CampaignRegressions), MemberType = typeof(Seeds))]
    public void A_history_that_once_failed_does_not_fail_again(string trial, string story)
    {
        output.WriteLine(story);
        Trial.Parse(trial).Run();
    }
}
