using Tidekeeper.Playground.Api.Kinds;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.UnitTests.Playground.Controllers;

public class CronJobTests
{
    [Fact]
    public void Jobs_are_made_when_they_are_due_and_only_the_last_few_are_kept()
    {
        var cluster = new TestCluster();
        cluster.Apply("""
            apiVersion: batch/v1
            kind: CronJob
            metadata: {name: c}
            spec:
              schedule: "*/5 * * * *"
              successfulJobsHistoryLimit: 2
              jobTemplate:
                spec:
                  template:
                    spec: {restartPolicy: Never, containers: [{name: c, image: test/done:1}]}
            """);
        cluster.Pass(301);
        var first = Assert.Single(cluster.Api.List("batch/v1/jobs"));
        Assert.Matches("^c-[0-9]+$", first.Name());
        cluster.Pass(1500);
        Assert.Equal(2, cluster.Api.List("batch/v1/jobs").Count);
        Assert.NotNull(cluster.Get("batch/v1/cronjobs", "c").Text("status", "lastSuccessfulTime"));
    }

    [Theory]
    [InlineData("0 0 1 1 *", "2027-01-01T00:00:00Z")]
    [InlineData("30 6 * * mon-fri", "2026-01-01T06:30:00Z")]
    [InlineData("*/20 5-6 * * *", "2026-01-01T05:00:00Z")]
    [InlineData("0 0 13 * 5", "2026-01-02T00:00:00Z")]
    [InlineData("@hourly", "2026-01-01T01:00:00Z")]
    public void A_schedule_names_its_next_moment(string line, string expected)
    {
        var from = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var next = CronSchedule.TryParse(line, out _)!.After(from);
        Assert.Equal(DateTimeOffset.Parse(expected, System.Globalization.CultureInfo.InvariantCulture), next);
    }
}
