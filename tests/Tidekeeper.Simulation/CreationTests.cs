using Tidekeeper.Simulation.Faults;
using Xunit.Abstractions;

namespace Tidekeeper.Simulation;

public class CreationTests(ITestOutputHelper output)
{
    [Fact]
    public void In_fair_weather_a_cluster_comes_up()
    {
        var result = Creation.Run(1, new Weather());
        Assert.True(result.WritesJudged > 0, "no write was judged: the rules were not asked");
    }

    [Theory]
    [MemberData(nameof(Seeds.Regressions), MemberType = typeof(Seeds))]
    public void A_seed_that_once_failed_does_not_fail_again(int seed, string story)
    {
        output.WriteLine(story);
        Creation.Run(seed);
    }
}
