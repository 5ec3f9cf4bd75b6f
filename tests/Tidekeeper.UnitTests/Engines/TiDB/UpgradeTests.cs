using Tidekeeper.Engines.TiDB;
using Tidekeeper.Model;

namespace Tidekeeper.UnitTests.Engines.TiDB;

public sealed class UpgradeTests
{
    [Theory]
    [InlineData("v8.5.0", "v8.5.1", "")]
    [InlineData("v8.5.0", "v8.5.0", "")]
    [InlineData("v7.5.0", "v8.5.0", "")]
    [InlineData("v8.5.0", "nightly", "")]
    [InlineData("nightly", "v8.5.0", "")]
    [InlineData("v8.5.1", "v8.5.0",
        "spec.version: v8.5.0 is older than v8.5.1, which the cluster has finished with; write v8.5.1 or a newer one; "
        + "to go back, restore a backup into a new cluster")]
    [InlineData("v3.0.20", "v8.5.0",
        "spec.version: v8.5.0 cannot be reached from v3.0.20 directly; go to v4.0.16 first")]
    public void A_version_follows_the_one_that_the_cluster_finished_with(string had, string wanted, string expected)
    {
        var running = Seen.Running(CreationTests.Spec.Replace("v8.5.0", had, StringComparison.Ordinal));
        Assert.Equal(had, running.Status().Versions!["tikv"]);
        var edited = running.Applied().Edited(spec => spec with { Version = wanted });
        var refused = Validation.Check(edited.Now.Cluster).Where(one => one.Severity == Severity.Refused).ToList();
        Assert.Equal(expected, refused.Count == 0 ? "" : refused[0].ToString());
    }

    [Theory]
    [InlineData("v8.5.0", "v8.5.0", "v8.5.2", "")]
    [InlineData("v8.5.0", "v8.5.0", "nightly", "")]
    [InlineData("v8.5.0", "v7.5.3", "v7.5.3",
        "Warning spec.tikv.version: v7.5.3 is older than PD's v8.5.0, which is good only while an upgrade is under "
        + "way; write the same version for PD and TiKV\n"
        + "Warning spec.tidb.version: v7.5.3 is older than PD's v8.5.0, which is good only while an upgrade is under "
        + "way; write the same version for PD and TiDB")]
    [InlineData("v8.5.0", "v8.5.0", "v9.0.0",
        "Refused spec.tidb.version: v9.0.0 is newer than PD's v8.5.0, and TiDB is upgraded after PD; write the same "
        + "version for PD and TiDB")]
    [InlineData("v7.5.3", "v8.5.0", "v7.5.3",
        "Refused spec.tikv.version: v8.5.0 is newer than PD's v7.5.3, and TiKV is upgraded after PD; write the same "
        + "version for PD and TiKV\n"
        + "Warning spec.tidb.version: v7.5.3 is older than TiKV's v8.5.0, which is good only while an upgrade is under "
        + "way; write the same version for TiKV and TiDB")]
    public void Components_go_together_in_the_order_in_which_they_are_upgraded(
        string pd, string tikv, string tidb, string expected) =>
        Assert.Equal(expected, string.Join('\n', Validation.Check(Of(pd, tikv, tidb).Now.Cluster)
            .Select(one => $"{one.Severity} {one}")));

    [Fact]
    public void A_mixture_that_runs_already_stays_repairable_and_is_named()
    {
        var running = Of("v8.5.0", "v8.5.0", "v9.0.0");
        running = new(running.Now with
        {
            Cluster = running.Now.Cluster with
            {
                Status = new()
                {
                    Versions = new(StringComparer.Ordinal)
                    {
                        ["pd"] = "v8.5.0",
                        ["tikv"] = "v8.5.0",
                        ["tidb"] = "v9.0.0",
                    },
                },
            },
        });
        var problems = Validation.Check(running.Now.Cluster);
        Assert.False(Validation.Refuses(problems));
        Assert.StartsWith("the spec can be acted upon; mind: spec.tidb.version: v9.0.0 is newer than PD's v8.5.0",
            running.With([.. problems]).Condition(TidbConditions.Accepted).Message, StringComparison.Ordinal);
    }

    private static Seen Of(string pd, string tikv, string tidb) => Seen.Of(CreationTests.Spec).Edited(spec => spec with
    {
        Pd = spec.Pd! with { Version = pd },
        Tikv = spec.Tikv! with { Version = tikv },
        Tidb = spec.Tidb! with { Version = tidb },
    });

    [Fact]
    public void Halfway_through_an_upgrade_the_way_back_is_open()
    {
        var seen = Seen.Running(CreationTests.Spec).Applied()
            .Edited(spec => spec with { Version = "v8.5.1" }).Applied()
            .Edited(spec => spec with { Version = "v8.5.0" });
        Assert.False(Validation.Refuses(Validation.Check(seen.Now.Cluster)));
    }
}
