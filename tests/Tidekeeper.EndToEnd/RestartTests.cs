using System.Diagnostics;
using Tidekeeper.EndToEnd.TiDB;

namespace Tidekeeper.EndToEnd;

/// <summary>A playground that ends, gently or not, and is started again.</summary>
public sealed class RestartTests
{
    [ProgramFact("kubectl", "mysql")]
    public async Task Objects_and_rows_outlive_the_playground_with_a_data_directory()
    {
        await using var tide = new TidePlayground();
        await tide.Up("--data-dir", tide.DataDirectory);
        await tide.Create("kept", Manifests.Full);
        await tide.Sql("kept", "basic", "create table test.t(a int primary key); insert into test.t values (7)");

        await tide.Tide("down");
        await tide.Up("--data-dir", tide.DataDirectory);
        await tide.Ready("kept");
        Assert.Equal("7\n", await tide.SqlOnceServed("kept", "basic", "select a from test.t"));

        using (var playground = Process.GetProcessById(tide.ProcessId))
            playground.Kill();
        await tide.Up("--data-dir", tide.DataDirectory);
        await tide.Kubectl("rollout status -n tidekeeper-system deploy/tidekeeper-operator --timeout=60s");
        await tide.Ready("kept");
        Assert.Equal("7\n", await tide.SqlOnceServed("kept", "basic", "select a from test.t"));
    }

    [Fact]
    public async Task Without_a_playground_every_command_says_how_to_start_one()
    {
        await using var tide = new TidePlayground();
        var kubeconfig = await tide.TryTide("kubeconfig");
        Assert.Equal(6, kubeconfig.ExitCode);
        Assert.Contains("tide up", kubeconfig.Error);
        Assert.Equal("no playground is running\n", await tide.Tide("down"));
    }
}
