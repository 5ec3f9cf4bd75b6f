using Tidekeeper.Simulation.Faults;
using Xunit.Abstractions;

namespace Tidekeeper.Simulation;

public class CreationTests(ITestOutputHelper output)
{
    private const int SeedsInCi = 30;

    [Fact]
    public void In_fair_weather_a_cluster_comes_up()
    {
        var result = Creation.Run(1, new Weather());
        Assert.True(result.WritesJudged > 0, "no write was judged: the rules were not asked");
    }

    [Fact]
    public void In_any_weather_a_cluster_comes_up_once_and_the_same_seed_is_the_same_history()
    {
        var count = int.TryParse(Environment.GetEnvironmentVariable("TIDE_SEEDS"), out var asked) ? asked : SeedsInCi;
        for (var seed = 100; seed < 100 + count; seed++)
        {
            var first = Creation.Run(seed);
            var second = Creation.Run(seed);
            Assert.True(first.Hash == second.Hash, $"seed {seed}: two runs differ: {first} and {second}");
            output.WriteLine(first.ToString());
        }
    }

    [Theory]
    [MemberData(nameof(Seeds.Regressions), MemberType = typeof(Seeds))]
    public void A_seed_that_once_failed_does_not_fail_again(int seed, string story)
    {
        output.WriteLine(story);
        Creation.Run(seed);
    }

    [Fact]
    public void One_seed()
    {
        if (int.TryParse(Environment.GetEnvironmentVariable("TIDE_SEED"), out var seed))
            output.WriteLine(Creation.Run(seed).ToString());
    }
}
