using System.Diagnostics;
using Tidekeeper.EndToEnd.TiDB;

namespace Tidekeeper.EndToEnd;

/// <summary>A playground that ends, gently or not, and is started again.</summary>
public sealed class RestartTests
{
    [PlaygroundFact("kubectl", "mysql")]
    public async Task Objects_and_rows_outlive_the_playground_with_a_data_directory()
    {
        await using var tide = new TidePlayground();
        await tide.Up("--data-dir", tide.DataDirectory);
        await tide.Create("kept", Manifests.Full);
        await tide.Sql("kept", "basic", "create table test.t(a int primary key); insert into test.t values (7)");

        // Without a manifest it waits for the clusters that were kept, and believes no status of an earlier life.
        await tide.Tide("down");
        var said = await tide.Tide("up", "--detach", "--data-dir", tide.DataDirectory);
        Assert.Contains("kept/basic is ready", said);
        Assert.DoesNotContain("applied", said);
        Assert.Equal("7\n", await tide.Sql("kept", "basic", "select a from test.t"));

        await using (var other = new TidePlayground())
        {
            var refused = await other.TryTide("up", "--detach", "--data-dir", tide.DataDirectory);
            Assert.Equal(3, refused.ExitCode);
            Assert.Contains($"--data-dir {tide.DataDirectory} cannot be used", refused.Error);
        }

        using (var playground = Process.GetProcessById(tide.ProcessId))
            playground.Kill();
        await tide.Tide("up", "--detach", "--data-dir", tide.DataDirectory);
        Assert.Equal("7\n", await tide.Sql("kept", "basic", "select a from test.t"));
        Assert.DoesNotContain("crash", (await tide.Get("kept", "events")).ToJsonString());
    }

    [PlaygroundFact("kubectl", "mysql")]
    public async Task A_status_that_nobody_renews_is_not_shown_as_the_truth()
    {
        await using var tide = new TidePlayground();
        await tide.Up("--data-dir", tide.DataDirectory);
        await tide.Create("kept", Manifests.Small);
        await tide.Tide("down");

        await tide.Up("--data-dir", tide.DataDirectory, "--no-operator");
        await tide.Kubectl("delete pod -n kept basic-tikv-0 --wait=false");
        await tide.Kubectl("patch -n kept sts basic-tikv -p {\"spec\":{\"replicas\":0}}");
        Assert.Equal("True", await tide.Kubectl(
            "get -n kept tc basic -o jsonpath={.status.conditions[?(@.type==\"Ready\")].status}"));
        Assert.Contains("has not looked at it since: ", await tide.Tide("status", "basic", "-n", "kept"));
        Assert.Contains("tikv 0/1", await tide.Tide("status", "basic", "-n", "kept"));
    }
}
