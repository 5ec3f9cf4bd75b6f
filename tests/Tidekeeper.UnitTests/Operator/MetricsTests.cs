using System.Text;
using Tidekeeper.Engines;
using Tidekeeper.Engines.TiDB;
using Tidekeeper.Kube;
using Tidekeeper.Operator;
using Tidekeeper.Simulation.Engine;
using Tidekeeper.UnitTests.Engines.TiDB;
using Tidekeeper.UnitTests.Tidy;

namespace Tidekeeper.UnitTests.Operator;

public class MetricsTests
{
    private static readonly ObjectKey Basic = new("shop", "basic");
    private readonly ClusterReadings _readings = new(new VirtualTime(Seen.Start));

    [Fact]
    public void The_page_about_metrics_says_what_the_code_does()
    {
        var path = Path.Combine(Repository.Root, "docs/metrics.md");
        var text = Page();
        if (Environment.GetEnvironmentVariable("TIDE_WRITE_GENERATED") == "1")
            File.WriteAllText(path, text);
        Assert.True(File.ReadAllText(path) == text,
            "docs/metrics.md is not what the code says; write it with: TIDE_WRITE_GENERATED=1 ./tide test --filter "
            + nameof(The_page_about_metrics_says_what_the_code_does));
    }

    [Fact]
    public void Every_metric_has_one_name_and_says_what_it_is()
    {
        var all = OperatorMetrics.OfOperator.Concat(OperatorMetrics.OfClusters).ToList();
        Assert.Equal(all.Count, all.Select(one => one.Name).Distinct(StringComparer.Ordinal).Count());
        Assert.All(all, one => Assert.Matches("^tidekeeper_[a-z_]+$", one.Name));
        Assert.All(all, one => Assert.EndsWith(".", one.Help, StringComparison.Ordinal));
        Assert.All(all, one => Assert.Equal(
            one.Type == MetricType.Counter, one.Name.EndsWith("_total", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_cluster_that_serves_says_so_in_numbers() => Assert.Equal(
        """
        tidekeeper_cluster_condition Accepted 1
        tidekeeper_cluster_condition Available 1
        tidekeeper_cluster_condition FullySupported 1
        tidekeeper_cluster_condition Progressing 0
        tidekeeper_cluster_condition Ready 1
        tidekeeper_cluster_condition UpToDate 1
        tidekeeper_cluster_replicas_wanted pd 3
        tidekeeper_cluster_replicas pd 3
        tidekeeper_cluster_replicas_ready pd 3
        tidekeeper_cluster_replicas_wanted tikv 3
        tidekeeper_cluster_replicas tikv 3
        tidekeeper_cluster_replicas_ready tikv 3
        tidekeeper_cluster_replicas_wanted tidb 2
        tidekeeper_cluster_replicas tidb 2
        tidekeeper_cluster_replicas_ready tidb 2
        tidekeeper_cluster_stores tikv/Up 3

        """, Text(Seen.Running(CreationTests.Spec)));

    [Fact]
    public void What_is_wrong_has_a_number()
    {
        var seen = Seen.Running(CreationTests.Spec).Edited(spec => spec with
        {
            Approval = "Manual",
            Tikv = spec.Tikv! with
            {
                Requests = new SortedList<string, string> { ["storage"] = "100Gi", ["cpu"] = "4" },
            },
        });
        seen = seen.Applied().Pd(pd => pd with
        {
            Stores = [.. pd.Stores.Select((one, i) => i == 0 ? one with { State = "Haunted" } : one)],
        }).Applied();
        var text = Text(seen);
        Assert.Contains("tidekeeper_cluster_condition Approved 0\n", text, StringComparison.Ordinal);
        Assert.Contains("tidekeeper_cluster_undertakings NeedsApproval 1\n", text, StringComparison.Ordinal);
        Assert.Contains("tidekeeper_cluster_needs_person NeedsApproval 1\n", text, StringComparison.Ordinal);
        Assert.Contains("tidekeeper_cluster_waiting_since_seconds NeedsApproval ", text, StringComparison.Ordinal);
        Assert.Contains("tidekeeper_cluster_pods_outdated tikv 3\n", text, StringComparison.Ordinal);
        Assert.Contains("tidekeeper_cluster_stores tikv/Other 1\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_numbers_of_a_cluster_go_with_it()
    {
        _readings.Keep(Basic, Readings(Seen.Running(CreationTests.Spec)));
        _readings.Stopped(Basic, "RestartTiKV");
        _readings.Ended(Basic, failed: false);
        Assert.Contains(
            "tidekeeper_cluster_condition{cluster_namespace=\"shop\",cluster_name=\"basic\",condition=\"Ready\"} 1\n",
            Scrape(), StringComparison.Ordinal);
        Assert.Contains("cluster_name=\"basic\",step=\"RestartTiKV\"} 1\n", Scrape(), StringComparison.Ordinal);
        _readings.Forget(Basic);
        _readings.Ended(Basic, failed: false);
        Assert.DoesNotContain("basic", Scrape(), StringComparison.Ordinal);
    }

    [Fact]
    public void Who_does_not_lead_any_more_says_nothing_about_clusters()
    {
        _readings.Ended(Basic, failed: true);
        Assert.Contains("last_reconcile_failed{cluster_namespace=\"shop\",cluster_name=\"basic\"} 1\n", Scrape(),
            StringComparison.Ordinal);
        _readings.Clear();
        Assert.DoesNotContain("basic", Scrape(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_count_needs_a_value_for_each_of_its_labels()
    {
        var metrics = new Metrics();
        metrics.Count(OperatorMetrics.Requests, "get", "20\"0\n");
        Assert.Contains("tidekeeper_api_requests_total{verb=\"get\",code=\"20\\\"0\\n\"} 1\n",
            metrics.Print(OperatorMetrics.OfOperator), StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => metrics.Count(OperatorMetrics.Requests, "get"));
    }

    private static IReadOnlyList<Reading> Readings(Seen seen) =>
        TidbReadings.Of(seen.Now, seen.Plan(), seen.Status());

    private static string Text(Seen seen) => string.Concat(Readings(seen).Select(one =>
        $"{one.Metric.Name} {string.Join('/', ((string[])[one.First, one.Second]).Where(label => label.Length > 0))} "
        + $"{one.Value}\n"));

    private string Scrape() => string.Concat(_readings.Print(OperatorMetrics.OfClusters));

    private static string Page()
    {
        var text = new StringBuilder("""
            # Metrics

            Made from the code by `TIDE_WRITE_GENERATED=1 ./tide test --filter The_page_about`; a test compares.

            The operator serves them as Prometheus text at `/metrics` of its port (8080). What to alert on is an example:
            [`deploy/alerts.yaml`](../deploy/alerts.yaml), a plain rule file, which Prometheus reads (`rule_files`) and `promtool`
            checks. For the Prometheus operator the same text goes under the `spec` of a PrometheusRule:

            ```
            (printf 'apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\n'
             printf 'metadata: {name: tidekeeper}\nspec:\n'; sed 's/^/  /' deploy/alerts.yaml) | kubectl apply -f -
            ```

            ## The operator


            """);
        Table(text, OperatorMetrics.OfOperator);
        text.Append("""

            ## Each cluster

            Only the leader tells about clusters; the series of one go with it. Each bears `cluster_namespace` and
            `cluster_name` (not `namespace`, which Prometheus gives to the operator's own) and the labels below, each with
            few values. What is the same for most clusters has no series: `> 0` is then enough to ask for.


            """);
        Table(text, OperatorMetrics.OfClusters);
        text.Append("""

            `step` is a step of the plan ([engines/tidb.md](engines/tidb.md)); `reason` and `condition` are those of
            [conditions.md](conditions.md).

            """);
        return text.ToString();
    }

    private static void Table(StringBuilder text, IEnumerable<Metric> metrics)
    {
        text.Append("| Metric | Type | Labels | |\n|---|---|---|---|\n");
        foreach (var metric in metrics)
        {
            text.Append($"| `{metric.Name}` | {metric.Type.ToString().ToLowerInvariant()} | "
                + $"{string.Join(", ", metric.Labels.Select(label => $"`{label}`"))} | {metric.Help} |\n");
        }
    }
}
