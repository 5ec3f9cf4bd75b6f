using System.Diagnostics;
using Tidekeeper.EndToEnd.TiDB;

namespace Tidekeeper.EndToEnd;

/// <summary><c>tide up</c> in a terminal, and Ctrl-C.</summary>
public sealed class ForegroundTests
{
    [Fact]
    public async Task Ctrl_C_ends_the_playground_and_every_process_of_it()
    {
        await using var tide = new TidePlayground();
        using var up = tide.Start("up", "-f", await tide.Write("cluster.yaml", Manifests.Small));
        await Read(up, "Press Ctrl-C");
        int[] processes = [tide.ProcessId, await tide.Operator()];
        Assert.All(processes, id => Assert.True(Directory.Exists($"/proc/{id}")));

        Assert.Contains("the playground has stopped", await Interrupt(up));
        Assert.Equal(0, up.ExitCode);
        Assert.All(processes, id => Assert.False(Directory.Exists($"/proc/{id}")));
        Assert.Equal(6, (await tide.TryTide("kubeconfig")).ExitCode);
    }

    [Fact]
    public async Task Ctrl_C_before_the_cluster_is_ready_leaves_nothing_behind()
    {
        await using var tide = new TidePlayground();
        var never = Manifests.Small.Replace("pd: { ", "pd: { nodeSelector: { on: mars }, ", StringComparison.Ordinal);
        using var up = tide.Start("up", "-f", await tide.Write("cluster.yaml", never));
        await Read(up, "pd.nodeSelector on=mars");
        var playground = tide.ProcessId;

        Assert.Contains("interrupted; the playground has stopped", await Interrupt(up));
        Assert.Equal(130, up.ExitCode);
        Assert.False(Directory.Exists($"/proc/{playground}"));
    }

    private static async Task Read(Process up, string text)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60), TimeProvider.System);
        while (await up.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            if (line.Contains(text, StringComparison.Ordinal))
                return;
        }

        Assert.Fail($"it ended without '{text}': {await up.StandardError.ReadToEndAsync(limit.Token)}");
    }

    private static async Task<string> Interrupt(Process up)
    {
        await Client.Try("sh", ["-c", $"kill -INT {up.Id}"]);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30), TimeProvider.System);
        var rest = await up.StandardOutput.ReadToEndAsync(limit.Token);
        await up.WaitForExitAsync(limit.Token);
        return rest;
    }
}
