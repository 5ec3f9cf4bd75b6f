using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Tidekeeper.EndToEnd.TiDB;

/// <summary>The cluster <c>basic</c> of one namespace, while somebody does something to it.</summary>
internal sealed class LivingCluster(TidePlayground tide, string ns)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(180);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(300);

    public static async Task<LivingCluster> Create(TidePlayground tide, string ns, string manifest)
    {
        await tide.Create(ns, manifest);
        return new LivingCluster(tide, ns);
    }

    public Task<string> Kubectl(string arguments, string? input = null) =>
        tide.Kubectl($"-n {ns} {arguments}", input);

    public Task Delete(string objects) => tide.Delete(ns, objects);

    public Task<string> Tide(string arguments) => tide.Tide([.. arguments.Split(' '), "-n", ns]);

    public Task<Said> TryTide(string arguments) => tide.TryTide([.. arguments.Split(' '), "-n", ns]);

    public Task<string> Why() => Tide("why basic");

    /// <summary>Merges into the spec; no blanks, as kubectl's arguments are split at them.</summary>
    public Task<string> Patch(string spec) =>
        Kubectl($"patch tc/basic --type merge -p {{\"spec\":{spec}}}");

    public Task<JsonNode> Get() => tide.Get(ns, "tc/basic");

    public async Task<string> NodeOf(string pod) =>
        (await Kubectl($"get pod {pod} -o jsonpath={{.spec.nodeName}}")).Trim();

    public async Task<string> UidOf(string what) =>
        (await Kubectl($"get {what} -o jsonpath={{.metadata.uid}}")).Trim();

    /// <summary>The names of the pods of a component in order, with blanks between.</summary>
    public async Task<string> Pods(string component) => (await Kubectl(
        $"get pods -l app.kubernetes.io/component={component} --sort-by=.metadata.name "
        + "-o jsonpath={.items[*].metadata.name}")).Trim();

    public static string? Status(JsonNode cluster, string condition) =>
        (string?)Condition(cluster, condition)?["status"];

    public static JsonNode? Condition(JsonNode cluster, string type) =>
        cluster["status"]?["conditions"]?.AsArray().FirstOrDefault(one => (string?)one!["type"] == type);

    /// <summary>Everything serves as the newest spec wants it.</summary>
    public Task Ready() => Until("it is ready", cluster =>
        (long?)cluster["status"]?["observedGeneration"] == (long?)cluster["metadata"]!["generation"]
        && Status(cluster, "Ready") == "True" && cluster["status"]?["waiting"] is null);

    /// <summary>PD has made all replicas, so that one may be lost.</summary>
    public Task Replicated() => Until("no region lacks a replica", MissingPeers, missing => missing == 0);

    private async Task<int?> MissingPeers()
    {
        var address = await Kubectl("get pods -l app.kubernetes.io/component=pd -o jsonpath={.items[*].status.podIP}");
        using var client = new HttpMessageInvoker(new SocketsHttpHandler());
        foreach (var pd in address.Trim().Split(' '))
        {
            try
            {
                using var question = new HttpRequestMessage(
                    HttpMethod.Get, $"http://{pd}:2379/pd/api/v1/regions/check/miss-peer");
                using var answer = await client.SendAsync(question, CancellationToken.None);
                var regions = JsonNode.Parse(await answer.Content.ReadAsStringAsync());
                return (int?)regions?["count"];
            }
            catch (HttpRequestException)
            {
                // This one does not serve just now; another one may.
            }
        }

        return null;
    }

    /// <summary>What the operator waits for contains the text.</summary>
    public Task Waits(string text) => Until($"it waits for '{text}'",
        cluster => ((string?)cluster["status"]?["waiting"]?["why"])?.Contains(text) == true);

    public Task<JsonNode> Until(string what, Func<JsonNode, bool> holds) => Until(what, Get, holds);

    /// <summary>Looks until it holds; else fails with what the operator says.</summary>
    public async Task<T> Until<T>(string what, Func<Task<T>> look, Func<T, bool> holds)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var seen = await look();
            if (holds(seen))
                return seen;
            if (TimeProvider.System.GetElapsedTime(began) > Limit)
                Assert.Fail($"not within {Limit}: {what}\n{(await TryTide("why basic")).All}"
                    + $"{(await TryTide("status basic")).All}");
            await Task.Delay(Interval, TimeProvider.System);
        }
    }

    /// <summary>An application that goes on until the test ends it.</summary>
    public RunningProbe Probe(int patienceSeconds = 60) => new(tide.Start(
        "probe", "basic", "-n", ns, "--seconds", "1000", "--rate", "20", "--patience", $"{patienceSeconds}"));

    public async Task KillOperator()
    {
        using var process = Process.GetProcessById(await tide.Operator());
        process.Kill();
        await process.WaitForExitAsync();
    }
}

/// <summary>A prober in a process of its own.</summary>
internal sealed class RunningProbe(Process process) : IAsyncDisposable
{
    /// <summary>No statement failed and every acknowledged row is there.</summary>
    public async Task NoticedNothing()
    {
        // Not SIGINT: whatever a shell started in the background ignores that.
        await Client.Try("sh", ["-c", $"kill -TERM {process.Id}"]);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(120), TimeProvider.System);
        var said = await process.StandardOutput.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        Assert.True(process.ExitCode == 0, said);
        Assert.Contains("no statement failed", said);
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill();
            await process.WaitForExitAsync();
        }

        process.Dispose();
    }
}
