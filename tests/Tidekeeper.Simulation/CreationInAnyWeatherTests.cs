using Xunit.Abstractions;

namespace Tidekeeper.Simulation;

/// <summary>
/// Each seed is run twice and must be the same history both times. Two classes, because tests of one class wait for
/// each other and a run uses one core.
/// </summary>
public class CreationInAnyWeatherTests(ITestOutputHelper output)
{
    [Fact]
    public void In_any_weather_a_cluster_comes_up_once_and_the_same_seed_is_the_same_history() =>
        SeedRange.RunTwice(0, output);
}

public class CreationInAnyOtherWeatherTests(ITestOutputHelper output)
{
    [Fact]
    public void In_any_weather_a_cluster_comes_up_once_and_the_same_seed_is_the_same_history() =>
        SeedRange.RunTwice(1, output);
}

/// <summary>The seeds that are run at every change.</summary>
internal static class SeedRange
{
    private const int First = 100;
    private const int InCi = 60;

    /// <param name="half">Even seeds or odd ones.</param>
    public static void RunTwice(int half, ITestOutputHelper output)
    {
        for (var seed = First + half; seed < First + InCi; seed += 2)
        {
            var first = Creation.Run(seed);
            var second = Creation.Run(seed);
            Assert.True(first.Hash == second.Hash, $"seed {seed}: two runs differ: {first} and {second}");
            output.WriteLine(first.ToString());
        }
    }
}
