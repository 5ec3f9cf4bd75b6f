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

    [Fact]
    public void Halfway_through_an_upgrade_the_way_back_is_open()
    {
        var seen = Seen.Running(CreationTests.Spec).Applied()
            .Edited(spec => spec with { Version = "v8.5.1" }).Applied()
            .Edited(spec => spec with { Version = "v8.5.0" });
        Assert.False(Validation.Refuses(Validation.Check(seen.Now.Cluster)));
    }
}
