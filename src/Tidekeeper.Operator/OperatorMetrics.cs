using Tidekeeper.Engines;
using Tidekeeper.Engines.TiDB;

namespace Tidekeeper.Operator;

/// <summary>What the operator publishes; docs/metrics.md is made from it.</summary>
public static class OperatorMetrics
{
    public static readonly Metric Leads = new(
        "tidekeeper_leads", MetricType.Gauge, "1 where this process holds the lease and works, 0 where it stands by.");

    public static readonly Metric Clusters = new("tidekeeper_clusters", MetricType.Gauge, "Clusters known.");

    public static readonly Metric Memory = new(
        "tidekeeper_memory_bytes", MetricType.Gauge, "Memory of the managed heap.");

    public static readonly Metric QueueReady = new(
        "tidekeeper_queue_ready", MetricType.Gauge, "Clusters that are due and wait for a worker.");

    public static readonly Metric QueueInFlight = new(
        "tidekeeper_queue_in_flight", MetricType.Gauge, "Clusters being reconciled.");

    public static readonly Metric QueueWait = new(
        "tidekeeper_queue_wait_seconds", MetricType.Histogram, "From when a cluster was due to when a worker took it.");

    public static readonly Metric Reconciles = new(
        "tidekeeper_reconciles_total", MetricType.Counter,
        "Reconciles, by outcome: Settled, Again (looks again later) or Failed.", "outcome");

    public static readonly Metric ReconcileTime = new(
        "tidekeeper_reconcile_seconds", MetricType.Histogram, "How long reconciles took.");

    public static readonly Metric Requests = new(
        "tidekeeper_api_requests_total", MetricType.Counter,
        "Requests to the API server; code 0 is no answer.", "verb", "code");

    public static readonly Metric Acts = new(
        "tidekeeper_acts_total", MetricType.Counter,
        "Acts that changed something, by kind and by the step of the plan that wanted them.", "kind", "step");

    public static readonly Metric LastReconcile = new(
        "tidekeeper_cluster_last_reconcile_seconds", MetricType.Gauge,
        "When the cluster was looked at last, in seconds since 1970.");

    public static readonly Metric LastFailed = new(
        "tidekeeper_cluster_last_reconcile_failed", MetricType.Gauge, "1 where that look failed.");

    public static readonly Metric PodsStopped = new(
        "tidekeeper_cluster_pods_stopped_total", MetricType.Counter,
        "Pods that the operator stopped, by the step of the plan that wanted it; no series for none.", "step");

    /// <summary>Those without the labels of a cluster.</summary>
    public static IReadOnlyList<Metric> OfOperator { get; } =
    [
        Leads, Clusters, Memory, QueueReady, QueueInFlight, QueueWait, Reconciles, ReconcileTime, Requests, Acts,
    ];

    /// <summary>Those that bear <c>cluster_namespace</c> and <c>cluster_name</c> before their own labels.</summary>
    public static IReadOnlyList<Metric> OfClusters { get; } =
        [LastReconcile, LastFailed, PodsStopped, .. TidbReadings.All];
}
