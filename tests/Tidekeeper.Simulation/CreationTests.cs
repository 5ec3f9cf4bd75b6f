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

    [Fact]
    public void One_seed()
    {
        if (int.TryParse(Environment.GetEnvironmentVariable("TIDE_SEED"), out var seed))
            output.WriteLine(Creation.Run(seed).ToString());
    }

    [Fact]
    public void A_survey_goes_on_after_a_failure()
    {
        if (Environment.GetEnvironmentVariable("TIDE_SURVEY") is not { } range)
            return;
        var bounds = range.Split('-').Select(int.Parse).ToArray();
        for (var seed = bounds[0]; seed <= bounds[1]; seed++)
        {
            var begun = TimeProvider.System.GetTimestamp();
            string line;
            try
            {
                line = Creation.Run(seed).ToString();
            }
            catch (Exception e)
            {
                line = e.ToString();
                if (Environment.GetEnvironmentVariable("TIDE_SURVEY_TO") is { } directory)
                    File.WriteAllText(Path.Combine(directory, $"{seed}.txt"), line);
                line = line.Split('\n')[0];
            }

            var report = $"{TimeProvider.System.GetElapsedTime(begun).TotalMilliseconds:0} ms {line}";
            output.WriteLine(report);
            if (Environment.GetEnvironmentVariable("TIDE_SURVEY_TO") is { } to)
                File.AppendAllText(Path.Combine(to, "survey.txt"), report + "\n");
        }
    }
}
