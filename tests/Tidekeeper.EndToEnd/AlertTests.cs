using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Tidekeeper.EndToEnd.TiDB;

namespace Tidekeeper.EndToEnd;

/// <summary>deploy/alerts.yaml as a real Prometheus takes it, over the numbers of a real operator.</summary>
[Collection(InPlayground.Name)]
public sealed class AlertTests(SharedPlayground shared)
{
    private static readonly string Rules = Beside("../../deploy/alerts.yaml");
    private static readonly string Tests = Beside("alerts.test.yaml");
    private readonly TidePlayground _tide = shared.Tide;

    [ProgramFact("promtool")]
    public async Task Every_alert_fires_when_it_should_and_only_then()
    {
        foreach (var arguments in (string[][])[["check", "rules", Rules], ["test", "rules", Tests]])
        {
            var said = await Client.Try("promtool", arguments);
            Assert.True(said.ExitCode == 0, said.All);
        }
    }

    [Fact]
    public void Every_alert_is_tested_in_both_directions()
    {
        var alerts = Names(Rules, "- alert: (\\w+)");
        Assert.NotEmpty(alerts);
        Assert.Equal(alerts, Names(Tests, "- name: (\\w+) fires"));
        Assert.Equal(alerts, Names(Tests, "- name: (\\w+) is silent"));
    }

    [ProgramFact("kubectl", "promtool", "prometheus")]
    public async Task A_real_Prometheus_reads_the_operator_and_evaluates_every_alert()
    {
        await _tide.Create("watched", Manifests.Small);
        var pods = await _tide.Get("tidekeeper-system", "pods");
        var address = $"{pods["items"]![0]!["status"]!["podIP"]}:8080";
        using var direct = new HttpMessageInvoker(new SocketsHttpHandler { Proxy = new WebProxy(_tide.Proxy) });
        var scrape = await Read(direct, $"http://{address}/metrics");
        var lint = await Client.Try("promtool", ["check", "metrics"], input: scrape);
        Assert.True(lint.ExitCode == 0, lint.All);

        // Families print their head although they may have no series now.
        var published = Regex.Matches(scrape, "^# TYPE (\\w+) ", RegexOptions.Multiline)
            .Select(one => one.Groups[1].Value);
        var named = Names(Rules, "\\b(tidekeeper_[a-z_]+?)(?:_bucket)?\\b");
        Assert.Empty(named.Except(published, StringComparer.Ordinal));

        var port = FreePort();
        var folder = Directory.CreateTempSubdirectory("tide-prometheus-").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "prometheus.yml"), $$$"""
            global: {scrape_interval: 1s, evaluation_interval: 1s}
            rule_files: ["{{{Rules}}}"]
            scrape_configs:
              - job_name: tidekeeper
                proxy_url: "{{{_tide.Proxy}}}"
                static_configs: [{targets: ["{{{address}}}"], labels: {namespace: tidekeeper-system}}]
            """);
        using var prometheus = Client.Start("prometheus",
            [$"--config.file={folder}/prometheus.yml", $"--storage.tsdb.path={folder}/data",
                $"--web.listen-address=127.0.0.1:{port}", "--log.level=error"], null);
        try
        {
            using var http = new HttpMessageInvoker(new SocketsHttpHandler { UseProxy = false });
            var at = $"http://127.0.0.1:{port}/api/v1";
            var ready = await Until(http, $"{at}/query?query=tidekeeper_cluster_condition{{condition=\"Ready\"}}",
                answer => answer["data"]!["result"]!.AsArray()
                    .Any(one => (string?)one!["metric"]!["cluster_namespace"] == "watched"));
            var watched = ready["data"]!["result"]!.AsArray()
                .Single(one => (string?)one!["metric"]!["cluster_namespace"] == "watched")!;
            Assert.Equal("1", (string?)watched["value"]![1]);
            var rules = await Until(http, $"{at}/rules", answer => All(answer).Any()
                && All(answer).All(rule => (string?)rule["health"] != "unknown"));
            Assert.All(All(rules), rule => Assert.Equal("ok", (string?)rule["health"]));
            Assert.Equal(Names(Rules, "- alert: (\\w+)"),
                All(rules).Select(rule => (string)rule["name"]!).Order(StringComparer.Ordinal));
        }
        finally
        {
            prometheus.Kill();
            await prometheus.WaitForExitAsync();
            Directory.Delete(folder, recursive: true);
        }
    }

    private static IEnumerable<JsonNode> All(JsonNode answer) =>
        answer["data"]!["groups"]!.AsArray().SelectMany(group => group!["rules"]!.AsArray()).Select(rule => rule!);

    private static async Task<JsonNode> Until(HttpMessageInvoker http, string url, Func<JsonNode, bool> holds)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60), TimeProvider.System);
        while (true)
        {
            try
            {
                if (JsonNode.Parse(await Read(http, url)) is { } answer && holds(answer))
                    return answer;
            }
            catch (HttpRequestException)
            {
                // It is still starting.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, limit.Token);
        }
    }

    private static async Task<string> Read(HttpMessageInvoker http, string url)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        using var response = (await http.SendAsync(request, CancellationToken.None)).EnsureSuccessStatusCode();
        return await response.Content.ReadAsStringAsync();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static IReadOnlyList<string> Names(string file, string pattern) =>
        [.. Regex.Matches(File.ReadAllText(file), pattern).Select(one => one.Groups[1].Value)
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    private static string Beside(string path, [CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, path));
}
