using System.Net;
using System.Net.Sockets;

namespace Tidekeeper.EndToEnd;

/// <summary>What is wrong on the command line: a sentence, an exit code, and nothing is started.</summary>
public sealed class CommandLineTests
{
    [Theory]
    [InlineData("up --nodes=x", "--nodes x: give a number from 0 to 1000")]
    [InlineData("up --port 99999", "--port 99999: give a number from 0 to 65535")]
    [InlineData("up --timeout 0", "--timeout 0: give a number from 1 to 86400")]
    [InlineData("up -f", "Required argument missing for option: '-f'.")]
    [InlineData("up -f nowhere.yaml", "-f nowhere.yaml: there is no such file")]
    [InlineData("status --wide", "--wide: there is no such option")]
    [InlineData("status -o yaml", "Argument 'yaml' not recognized. Must be one of:")]
    [InlineData("override basic --guard Nobody", "--guard Nobody: there are Breaker, PdMajority, PodsSettled")]
    [InlineData("override basic --guard StoresUp --for 2d --reason x", "--for 2d: give a time up to 24h, such as 30m")]
    [InlineData("override basic --guard StoresUp", "--reason is missing: say why, for those who come after you")]
    [InlineData("plan", "Option '--file' is required.")]
    [InlineData("approve", "Required argument 'CLUSTER' missing for command: 'approve'.")]
    [InlineData("completion csh", "Argument 'csh' not recognized")]
    [InlineData("upp", "Unrecognized command or argument 'upp'")]
    public async Task A_wrong_word_is_named(string arguments, string message)
    {
        await using var tide = new TidePlayground();
        var said = await tide.TryTide(arguments.Split(' '));
        Assert.Equal(2, said.ExitCode);
        Assert.StartsWith($"tide: {message}", said.Error, StringComparison.Ordinal);
        Assert.Empty(said.Output);
    }

    [Theory]
    [InlineData("", "there is no Kubernetes object in it")]
    [InlineData("a: [b", "line 2, column 1: this is not YAML: ")]
    [InlineData("just words", "there is no Kubernetes object in it")]
    [InlineData("{apiVersion: v1, kind: ConfigMap}", "metadata is missing; write at least metadata.name")]
    [InlineData("{apiVersion: v1, kind: ConfigMap, metadata: {name: 7}}", "metadata.name: 7 is no text; put it")]
    [InlineData("{apiVersion: v1, kind: [a], metadata: {name: a}}", "kind: [\"a\"] is no text; put it in quotes")]
    [InlineData("? {a: b}\n: c", "line 1, column 3: this field's name is no text")]
    [InlineData("{apiVersion: v1, kind: Namespace, metadata: {name: a}}\n---\nfoo: bar", "apiVersion is missing")]
    public async Task A_manifest_that_is_none_starts_nothing(string manifest, string message)
    {
        await using var tide = new TidePlayground();
        var file = await tide.Write("manifest.yaml", manifest);
        var said = await tide.TryTide("up", "--detach", "-f", file);
        Assert.Equal(4, said.ExitCode);
        Assert.Contains(message, said.Error);
        Assert.Equal("no playground is running\n", await tide.Tide("down"));
    }

    [Fact]
    public async Task A_playground_that_cannot_start_says_what_is_in_its_way()
    {
        await using var tide = new TidePlayground();
        using var taken = new TcpListener(IPAddress.Loopback, 0) { ExclusiveAddressUse = true };
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var said = await tide.TryTide("up", "--detach", $"--port={port}");
        Assert.Equal((3, $"tide: the playground did not start: --port {port}: another program uses it; give another "
            + "one, or 0 for any that is free\n"), (said.ExitCode, said.Error));

        var file = await tide.Write("file", "");
        said = await tide.TryTide("up", "--detach", "--data-dir", file);
        Assert.Equal(3, said.ExitCode);
        Assert.StartsWith($"tide: the playground did not start: --data-dir {file} cannot be used", said.Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_playground_every_command_says_how_to_start_one()
    {
        await using var tide = new TidePlayground();
        foreach (var command in (string[])["kubeconfig", "status", "why"])
        {
            var said = await tide.TryTide(command);
            Assert.Equal(6, said.ExitCode);
            Assert.Contains("start one with: tide up", said.Error);
        }

        Assert.Equal("no playground is running\n", await tide.Tide("down"));
    }

    [Fact]
    public async Task Help_can_be_asked_for_in_every_way()
    {
        await using var tide = new TidePlayground();
        var whole = await tide.Tide("--help");
        Assert.Contains("completion", whole);
        Assert.Equal(whole, await tide.Tide("help"));
        Assert.Equal(whole, await tide.Tide());
        Assert.Equal(await tide.Tide("up", "--help"), await tide.Tide("help", "up"));
    }
}
